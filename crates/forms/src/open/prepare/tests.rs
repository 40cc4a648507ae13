//! What is made of opened files by the classes that are known.

use super::super::open;
use super::*;
use crate::form::{Drafts, Given, Widget, derive, flaws};
use pilotlight_comfy::graph::core_nodes;
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::workflow::FieldKey;
use serde_json::{Value, json};

const SHIPPED: &str = include_str!("../../../../../public/core-nodes.json");

fn shipped(opened: &Opened) -> KnownClasses {
    let mut known = KnownClasses::default();
    for reply in core_nodes::replies(SHIPPED, &opened.classes()) {
        known.add(&reply);
    }
    known
}

fn opened(value: &Value) -> Opened {
    open(value.to_string().as_bytes()).expect("a workflow")
}

/// A sampler as an editor of 2024 saved it: values by position alone.
fn sampler(class: &str, values: &Value) -> Value {
    json!({"nodes": [{"id": 1, "type": class, "widgets_values": values}], "links": [],
        "version": 0.4})
}

#[test]
fn classes_are_named_once_in_order() {
    let api = json!({"2": {"class_type": "B", "inputs": {}}, "1": {"class_type": "A", "inputs": {}},
        "3": {"class_type": "B", "inputs": {}}});
    for (file, expected) in [(api, vec!["A", "B"]), (sampler("C", &json!([])), vec!["C"])] {
        assert_eq!(opened(&file).classes(), expected, "{file}");
    }
}

#[test]
fn a_reply_of_the_server_replaces_what_was_known() {
    let mut known = KnownClasses::default();
    let described =
        |max: u64| json!({"A": {"input": {"required": {"n": ["INT", {"max": max}]}}}}).to_string();
    known.add(&described(1));
    known.add("{}");
    known.add("no JSON");
    known.add(&described(2));
    let names = ["A".to_owned(), "B".to_owned()];
    assert_eq!(known.missing(&names), ["B"]);
    let flow = opened(&json!({"1": {"class_type": "A", "inputs": {"n": 9}}}));
    let prepared = flow.prepare(&known, &Moment::default()).expect("it is complete");
    let kind = json!({"required": {"n": ["INT", {"max": 2}]}});
    assert_eq!(prepared.classes.len(), 1);
    assert_eq!(prepared.classes[0].to_value()["input"], kind, "a server's word stands");
}

#[test]
fn what_is_missing_is_named_and_what_is_wrong_is_said() {
    let unknown = opened(&sampler("NobodyKnows", &json!([1])));
    let missing = GraphRefusal::MissingClasses { classes: vec!["NobodyKnows".to_owned()] };
    let found = unknown.prepare(&shipped(&unknown), &Moment::default());
    assert_eq!(found, Err(Unprepared::Unconverted(missing)));
    let unlinked = json!({"nodes": [{"id": 1, "type": "VAEDecode", "inputs": [
        {"name": "samples", "link": 5}]}], "links": [[5, 9, 0, 1, 0, "LATENT"]], "version": 0.4});
    let unlinked = opened(&unlinked);
    let found = unlinked.prepare(&shipped(&unlinked), &Moment::default());
    assert!(
        matches!(found, Err(Unprepared::Unconverted(GraphRefusal::LinkToNothing { .. }))),
        "{found:?}"
    );
}

/// No description of the page holds back a run that the server might take.
#[test]
fn a_workflow_of_core_nodes_is_a_form_while_the_server_sleeps() {
    let table = [
        // A sampler and a scheduler that other people's packs add to the lists.
        ("euler", "karras", 44, 7),
        ("res_2s", "bong_tangent", 44, 50_000),
    ];
    for (sampler_name, scheduler, options, steps) in table {
        let values = json!([5, "randomize", steps, 4.5, sampler_name, scheduler, 0.7]);
        let file = opened(&sampler("KSampler", &values));
        let prepared = file.prepare(&shipped(&file), &Moment::default()).expect("a workflow");
        let (workflow, classes) = (prepared.workflow, prepared.classes);
        let given = Given { workflow, classes: &classes, author: None, app: None, name: "a" };
        let form = derive(given);
        let widget = |input| &form.field(&FieldKey::new("1", input)).expect("a field").widget;
        let Widget::Choice { options: found } = widget("sampler_name") else {
            panic!("{:?}", widget("sampler_name"))
        };
        assert_eq!(found.len(), options + usize::from(sampler_name == "res_2s"));
        let Widget::Int { min: Some(1), max, .. } = widget("steps") else {
            panic!("{:?}", widget("steps"))
        };
        assert_eq!(*max, Some(10_000).filter(|most| steps <= *most));
        assert!(matches!(widget("denoise"), Widget::Float { max: Some(_), .. }));
        // It saves nothing, and has none of the inputs that are links.
        assert_eq!(flaws(form.workflow(), &classes, &[]), [Problem::of(Trouble::NoOutput)]);
        let ready = form.check(&Drafts::default(), 3).expect("nothing is in its way");
        let node = &ready.workflow.to_value()["1"]["inputs"];
        assert_eq!(node["sampler_name"], sampler_name);
        assert_eq!(node["steps"].as_i64().map(i128::from), Some(steps));
    }
}

#[test]
fn lists_that_only_a_server_knows_are_texts() {
    let table = [
        ("CheckpointLoaderSimple", "ckpt_name", json!(["a.safetensors"])),
        ("VAELoader", "vae_name", json!(["ae.safetensors"])),
        ("LoraLoaderModelOnly", "lora_name", json!(["l.safetensors", 1])),
        ("UNETLoader", "unet_name", json!(["u.safetensors", "default"])),
    ];
    for (class, input, values) in table {
        let file = opened(&sampler(class, &values));
        let prepared = file.prepare(&shipped(&file), &Moment::default()).expect("a workflow");
        let (workflow, classes) = (prepared.workflow, prepared.classes);
        let given = Given { workflow, classes: &classes, author: None, app: None, name: "a" };
        let form = derive(given);
        let field = form.field(&FieldKey::new("1", input)).expect("a field");
        assert_eq!(field.widget, Widget::Text, "{class}");
        assert!(form.check(&Drafts::default(), 3).is_ok(), "{class}");
    }
}

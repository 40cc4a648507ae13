//! Tables for what stands in the way of a run.

use super::*;
use pilotlight_comfy::refusal::{node_problems, refusals};
use serde_json::{Value, json};

fn classes() -> Vec<Class> {
    Class::read_all(&json!({
        "Draw": {"input": {
            "required": {"text": ["STRING"], "images": ["COMFY_AUTOGROW_V3", {}],
                "mode": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                    {"key": "plain", "inputs": {}},
                    {"key": "sized", "inputs": {"required": {"width": ["INT"]},
                        "optional": {"height": ["INT"]}}},
                ]}]},
            "optional": {"mask": ["MASK"]},
        }},
        "Save": {"input": {"required": {"images": ["IMAGE"]}}, "output_node": true},
    }))
}

fn draw(inputs: Value) -> Value {
    json!({"1": {"class_type": "Draw", "inputs": inputs},
        "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}, "_meta": {"title": "Keep"}}})
}

/// Place and kind of each problem.
fn said(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| {
        let place = problem.place.as_ref().map_or("-".to_owned(), ToString::to_string);
        format!("{place}: {:?}", problem.trouble)
    };
    problems.iter().map(line).collect()
}

#[track_caller]
fn check(flow: Value, classes: &[Class], absent: &[&str], expected: &[&str]) {
    let flow = Workflow::from_value(flow).expect("a workflow");
    let absent: Vec<String> = absent.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(said(&flaws(&flow, classes, &absent)), expected);
}

#[test]
fn what_cannot_run_is_named_with_its_place() {
    let classes = classes();
    check(draw(json!({"text": "x", "mode": "plain"})), &classes, &[], &[]);
    check(draw(json!({"text": "x", "mode": "sized", "mode.width": 5})), &classes, &[], &[]);
    check(
        draw(json!({"mode": "sized"})),
        &classes,
        &[],
        &[
            r#"1.mode.width: InputMissing { title: "Draw", input: "mode.width" }"#,
            r#"1.text: InputMissing { title: "Draw", input: "text" }"#,
        ],
    );
    // An optional input may be absent, but not lead nowhere.
    check(
        draw(json!({"text": "x", "mode": "plain", "mask": ["9", 0]})),
        &classes,
        &[],
        &[r#"1.mask: LinkNowhere { title: "Draw", input: "mask" }"#],
    );
    check(
        draw(json!({"mask": ["9", 0]})),
        &[],
        &[],
        &[r#"1.mask: LinkNowhere { title: "Draw", input: "mask" }"#],
    );
    let alone = json!({"1": {"class_type": "Draw", "inputs": {"text": "", "mode": "plain"}}});
    check(alone.clone(), &classes, &[], &["-: NoOutput"]);
    check(alone, &[], &[], &[]);
}

#[test]
fn a_missing_class_is_named_with_every_node_that_needs_it() {
    let mut nodes = draw(json!({"text": "x", "mode": "plain"}));
    nodes["3"] = json!({"class_type": "Draw", "inputs": {"text": "", "mode": "plain"},
        "_meta": {"title": "Again"}});
    let absent = r#"-: NodeMissing { class: "Draw", title: "Draw, Again" }"#;
    check(nodes, &classes(), &["Draw", "Other"], &[absent]);
}

fn recorded(version: &str, name: &str) -> (Value, Workflow) {
    let folder = format!("comfyui/{version}");
    let recording = &pilotlight_fixtures::recording(&folder, name).value;
    let flow = recording["request"]["body_json"]["prompt"].clone();
    let flow = Workflow::from_value(flow).expect("a workflow");
    (recording["response"]["body_json"].clone(), flow)
}

#[test]
fn both_versions_refuse_a_missing_class_in_the_same_words() {
    for version in ["0.33.0", "0.3.64"] {
        let (body, flow) = recorded(version, "prompt_err_missing_node_class");
        let mut problems = refusals(&body);
        name_missing(&mut problems, &flow);
        let expected = r#"-: NodeMissing { class: "NoSuchNode", title: "My node" }"#;
        assert_eq!(said(&problems), [expected], "{version}");
    }
    let (body, flow) = recorded("0.33.0", "prompt_err_no_outputs");
    let mut problems = refusals(&body);
    let before = problems.clone();
    name_missing(&mut problems, &flow);
    assert_eq!(problems, before);
}

#[test]
fn a_half_taken_prompt_names_the_results_that_will_be_missing() {
    for version in ["0.33.0", "0.3.64"] {
        let (body, flow) = recorded(version, "prompt_ok_partly_valid");
        assert_eq!(missing_outputs(&node_problems(&body), &flow), ["PreviewImage"], "{version}");
        let (body, flow) = recorded(version, "prompt_savetext_absolute");
        let title = flow.node(&NodeId::new("7")).map(|node| node.title().to_owned());
        let missing = missing_outputs(&node_problems(&body), &flow);
        assert_eq!(missing, [title.unwrap_or_default()], "{version}");
    }
    assert!(missing_outputs(&[], &Workflow::from_value(draw(json!({}))).unwrap()).is_empty());
}

#[test]
fn a_refused_choice_comes_with_the_real_list() {
    for version in ["0.33.0", "0.3.64"] {
        let (body, _) = recorded(version, "prompt_err_value_not_in_list");
        let offered: Vec<Value> =
            node_problems(&body).into_iter().flat_map(|problem| problem.offered).collect();
        let real = [json!("deepseek-ai/Janus-Pro-1B"), json!("deepseek-ai/Janus-Pro-7B")];
        assert_eq!(offered, real, "{version}");
    }
    let newer = json!({"node_errors": {"1": {"errors": [{"type": "value_not_in_list",
        "extra_info": {"input_name": "a", "input_config": ["COMBO", {"options": ["x"]}]}}]}}});
    assert_eq!(node_problems(&newer)[0].offered, [json!("x")]);
}

//! What nobody touched is sent as it was saved: every recorded prompt, every recorded workflow of
//! the editor, and every kind of value in every kind of input.

use pilotlight_comfy::graph::{self, Classes, Moment, core_nodes};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::{FieldKey, Workflow};
use pilotlight_fixtures::{all_posted, bytes, examples, files, object_info};
use pilotlight_forms::form::{Form, Given, Widget, derive};
use pilotlight_forms::open::{KnownClasses, Opened, open};
use serde_json::{Value, json as value};

const SHIPPED: &str = include_str!("../../../../public/core-nodes.json");

/// What would be sent, as text, or every problem.
fn sent(form: &Form, classes: &[Class]) -> Result<Value, Vec<Problem>> {
    let drafts = form.drafts(Language::English);
    let ready = form.without_empty(&drafts, classes).check(&drafts, 7)?;
    assert_eq!(ready.attachments, []);
    Ok(ready.workflow.to_value())
}

/// The prompt with the seeds that the form draws anew taken out of both.
fn without_seeds(form: &Form, prompt: &Value) -> String {
    let mut prompt = prompt.clone();
    for field in form.fields.iter().filter(|field| matches!(field.widget, Widget::Seed { .. })) {
        let inputs = &mut prompt[field.key.node.as_str()]["inputs"];
        match field.key.input.rsplit_once('.') {
            Some((row, part)) if inputs.get(row).is_some() => inputs[row][part] = Value::Null,
            _ => inputs[&field.key.input] = Value::Null,
        }
    }
    prompt.to_string()
}

/// Every prompt of the project's recordings, with its place.
fn prompts() -> Vec<(String, Value)> {
    let classes = Classes::parse(&object_info()).unwrap();
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let converted =
        |editor: &Value| graph::convert(&classes, editor, &Moment::default()).map(|it| it.prompt);
    let mut all = Vec::new();
    for example in ["strict", "odd"].into_iter().flat_map(examples) {
        let prompt = converted(&parsed(&example.ui));
        all.extend(prompt.map(|prompt| (format!("{}, converted", example.name), prompt)));
        all.push((example.name, parsed(&example.api)));
    }
    for posted in all_posted() {
        all.push((format!("{}, posted", posted.body.len()), parsed(&posted.body)["prompt"].take()));
    }
    for folder in ["cases", "workflows", "pictures"] {
        for name in files(folder) {
            let prompt = match open(&bytes(&name)) {
                Ok(Opened::Api(prompt) | Opened::Both { prompt, .. }) => prompt.to_value(),
                Ok(Opened::Editor(editor)) => match converted(&editor) {
                    Ok(prompt) => prompt,
                    Err(_) => continue,
                },
                Ok(Opened::Package(_)) | Err(_) => continue,
            };
            all.push((name, prompt));
        }
    }
    all.retain(|(_, prompt)| prompt.as_object().is_some_and(|nodes| !nodes.is_empty()));
    all
}

#[test]
fn every_recorded_prompt_is_sent_as_it_was_saved() {
    let (mut equal, mut refused) = (0, 0);
    let mut server = KnownClasses::default();
    server.add(&object_info());
    for (name, prompt) in prompts() {
        let Ok(opened) = open(prompt.to_string().as_bytes()) else {
            panic!("{name} does not open");
        };
        let mut shipped = KnownClasses::default();
        for reply in core_nodes::replies(SHIPPED, &opened.classes()) {
            shipped.add(&reply);
        }
        for (known, who) in
            [(&KnownClasses::default(), "nobody"), (&shipped, "page"), (&server, "server")]
        {
            let prepared = opened.prepare(known, &Moment::default()).unwrap();
            let classes = &prepared.classes;
            let (workflow, app) = (prepared.workflow, None);
            let form = derive(Given { workflow, classes, author: None, app, name: "" });
            match sent(&form, classes) {
                Ok(sent) => {
                    equal += 1;
                    let (sent, saved) =
                        (without_seeds(&form, &sent), without_seeds(&form, &prompt));
                    assert_eq!(sent, saved, "{name}, described by {who}");
                }
                Err(problems) => {
                    refused += 1;
                    for problem in &problems {
                        let saved = problem.place.as_ref().and_then(|at| form.workflow().input(at));
                        let justified = match &problem.trouble {
                            Trouble::Missing
                            | Trouble::PictureMissing
                            | Trouble::FileMissing
                            | Trouble::NotANumber => saved.is_some_and(Value::is_null),
                            Trouble::LinkNowhere { .. } => true,
                            Trouble::NotInList { .. }
                            | Trouble::TooLarge { .. }
                            | Trouble::TooSmall { .. }
                            | Trouble::NotWhole => who == "server",
                            Trouble::NoneInstalled { .. }
                            | Trouble::WrongType
                            | Trouble::TooLong { .. }
                            | Trouble::InputMissing { .. }
                            | Trouble::NodeMissing { .. }
                            | Trouble::NoOutput
                            | Trouble::Other(_) => false,
                        };
                        assert!(justified, "{name}, described by {who}: {problem:?} {saved:?}");
                    }
                }
            }
        }
    }
    assert!(equal > 400 && refused < equal / 4, "{equal} equal, {refused} refused");
}

/// Every kind of value, as a file may have it.
fn values() -> Vec<Value> {
    let text = r#"[null, true, false, 0, 1, -1, 7, 1.0, -0.0, 0.1, 1e-5, 1e-7, 123456.789, 1e300,
        9007199254740993, 18446744073709551615, -9223372036854775808, 0.30000000000000004,
        "", " ", " a ", "a\n", "\ta", "a\r\nb", "a\rb\nc", "\u0000\u001b[0m", "5", "1.50", "true",
        "null", "on", "other", "a\\b.pt", "a/b.pt", "{a|b}", "%date:yyyy%", "猫",
        [], ["x"], [1, 2], [["1", 0]], {}, {"__value__": ["1", 0]},
        {"on": true, "lora": "x", "strength": 1.0}, {"lora": null}]"#;
    let mut values: Vec<Value> = serde_json::from_str(text).unwrap();
    values.push("x".repeat(150_000).into());
    values
}

#[test]
fn every_kind_of_value_is_sent_as_it_was_saved_or_named() {
    let inputs = value!({
        "whole": ["INT", {"min": 0, "max": 5}], "number": ["FLOAT", {"min": 0.5, "max": 2, "round": 0.1}],
        "any_number": ["FLOAT"], "line": ["STRING"], "lines": ["STRING", {"multiline": true}],
        "on": ["BOOLEAN"], "choice": [["a/b.pt", "a", 1, true]], "empty": [[]],
        "image": [["a"], {"image_upload": true}], "sound": ["COMBO", {"audio_upload": true}],
        "several": [["a"], {"multiselect": true}], "link": ["MODEL"], "color": ["COLOR"],
        "forced": ["STRING", {"forceInput": true}], "drawn": ["CURVE", {"widgetType": "CURVE"}],
        "branch": ["COMFY_DYNAMICCOMBO_V3", {"options": [{"key": "a"}, {"key": "5"}]}],
    });
    let names: Vec<String> = inputs.as_object().unwrap().keys().cloned().collect();
    for who in ["nobody", "page", "server"] {
        let described = value!({"A": {"shipped": who == "page", "output_node": true,
            "input": {"optional": inputs}}});
        for (name, value) in
            names.iter().flat_map(|name| values().into_iter().map(move |it| (name, it)))
        {
            let prompt = value!({"1": {"class_type": "A", "inputs": {name.as_str(): value},
                "_meta": {"title": " A "}, "is_changed": [1.0], "other": null}});
            let workflow = Workflow::from_value(prompt.clone()).unwrap();
            let mut classes = if who == "nobody" { vec![] } else { Class::read_all(&described) };
            for (class, (_, node)) in classes.iter_mut().zip(workflow.nodes()) {
                class.admit(node);
            }
            let classes = &classes;
            let form = derive(Given { workflow, classes, author: None, app: None, name: "" });
            let key = FieldKey::new("1", name);
            match sent(&form, classes) {
                Ok(sent) => {
                    let same = json::text(&sent) == json::text(&prompt);
                    // The same file on another system, which a warning names.
                    let slashes = value == "a\\b.pt" && sent["1"]["inputs"][name] == "a/b.pt";
                    assert!(same || slashes, "{name}: {value}, described by {who}: {sent}");
                }
                Err(problems) => {
                    let named = problems.iter().all(|problem| problem.place == Some(key.clone()));
                    let is_null = value.is_null() || value == "" && form.fields[0].widget.is_file();
                    assert!(
                        named && (who == "server" || is_null),
                        "{name}: {value}, described by {who}: {problems:?}"
                    );
                }
            }
        }
    }
}

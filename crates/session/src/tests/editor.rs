//! The editor's workflow that is sent with a prompt.

use pilotlight_comfy::comfy::Body;
use pilotlight_comfy::editor_workflow::EditorWorkflow;
use pilotlight_comfy::graph::{Classes, Moment, convert};
use pilotlight_comfy::workflow::Workflow;
use serde_json::{Value, json};

use super::*;
use crate::editor_key;

/// A workflow that sends the prompt of the form.
fn editor() -> Value {
    json!({
        "version": 0.4,
        "nodes": [
            {"id": 1, "type": "A", "pos": [5, 7], "outputs": [{"name": "IMAGE", "type": "IMAGE"}],
             "widgets_values": ["", 0, "randomize"]},
            {"id": 2, "type": "SaveImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 3}],
             "widgets_values": []},
        ],
        "links": [[3, 1, 0, 2, 0, "IMAGE"]],
    })
}

fn stored(editor: &Value) -> String {
    let classes = r#"{
        "A": {"input": {"required": {"text": ["STRING", {}],
                                     "seed": ["INT", {"control_after_generate": true}]}},
              "output": ["IMAGE"]},
        "SaveImage": {"input": {"required": {"images": ["IMAGE"]}}, "output": []}
    }"#;
    let classes = Classes::parse(classes).expect("classes");
    let converted = convert(&classes, editor, &Moment::default()).expect("a prompt");
    let prompt = Workflow::from_value(converted.prompt).expect("a workflow");
    EditorWorkflow::of(editor, &prompt, &converted.places).expect("small").to_text()
}

/// What is sent with the outstanding prompt.
#[track_caller]
fn notes(page: &Page) -> Value {
    let submit = page.sent.iter().find(|(_, call)| call.purpose == Purpose::Submit);
    let Some(Body::Json(text)) = submit.map(|(_, call)| &call.request.body) else {
        panic!("no prompt was sent: {:?}", page.purposes());
    };
    let body: Value = serde_json::from_str(text).expect("JSON");
    body["extra_data"]["extra_pnginfo"].clone()
}

#[test]
fn the_editors_workflow_is_sent_with_the_values_of_the_run() {
    let sent = |text: &str, seed: u64| {
        let mut workflow = editor();
        workflow["nodes"][0]["widgets_values"] = json!([text, seed, "randomize"]);
        json!({ "workflow": workflow })
    };
    let mut page = Page::new();
    page.disk.0.insert(editor_key("a-form"), stored(&editor()));
    page.request(&["a fox", "a hen"]);
    // Runs that were stored send the same after a reload.
    page.open();
    page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    assert_eq!(notes(&page), sent("a fox", 7));
    page.accept();
    assert_eq!(notes(&page), sent("a hen", 8));
}

#[test]
fn a_workflow_that_did_not_run_is_not_sent() {
    let mut muted = editor();
    muted["nodes"][1]["mode"] = json!(2);
    let table = [
        (None, json!({})),
        (Some((editor_key("a-form"), "{}".to_owned())), json!({})),
        (Some((editor_key("another"), stored(&editor()))), json!({})),
        (Some((editor_key("a-form"), stored(&muted))), json!({})),
    ];
    for (entry, expected) in table {
        let mut page = Page::new();
        page.disk.0.extend(entry.clone());
        page.request(&["a fox"]);
        page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
        assert_eq!(notes(&page), expected, "{entry:?}");
    }
}

//! What the official front-end makes of the recorded workflows.

use super::{classes, converted, example, names, same};
use pilotlight_engine::language::Language;
use pilotlight_engine::text::unconverted;
use std::time::Instant;

#[test]
fn every_strict_example_comes_out_equal() {
    let classes = classes();
    let names = names("strict");
    assert!(names.len() >= 134, "only {} examples", names.len());
    let mut wrong = Vec::new();
    for name in &names {
        let prompt = converted(&classes, &example("strict", name, "ui.json"));
        if !prompt.is_ok_and(|prompt| same(&prompt, &example("strict", name, "api.json"))) {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_odd_example_comes_out_equal_or_is_refused_in_a_sentence() {
    let classes = classes();
    let mut refused = Vec::new();
    for name in names("odd") {
        match converted(&classes, &example("odd", &name, "ui.json")) {
            Ok(prompt) => {
                let expected = example("odd", &name, "api.json");
                assert!(same(&prompt, &expected), "{name}: {prompt}");
            }
            Err(refusal) => {
                for language in Language::ALL {
                    let said = unconverted(&refusal, language);
                    assert!(said.ends_with(['.', '。']), "{said}");
                }
                refused.push(name);
            }
        }
    }
    assert_eq!(refused, ["raw-no_version", "raw-null_in_links"]);
}

#[test]
fn a_thousand_nodes_take_no_time() {
    let classes = classes();
    let mut nodes = Vec::new();
    let mut links = Vec::new();
    for id in 0..1_000 {
        let link = id.max(1) - 1;
        nodes.push(serde_json::json!({
            "id": id, "type": "ImageBlur", "mode": if id % 3 == 0 { 0 } else { 4 },
            "inputs": [{"name": "image", "type": "IMAGE", "link": if id == 0 { None } else { Some(link) }}],
            "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [id]}],
            "widgets_values": [1, 1],
        }));
        links.push(serde_json::json!([id, id, 0, id + 1, 0, "IMAGE"]));
    }
    let graph = serde_json::json!({"version": 0.4, "nodes": nodes, "links": links});
    let before = Instant::now();
    let prompt = converted(&classes, &graph).unwrap();
    // A few milliseconds when optimised.
    assert!(before.elapsed().as_millis() < 500, "{:?}", before.elapsed());
    assert_eq!(prompt["999"]["inputs"]["image"], serde_json::json!(["996", 0]));
    assert_eq!(prompt.as_object().unwrap().len(), 334);
}

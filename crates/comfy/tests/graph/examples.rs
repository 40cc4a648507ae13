//! What the official front-end makes of the recorded workflows.

use super::{classes, classes_outside, converted, parsed, same};
use pilotlight_comfy::graph::{self, Classes, GraphRefusal, core_nodes};
use pilotlight_fixtures::{Example, OUTSIDE_VARIABLE, examples, outside};
use serde_json::Value;
use std::io::Write;
use std::time::Instant;

/// What the converter makes of each example.
fn all_converted(examples: &[Example]) -> impl Iterator<Item = Result<Value, GraphRefusal>> {
    let (ours, outside) = (classes(), classes_outside());
    examples.iter().map(move |example| {
        let classes = if example.is_outside { &outside } else { &ours };
        converted(classes, &parsed(&example.ui))
    })
}

/// Says how many examples outside the project were compared. `cargo xtask test` repeats the line at
/// its end, so it goes past the capture of the test program.
fn tell(kind: &str, examples: &[Example]) {
    if outside().is_some() {
        let count = examples.iter().filter(|example| example.is_outside).count();
        let line = format!("{OUTSIDE_VARIABLE}: {count} {kind} workflows compared\n");
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    }
}

#[test]
fn every_strict_example_comes_out_equal() {
    let examples = examples("strict");
    assert!(examples.len() >= 62, "only {} examples", examples.len());
    let mut wrong = Vec::new();
    for (example, prompt) in examples.iter().zip(all_converted(&examples)) {
        if !prompt.is_ok_and(|prompt| same(&prompt, &parsed(&example.api))) {
            wrong.push(&example.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    tell("strict", &examples);
}

/// While the server sleeps there are no others.
#[test]
fn every_strict_example_of_core_nodes_comes_out_equal_by_the_shipped_descriptions() {
    let file = include_str!("../../../../public/core-nodes.json");
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for example in examples("strict") {
        let graph = parsed(&example.ui);
        let names = graph::classes(&graph);
        if names.iter().any(|name| name.starts_with("Janus") || name.ends_with("|pysssss")) {
            continue;
        }
        let mut shipped = Classes::default();
        for reply in core_nodes::replies(file, &names) {
            assert!(shipped.add(&reply), "{reply}");
        }
        match converted(&shipped, &graph) {
            Ok(prompt) if same(&prompt, &parsed(&example.api)) => compared += 1,
            _ => wrong.push(example.name),
        }
    }
    assert!(compared >= 58, "only {compared}");
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_odd_example_comes_out_equal_or_is_refused() {
    let examples = examples("odd");
    assert!(examples.len() >= 36, "only {} examples", examples.len());
    let mut refused = Vec::new();
    for (example, prompt) in examples.iter().zip(all_converted(&examples)) {
        match prompt {
            // The front-end opens no file with gaps in its links; older ones did.
            Ok(prompt) if example.name == "raw-null_in_links" => {
                assert_eq!(prompt["3"]["inputs"]["model"], serde_json::json!(["4", 0]));
            }
            Ok(prompt) => {
                let expected = parsed(&example.api);
                assert!(same(&prompt, &expected), "{}: {prompt}", example.name);
            }
            Err(_) => {
                if !example.is_outside {
                    refused.push(example.name.as_str());
                }
            }
        }
    }
    tell("odd", &examples);
    assert_eq!(refused, ["raw-no_version"]);
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
    // A few milliseconds when optimised; the margin is for a busy machine.
    assert!(before.elapsed().as_millis() < 5_000, "{:?}", before.elapsed());
    assert_eq!(prompt["999"]["inputs"]["image"], serde_json::json!(["996", 0]));
    assert_eq!(prompt.as_object().unwrap().len(), 334);
}

//! Workflows that need what packs do in the editor, with the values that must be sent.

use super::{classes, parsed};
use pilotlight_comfy::graph::{Converted, Moment, convert};
use serde_json::{Value, json};

/// Converts a file of `fixtures/cases` without further descriptions.
#[track_caller]
fn converted(name: &str) -> (Value, Vec<String>) {
    let file = parsed(&pilotlight_fixtures::text(&format!("cases/{name}.json")));
    let Converted { prompt, untaken, .. } = convert(&classes(), &file, &Moment::default()).unwrap();
    (prompt, untaken.iter().map(|one| format!("{} {}", one.title, one.value)).collect())
}

/// `nodes`: the ids that are sent; `sent`: an input and what it holds.
#[track_caller]
fn check(name: &str, nodes: &[&str], sent: &[(&str, Value)], named: &[&str]) {
    let (prompt, untaken) = converted(name);
    let mut ids: Vec<&str> = prompt.as_object().unwrap().keys().map(String::as_str).collect();
    ids.sort_by_key(|id| id.split(':').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u64>>());
    assert_eq!(ids, nodes, "{name}");
    for (input, value) in sent {
        let (node, input) = input.split_once('.').unwrap();
        assert_eq!(prompt[node]["inputs"].get(input), Some(value), "{name}: {input}");
    }
    assert_eq!(untaken, named, "{name}");
}

#[test]
fn every_case_is_sent_as_its_pack_does() {
    let usual = ["3", "4", "5", "6", "7", "8", "9"];
    let vae = ("8.vae", json!(["4", 2]));
    check("rgthree-label", &usual, std::slice::from_ref(&vae), &[]);
    check("rgthree-fast-groups-bypasser", &usual, std::slice::from_ref(&vae), &[]);
    check("easy-set-get", &usual, std::slice::from_ref(&vae), &[]);
    check("anything-everywhere", &usual, &[vae], &[]);
    check(
        "power-lora-loader-ui",
        &["3", "4", "5", "6", "7", "8", "9", "20"],
        &[
            ("20.lora_1", json!({"on": true, "lora": "styles/fog.safetensors", "strength": 0.8})),
            ("20.lora_2", json!({"on": false, "lora": "b.safetensors", "strength": 1})),
            ("20.model", json!(["4", 0])),
            ("20.clip", json!(["4", 1])),
            ("20.➕ Add Lora", json!("")),
        ],
        &[],
    );
    // As the editor loads it: a default, of which no server is told; the value is named.
    check("widgets-dict-core", &usual, &[], &["Load Checkpoint b.safetensors"]);
    check(
        "promoted-primitive-null",
        &["3", "4", "6", "7", "8", "9", "30:5"],
        &[("30:5.width", json!(640))],
        &[],
    );
}

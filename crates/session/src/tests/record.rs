//! Records as other versions wrote them.

use pilotlight_comfy::json;
use serde_json::{Value, json};

use crate::record::RunRecord;

/// Returns a record as the version of November 2026 wrote it.
fn written() -> Value {
    json!({
        "run": {
            "v": 1, "prompt_id": "0a1b", "has_pictures": true, "posts": 1, "cancelled": false,
            "pressed": 1_795_336_000_000_u64, "lost": null, "seen": "running",
            "spans": [[1, 2], null, [3, null], null], "ended": null
        },
        "number": 4, "place": 2, "endpoint": "openai m", "form": "a-form", "title": "a fox",
        "pictures": [{"key": "5.image", "picture": {"name": "x.png", "size_bytes": 7, "hash": "ab"}}],
        "seed": 18_446_744_073_709_551_615_u64,
        "base": null,
        "workflow": {"1": {"class_type": "A", "inputs": {"seed": 18_446_744_073_709_551_615_u64}}},
        "drafts": {"v": 1, "fields": {"1.seed": {"text": ""}}}
    })
}

fn read(value: &Value) -> Option<RunRecord> {
    json::from_text(&value.to_string())
}

#[test]
fn a_record_is_written_as_it_was_read() {
    let record = read(&written()).expect("a record");
    let again: Value = serde_json::from_str(&json::to_text(&record)).expect("JSON");
    assert_eq!(again, written());
}

#[test]
fn a_record_of_a_batch_is_written_as_it_was_read() {
    let mut value = written();
    value["base"] = json!(3);
    value["values"] = json!({"1.seed": 7});
    value.as_object_mut().expect("an object").remove("workflow");
    let record = read(&value).expect("a record");
    let again: Value = serde_json::from_str(&json::to_text(&record)).expect("JSON");
    assert_eq!(again, value);
    assert_eq!(record.request(None), None, "without its base");
}

/// Checks whether a record with this change is read.
#[track_caller]
fn check(change: impl Fn(&mut Value), is_read: bool) {
    let mut value = written();
    change(&mut value);
    assert_eq!(read(&value).is_some(), is_read, "{value}");
}

#[test]
fn earlier_forms_are_read_and_others_are_not() {
    let remove = |path: &'static str, name: &'static str| {
        move |value: &mut Value| {
            value.pointer_mut(path).and_then(Value::as_object_mut).map(|map| map.remove(name));
        }
    };
    // Versions without moved runs, without batches, without durations of stages.
    for name in ["place", "base", "seed"] {
        check(remove("", name), true);
    }
    for name in ["lost", "seen", "spans", "ended"] {
        check(remove("/run", name), true);
    }
    for name in ["run", "number", "drafts", "pictures", "title"] {
        check(remove("", name), false);
    }
    check(|value| value["run"]["v"] = json!(2), false);
    check(|value| value["drafts"]["v"] = json!(2), false);
    check(|value| value["workflow"] = json!({}), false);
    check(|value| value["number"] = json!(-1), false);
    check(|value| *value = json!([]), false);
}

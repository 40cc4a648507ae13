//! Tables for stored runs and results.

use super::*;
use pilotlight_comfy::json;
use pilotlight_comfy::run_status::Media;
use pilotlight_forms::form::{Draft, FieldKey};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(super) fn record() -> Record {
    let workflow = json!({"2": {"class_type": "A", "inputs": {"seed": u64::MAX, "prompt": "虎"}}});
    Record {
        v: Version,
        id: PromptId::from_random([7; 16]),
        number: 3,
        endpoint: "/openai serverless".into(),
        form: "janus-text-to-image".into(),
        workflow_title: "Text to image".into(),
        title: "虎".into(),
        drafts: [(FieldKey::new("2", "prompt"), Draft::Text("虎".into()))].into_iter().collect(),
        workflow: Workflow::from_value(workflow).expect("a workflow"),
        pressed: At(1_795_336_000_000),
        ended: At(1_795_336_019_932),
        spent: Spent { waking_ms: None, in_line_ms: Some(0), running_ms: Some(4_200) },
        server: Some("0.33.0".into()),
        failure: None,
    }
}

pub(super) fn row(place: usize, content: ResultContent) -> ResultRow {
    let run = PromptId::from_random([7; 16]);
    ResultRow {
        v: Version,
        key: Key::new(At(1_795_336_019_932), &run, place),
        run,
        number: 3,
        at: At(1_795_336_019_932),
        form: "a".into(),
        prompt: "A tiger at Dusk".into(),
        seed: Some(u64::MAX),
        ran_ms: None,
        group: Some("Save image".into()),
        pictures: vec!["a1".into()],
        content,
        is_starred: false,
        is_pinned: false,
    }
}

pub(super) fn file(place: usize, size_bytes: u64) -> ResultRow {
    let name = format!("ComfyUI_{place}.png");
    row(
        place,
        ResultContent::File { at: place, name, media: Media::Image, size_bytes, is_preview: false },
    )
}

/// Returns a value after writing and reading it as JSON.
fn again<T: Serialize + DeserializeOwned>(value: &T) -> Option<T> {
    serde_json::from_str(&json::text(&json::to_value(value))).ok()
}

#[test]
fn what_was_kept_comes_back_as_it_was() {
    assert_eq!(again(&record()), Some(record()));
    for content in [ResultContent::Text("A **tiger**\n<b>".into()), ResultContent::Gone] {
        let row = row(1, content);
        assert_eq!(again(&row), Some(row));
    }
    for media in [Media::Image, Media::Audio, Media::Video, Media::Other] {
        let content = ResultContent::File {
            at: 7,
            name: "猫.bin".into(),
            media,
            size_bytes: u64::MAX,
            is_preview: true,
        };
        let row = ResultRow { is_starred: true, is_pinned: true, seed: None, ..row(0, content) };
        assert_eq!(again(&row), Some(row));
    }
}

#[test]
fn what_is_not_ours_is_refused() {
    let record = |key: &str, value: Value| {
        let mut whole = json::to_value(&record());
        whole[key] = value;
        Record::deserialize(&whole).ok()
    };
    let row = |key: &str, value: Value| {
        let mut whole = json::to_value(&file(0, 1));
        whole[key] = value;
        ResultRow::deserialize(&whole).ok()
    };
    for (key, value) in [
        ("v", json!(2)),
        ("id", json!("")),
        ("number", json!(-1)),
        ("drafts", json!({"v": 9})),
        ("workflow", json!([])),
        ("pressed", json!("now")),
    ] {
        assert_eq!(record(key, value), None, "{key}");
    }
    for (key, value) in [
        ("v", json!(0)),
        ("key", json!(1)),
        ("at", json!(1.5)),
        ("piece", json!({"file": "x"})),
        (
            "piece",
            json!({"at": 0, "file": "x", "media": "hologram", "size_bytes": 1, "is_preview": false}),
        ),
        ("piece", json!({"later": 1})),
        ("is_pinned", json!("yes")),
    ] {
        assert_eq!(row(key, value.clone()), None, "{key} {value}");
    }
    assert!(ResultRow::deserialize(&json!(null)).is_err());
}

#[test]
fn keys_are_ordered_as_results_came() {
    let (one, two) = (PromptId::from_random([1; 16]), PromptId::from_random([2; 16]));
    let keys = [
        Key::new(At(9), &two, 0),
        Key::new(At(10), &one, 0),
        Key::new(At(10), &one, 9),
        Key::new(At(10), &one, 10),
        Key::new(At(10), &two, 0),
        Key::new(At(1_795_336_019_932), &one, 0),
    ];
    assert!(keys.is_sorted());
    assert!(keys.iter().all(|key| key.as_str().starts_with(key.of_run())));
    assert_eq!(keys[1].of_run(), keys[3].of_run());
    assert_ne!(keys[3].of_run(), keys[4].of_run());
    assert_eq!(Key::run_of(keys[0].as_str()), Some(two.as_str()));
    assert_eq!(Key::run_of("x"), None);
}

#[track_caller]
fn check_leaving(sizes: &[u64], pinned: &[usize], wanted: u64, expected: &[usize], suffices: bool) {
    let rows: Vec<ResultRow> = sizes
        .iter()
        .enumerate()
        .map(|(at, size)| ResultRow { is_pinned: pinned.contains(&at), ..file(at, *size) })
        .collect();
    let expected = Leaving {
        keys: expected.iter().map(|at| rows[*at].key.clone()).collect(),
        size_bytes: expected.iter().map(|at| sizes[*at]).sum(),
        suffices,
    };
    assert_eq!(leaving(&rows, wanted), expected);
}

#[test]
fn the_oldest_that_are_not_pinned_leave_and_no_more() {
    check_leaving(&[5, 5, 5], &[], 0, &[], true);
    check_leaving(&[5, 5, 5], &[], 5, &[0], true);
    check_leaving(&[5, 5, 5], &[], 6, &[0, 1], true);
    check_leaving(&[5, 5, 5], &[0], 6, &[1, 2], true);
    check_leaving(&[5, 0, 5], &[], 6, &[0, 2], true);
    check_leaving(&[5, 5, 5], &[0, 1], 6, &[2], false);
    check_leaving(&[], &[], 1, &[], false);
}

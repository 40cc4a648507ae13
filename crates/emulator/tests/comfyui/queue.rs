//! The queue while a run is in progress.

use super::*;

/// Queues what a listing shows and compares ids, order and shape of the listing that comes of it.
pub fn queue(version: Version, recording: &Recording) {
    let name = recording.name.as_str();
    let body = recording.body_json().unwrap();
    let full = Recording::load(
        &format!("comfyui/{}", if version == Version::V0_33_0 { "0.33.0" } else { "0.3.64" }),
        "queue_running_and_pending",
    );
    let source = if name == "queue_running" { body } else { full.body_json().unwrap() };
    let mut items: Vec<&Json> = ["queue_running", "queue_pending"]
        .iter()
        .flat_map(|key| at(source, &[key]).as_list().unwrap())
        .collect();
    let first = items.remove(0);
    items.sort_by_key(|item| number(item).abs());
    let mut client = stage(version, |_| {});
    for item in std::iter::once(first).chain(items) {
        let parts = item.as_list().unwrap();
        let mut extra = parts[3].clone();
        if let Json::Map(pairs) = &mut extra {
            pairs.retain(|(key, _)| key != "create_time");
        }
        let post = map([
            ("prompt", parts[2].clone()),
            ("prompt_id", parts[1].clone()),
            ("number", parts[0].clone()),
            ("extra_data", extra),
        ]);
        assert_eq!(client.post("/api/prompt", &post).status, 200);
    }
    match name {
        "queue_after_delete" => drop(client.post(
            "/api/queue",
            &map([(
                "delete",
                Json::List(vec![
                    "fdbcc715-bed8-475f-8ca9-4ebc5e2f0dee".into(),
                    "eb84f622-c2d5-498f-ad25-f8a20dcd7fe0".into(),
                ]),
            )]),
        )),
        "queue_after_clear" => drop(client.post("/api/queue", &map([("clear", true.into())]))),
        _ => {}
    }
    let reply = client.ask(recording.request());
    exchange::compare(recording, &reply);
    let ours = json_of(&reply);
    let ids = |listing: &Json, key| {
        at(listing, &[key])
            .as_list()
            .unwrap()
            .iter()
            .map(|i| i.as_list().unwrap()[1].python())
            .collect::<Vec<_>>()
    };
    for key in ["queue_running", "queue_pending"] {
        assert_eq!(ids(&ours, key), ids(body, key), "{name}: {key}");
    }
}

fn number(item: &Json) -> i64 {
    item.as_list().unwrap()[0].as_f64().unwrap() as i64
}

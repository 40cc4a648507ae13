//! Histories of runs that a server did before.

use super::*;

/// Posts the graph a history entry shows and compares the entry that comes of it.
pub fn history(version: Version, recording: &Recording) {
    let name = recording.name.as_str();
    let body = recording.body_json().unwrap();
    let (id, entry) = &body.as_map().unwrap()[0];
    let prompt = at(entry, &["prompt"]).as_list().unwrap();
    let outputs = prompt[4].as_list().unwrap();
    let descending = outputs.len() == 2 && outputs[0].as_str() > outputs[1].as_str();
    let mut client = stage(version, |p| {
        p.output_order = if descending { OutputOrder::Descending } else { OutputOrder::Ascending };
        p.node_progress = name == "history_id_interrupted";
    });
    for image in images(&prompt[2]) {
        let bytes = if image == "x.txt" { b"hello".to_vec() } else { png() };
        client.ask(form(&image, &bytes, &[]));
    }
    let mut extra = prompt[3].clone();
    if let Json::Map(pairs) = &mut extra {
        pairs.retain(|(key, _)| key != "create_time");
    }
    let post = map([
        ("prompt", prompt[2].clone()),
        ("prompt_id", id.as_str().into()),
        ("extra_data", extra),
    ]);
    if name.contains("cached") || name.ends_with("_again") || name.contains("new_only") {
        let mut first = post.clone();
        first.set("prompt_id", "00000000-0000-4000-8000-000000000000".into());
        if name.contains("new_only") {
            let mut graph = prompt[2].clone();
            set_input(&mut graph, "7", "append", "append".into());
            first.set("prompt", graph);
        }
        client.post("/api/prompt", &first);
        client.pass(30_000);
    }
    assert_eq!(client.post("/api/prompt", &post).status, 200, "{name}");
    if name.starts_with("history_id_interrupted") {
        client.pass(200);
        client.ask(Request::new("POST", "/api/interrupt"));
    }
    client.pass(60_000);
    let reply = client.ask(recording.request());
    assert_eq!(Some(reply.status), recording.status(), "{name}");
    let ours = json_of(&reply);
    assert_shape(name, body, &ours);
    let (recorded, ours) = (entry, at(&ours, &[id]));
    assert_eq!(
        at(ours, &["status", "status_str"]),
        at(recorded, &["status", "status_str"]),
        "{name}"
    );
    let (theirs, own) = (last_message(recorded), last_message(ours));
    assert_eq!(own.0, theirs.0, "{name}: how it ended");
    for key in ["node_id", "node_type", "exception_type", "exception_message"] {
        assert_eq!(own.1.get(key), theirs.1.get(key), "{name}: {key}");
    }
    let shown = |entry: &Json| {
        let mut ids: Vec<String> =
            at(entry, &["outputs"]).as_map().unwrap().iter().map(|(id, _)| id.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(shown(ours), shown(recorded), "{name}: the outputs");
    if name == "history_id_success_all_cached" || name == "history_id_cached_file_gone" {
        assert_eq!(cached(ours), cached(recorded), "{name}: what came from the cache");
    }
}

fn cached(entry: &Json) -> String {
    let messages = at(entry, &["status", "messages"]).as_list().unwrap();
    at(&messages[1].as_list().unwrap()[1], &["nodes"]).python()
}

fn last_message(entry: &Json) -> (String, Json) {
    let messages = at(entry, &["status", "messages"]).as_list().unwrap();
    match messages.last().unwrap().as_list() {
        Some([Json::Str(name), body]) => (name.clone(), body.clone()),
        other => panic!("{other:?}"),
    }
}

fn images(graph: &Json) -> Vec<String> {
    let nodes = graph.as_map().unwrap().iter().map(|(_, node)| node);
    let loads =
        nodes.filter(|node| node.get("class_type").and_then(Json::as_str) == Some("LoadImage"));
    loads
        .filter_map(|node| at(node, &["inputs", "image"]).as_str())
        .filter(|name| !name.contains(['/', '[']))
        .map(str::to_owned)
        .collect()
}

pub fn history_list(version: Version, recording: &Recording) {
    let mut client = stage(version, |_| {});
    for seed in 0..6 {
        run(&mut client, t2i("x", seed));
    }
    let ours = json_of(&client.ask(recording.request()));
    let (theirs, own) = (recording.body_json().unwrap().as_map().unwrap(), ours.as_map().unwrap());
    assert_eq!(own.len(), theirs.len(), "{}", recording.name);
    let whole = json_of(&client.get("/api/history"));
    assert_eq!(whole.as_map().unwrap().len(), 6);
}

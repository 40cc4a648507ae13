//! The emulator against what two versions of ComfyUI answered: same status, same shape, same errors.
//!
//! Each recording of either version is either replayed or left out for a reason given in `LEFT_OUT`.

#![allow(clippy::unwrap_used)] // A test may end at once.

mod common;

use common::{Client, Recording, assert_shape, at, form, json_of, text, utf8, workflow};
use pilotlight_emulator::json::{Json, map};
use pilotlight_emulator::{OutputOrder, Params, Reply, Request, Version};
use pilotlight_fixtures::recordings;

/// What is not replayed, by name or by the beginning of a name, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("assets_", "the page does not use assets"),
    ("gzip_", "the page does not ask for ComfyUI's own compression, which is off by default"),
    ("jobs_", "the page does not use /jobs"),
    ("prompt_ok_gzip_request_body", "the page does not compress what it sends"),
    ("view_channel_", "the page does not ask for channels"),
    ("view_png_disable_metadata", "a server flag that is not emulated"),
    ("view_preview_", "previews are the picture itself here; the page does not ask for them"),
    ("view_rgba_preview_", "previews are the picture itself here; the page does not ask for them"),
];

const HISTORIES: &[(&str, &str)] = &[("history_id_", ""), ("restart_history_next_run", "")];

fn left_out(name: &str) -> bool {
    LEFT_OUT.iter().any(|(start, _)| name.starts_with(start))
}

fn versions() -> [(Version, &'static str); 2] {
    [(Version::V0_33_0, "0.33.0"), (Version::V0_3_64, "0.3.64")]
}

/// As the recorded servers were: each had its own order of outputs.
fn params(version: Version) -> Params {
    let output_order =
        if version == Version::V0_33_0 { OutputOrder::Descending } else { OutputOrder::Ascending };
    Params {
        kubeai: false,
        version,
        extension: false,
        run_jitter_ms: 0,
        run_ms: 500,
        understand_ms: 300,
        load_ms: 10,
        output_order,
        ..Params::default()
    }
}

/// A picture LoadImage can open.
fn png() -> Vec<u8> {
    pilotlight_emulator::picture::draw(1, "", 8, &[])
}

/// A server that has seen some use: uploads of every kind, a text-to-image run, a batch, an answer.
fn stage(version: Version, change: impl FnOnce(&mut Params)) -> Client {
    let mut params = params(version);
    change(&mut params);
    let mut client = Client::new(params);
    for name in [
        "example.png",
        "up.png",
        "кот 猫.png",
        "rgba.png",
        "1px.png",
        "grey.png",
        "palette.png",
        "gif_2_frames.gif",
        "jpeg_cmyk.jpg",
        "rgba16.png",
        "webp.webp",
        "rgba.webp",
        "1px.webp",
    ] {
        client.ask(form(name, &png(), &[]));
    }
    client.ask(form("up.png", &png(), &[("subfolder", "janus/in")]));
    client.ask(form("x.txt", b"hello", &[]));
    client.ask(form("x.html", b"<script>alert(1)</script>", &[]));
    client.ask(form("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", &[]));
    client
}

fn t2i(prompt: &str, seed: u64) -> Json {
    let mut graph = workflow("janus-text-to-image");
    set_input(&mut graph, "2", "prompt", prompt.into());
    set_input(&mut graph, "2", "seed", seed.into());
    graph
}

fn set_input(graph: &mut Json, node: &str, input: &str, value: Json) {
    let mut changed = at(graph, &[node]).clone();
    let mut inputs = at(&changed, &["inputs"]).clone();
    inputs.set(input, value);
    changed.set("inputs", inputs);
    graph.set(node, changed);
}

/// Queues a graph and lets it end.
fn run(client: &mut Client, graph: Json) -> String {
    let posted = json_of(&client.post("/api/prompt", &map([("prompt", graph)])));
    client.pass(30_000);
    text(&posted, &["prompt_id"]).to_owned()
}

#[test]
fn every_recording_is_replayed_or_left_out_for_a_reason() {
    let mut used = vec![false; LEFT_OUT.len()];
    let mut failed = Vec::new();
    for (version, folder) in versions() {
        let recordings = recordings(&format!("comfyui/{folder}"));
        let names: Vec<&str> = recordings.iter().map(|it| it.name.as_str()).collect();
        assert!(names.len() >= 290, "{folder} has {} recordings", names.len());
        let mut replayed = 0;
        for name in names {
            if let Some(i) = LEFT_OUT.iter().position(|(start, _)| name.starts_with(start)) {
                used[i] = true;
                continue;
            }
            if std::panic::catch_unwind(|| replay(version, folder, name)).is_err() {
                failed.push(format!("{folder}/{name}"));
            }
            replayed += 1;
        }
        assert!(replayed >= 269, "only {replayed} of {folder} were replayed");
    }
    assert!(failed.is_empty(), "not answered as recorded (see above): {failed:?}");
    assert!(used.iter().all(|u| *u), "a reason in LEFT_OUT concerns no recording any more");
}

fn replay(version: Version, folder: &str, name: &str) {
    if name.starts_with("png_chunks_") {
        return chunks(version, folder, name);
    }
    let recording = Recording::load(&format!("comfyui/{folder}"), name);
    let told =
        recording.body_json().is_some_and(|body| body.as_map().is_some_and(|m| !m.is_empty()));
    if told && HISTORIES.iter().any(|(start, _)| name.starts_with(start)) {
        return history(version, &recording);
    }
    match name {
        "queue_running"
        | "queue_running_and_pending"
        | "queue_after_delete"
        | "queue_after_clear" => queue(version, &recording),
        "history_list_max_items_2"
        | "history_list_max_items_2_offset_0"
        | "history_list_offset_3" => history_list(version, &recording),
        _ => fresh(version, &recording),
    }
}

/// Sends the recorded request to a server in the state it needs.
fn fresh(version: Version, recording: &Recording) {
    let name = recording.name.as_str();
    let mut client = stage(version, |p| {
        let headers = recording.headers();
        if let Some((_, origin)) = headers.iter().find(|(n, _)| n == "Access-Control-Allow-Origin")
        {
            (p.cors, p.cors_origin) = (true, origin.clone());
        }
        p.cors |= name.starts_with("cors_") || name.contains("limit_1MB");
        if name == "prompt_err_savetext_traversal" {
            p.output_order = OutputOrder::Ascending;
        }
        if name.contains("limit_1MB") || name == "prompt_get_body_too_large" {
            p.max_body_bytes = 1_048_576;
        }
    });
    let mut request = recording.request();
    match name {
        "prompt_get_while_running" => {
            drop(client.post("/prompt", &map([("prompt", t2i("[sleep=60]", 1))])))
        }
        "prompt_get_with_pending" => (0..5)
            .for_each(|i| drop(client.post("/prompt", &map([("prompt", t2i("[sleep=60]", i))])))),
        "view_cached_file_gone" => {
            run(&mut client, t2i("x", 1));
            assert!(client.world.delete_output("ComfyUI_00001_.png"));
            run(&mut client, t2i("x", 1));
        }
        "restart_view_output" => (0..14).for_each(|i| drop(run(&mut client, t2i("x", i)))),
        "upload_png_same_name_other_bytes" | "upload_png_overwrite_false" => {
            drop(client.ask(form("up.png", b"others", &[("overwrite", "true")])))
        }
        "prompt_body_too_large_limit_1MB"
        | "upload_too_large_limit_1MB"
        | "prompt_get_body_too_large" => request.body = vec![b' '; 1_100_000],
        "upload_too_large_default_100MiB" | "upload_too_large_150MiB" => {
            request.body = vec![b' '; 104_858_755]
        }
        "upload_just_fits_limit_1MB" => {
            let fits = form("fits.png", &vec![7; 1_046_000], &[]);
            (request.headers, request.body) = (fits.headers, fits.body);
        }
        _ if name.starts_with("view_") => prepare_view(&mut client, &mut request),
        _ => {}
    }
    let reply = client.ask(request);
    compare(recording, &reply);
}

/// Puts there what the view recordings look at, and the names and tags of this server.
fn prepare_view(client: &mut Client, request: &mut Request) {
    let id = run(client, t2i("a red fox", 1));
    let mut batch = t2i("three", 3);
    set_input(&mut batch, "2", "batch_size", Json::Int(3));
    set_input(&mut batch, "4", "filename_prefix", "sub/dir/batch %date% %width%".into());
    run(client, batch);
    let mut question = workflow("janus-image-understanding");
    set_input(&mut question, "5", "image", "example.png".into());
    set_input(&mut question, "7", "file", "janus/answer.txt".into());
    run(client, question);
    if request.query.contains("ComfyUI_temp_") {
        let history = json_of(&client.get(&format!("/api/history/{id}")));
        let outputs = at(&history, &[&id, "outputs", "5", "images"]).as_list().unwrap();
        request.query =
            format!("filename={}&subfolder=&type=temp", text(&outputs[0], &["filename"]));
    }
    let seen = client.get("/api/view?filename=ComfyUI_00001_.png");
    for (header, value) in &mut request.headers {
        match header.as_str() {
            "If-None-Match" => *value = seen.get_header("Etag").unwrap().to_owned(),
            "If-Modified-Since" => *value = seen.get_header("Last-Modified").unwrap().to_owned(),
            _ => {}
        }
    }
}

#[track_caller]
fn compare(recording: &Recording, reply: &Reply) {
    let name = &recording.name;
    let own = String::from_utf8_lossy(&reply.body).chars().take(2000).collect::<String>();
    assert_eq!(Some(reply.status), recording.status(), "{name}: {own}");
    compare_headers(recording, reply);
    if let Some(body) = recording.body_json() {
        let ours = json_of(reply);
        assert_shape(name, body, &ours);
        if reply.status == 400 {
            assert_eq!(errors(body), errors(&ours), "{name}: the errors differ");
        }
        if name.starts_with("object_info_") && name != "object_info_LoadImage" {
            assert_eq!(body.python(), ours.python(), "{name}: the description differs");
        }
    } else if let Some(body) = recording.body_text() {
        if !name.starts_with("view_savetext") {
            assert_eq!(own, body, "{name}");
        }
    } else if recording.status() != Some(200) || recording.header("Content-Type").is_none() {
        assert_eq!(reply.body.is_empty(), recording.status() != Some(206), "{name}: {own}");
    }
}

#[track_caller]
fn compare_headers(recording: &Recording, reply: &Reply) {
    let name = &recording.name;
    let ignored = [
        "date",
        "server",
        "connection",
        "content-length",
        "transfer-encoding",
        "content-range",
        "etag",
        "last-modified",
        "content-disposition",
    ];
    for (header, value) in recording
        .headers()
        .iter()
        .filter(|(n, _)| !ignored.contains(&n.to_ascii_lowercase().as_str()))
    {
        assert_eq!(reply.get_header(header), Some(value.as_str()), "{name}: {header}");
    }
    for (header, _) in
        reply.headers.iter().filter(|(n, _)| !ignored.contains(&n.to_ascii_lowercase().as_str()))
    {
        assert!(recording.header(header).is_some(), "{name}: {header} is too much");
    }
    for header in ["Etag", "Last-Modified", "Content-Range", "Content-Disposition"] {
        assert_eq!(
            reply.get_header(header).is_some(),
            recording.header(header).is_some(),
            "{name}: {header}"
        );
    }
    let attachment = |value: Option<&str>| value.is_some_and(|v| v.starts_with("attachment"));
    assert_eq!(
        attachment(reply.get_header("Content-Disposition")),
        attachment(recording.header("Content-Disposition").as_deref()),
        "{name}"
    );
}

/// The errors of a refusal, without tracebacks and order: node, type, message, details, what else.
fn errors(body: &Json) -> Vec<String> {
    let line = |node: &str, error: &Json| {
        let received =
            error.get("extra_info").and_then(|e| e.get("received_value")).map(Json::python);
        format!(
            "{node}: {} | {} | {} | {received:?}",
            text(error, &["type"]),
            text(error, &["message"]),
            text(error, &["details"])
        )
    };
    let mut found = vec![line("", at(body, &["error"]))];
    for (node, said) in at(body, &["node_errors"]).as_map().unwrap() {
        found
            .extend(at(said, &["errors"]).as_list().unwrap().iter().map(|error| line(node, error)));
        let mut dependent: Vec<_> =
            at(said, &["dependent_outputs"]).as_list().unwrap().iter().map(Json::python).collect();
        dependent.sort();
        found.push(format!("{node}: {} {dependent:?}", text(said, &["class_type"])));
    }
    found.sort();
    found
}

/// Posts the graph a history entry shows and compares the entry that comes of it.
fn history(version: Version, recording: &Recording) {
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

/// Queues what a listing shows and compares ids, order and shape of the listing that comes of it.
fn queue(version: Version, recording: &Recording) {
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
    compare(recording, &reply);
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

fn history_list(version: Version, recording: &Recording) {
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

/// The tEXt chunks of a saved picture.
fn chunks(version: Version, folder: &str, name: &str) {
    let recording = Recording::load(&format!("comfyui/{folder}"), name);
    let texts: Vec<&Json> = at(&recording.json, &["chunks"])
        .as_list()
        .unwrap()
        .iter()
        .filter(|c| text(c, &["type"]) == "tEXt")
        .collect();
    let extra = texts.iter().filter(|c| text(c, &["keyword"]) != "prompt").map(|c| {
        let value = pilotlight_emulator::parse::python(text(c, &["text"]).as_bytes()).unwrap();
        (text(c, &["keyword"]).to_owned(), value)
    });
    let mut client = stage(version, |_| {});
    let extra = map([("extra_pnginfo", Json::Map(extra.collect()))]);
    let posted = json_of(
        &client
            .post("/api/prompt", &map([("prompt", t2i("own key 你好", 5)), ("extra_data", extra)])),
    );
    client.pass(30_000);
    let id = text(&posted, &["prompt_id"]);
    let entry = json_of(&client.get(&format!("/api/history/{id}")));
    let node = if name.ends_with("previewimage") { "5" } else { "4" };
    let image = &at(&entry, &[id, "outputs", node, "images"]).as_list().unwrap()[0];
    let picture = client.get(&format!(
        "/api/view?filename={}&type={}",
        text(image, &["filename"]),
        text(image, &["type"])
    ));
    for chunk in texts {
        let keyword = text(chunk, &["keyword"]);
        let start = format!("tEXt{keyword}\0").into_bytes();
        let at = picture
            .body
            .windows(start.len())
            .position(|w| w == start)
            .unwrap_or_else(|| panic!("{name}: no {keyword}"));
        if keyword != "prompt" {
            let value = text(chunk, &["text"]).as_bytes();
            assert!(picture.body[at + start.len()..].starts_with(value), "{name}: {keyword}");
        } else {
            assert!(
                picture.body[at + start.len()..].starts_with(b"{\"1\": {"),
                "{name}: the graph"
            );
        }
    }
}

#[test]
fn the_list_of_what_is_left_out_gives_reasons() {
    assert!(LEFT_OUT.iter().all(|(name, why)| !name.is_empty() && why.len() > 10));
    assert!(left_out("view_preview_png") && !left_out("prompt_ok_t2i"));
}

#[test]
fn a_reply_is_the_json_of_python() {
    let mut client = stage(Version::V0_33_0, |_| {});
    assert_eq!(utf8(&client.get("/api/queue")), r#"{"queue_running": [], "queue_pending": []}"#);
}

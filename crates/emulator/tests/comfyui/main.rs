//! The emulator against what two versions of ComfyUI answered: same status, same shape, same errors.
//!
//! Each recording of either version is either replayed or left out for a reason given in `LEFT_OUT`.

#![allow(clippy::unwrap_used)] // A test may end at once.

#[path = "../common/mod.rs"]
mod common;
mod exchange;
mod history;
mod queue;

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
        return history::history(version, &recording);
    }
    match name {
        "queue_running"
        | "queue_running_and_pending"
        | "queue_after_delete"
        | "queue_after_clear" => queue::queue(version, &recording),
        "history_list_max_items_2"
        | "history_list_max_items_2_offset_0"
        | "history_list_offset_3" => history::history_list(version, &recording),
        _ => exchange::fresh(version, &recording),
    }
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

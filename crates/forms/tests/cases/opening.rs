//! What is opened, and what of a file is left out.

use pilotlight_forms::open::{Opened, Unopened, open_whole};

/// Kind and number of nodes.
fn opened(bytes: &[u8]) -> (String, Vec<String>) {
    match open_whole(bytes) {
        Ok((opened, left_out)) => {
            let placed = |workflow: &serde_json::Value| workflow["nodes"].as_array().unwrap().len();
            let kind = match opened {
                Opened::Api(prompt) => format!("api {}", prompt.nodes().count()),
                Opened::Editor(workflow) => format!("editor {}", placed(&workflow)),
                Opened::Both { prompt, workflow } => {
                    format!("both {} {}", prompt.nodes().count(), placed(&workflow))
                }
                Opened::Package(_) => "package".to_owned(),
            };
            (kind, left_out)
        }
        Err(why) => (format!("{why:?}"), Vec::new()),
    }
}

#[track_caller]
fn check(bytes: &[u8], kind: &str, left_out: &[&str]) {
    let (opened, named) = opened(bytes);
    assert_eq!(
        (opened.as_str(), named),
        (kind, left_out.iter().map(|it| it.to_string()).collect())
    );
}

fn case(name: &str) -> Vec<u8> {
    pilotlight_fixtures::bytes(&format!("cases/{name}"))
}

#[test]
fn wrappers_are_opened_and_what_is_no_node_is_named() {
    check(&case("runpod-request.json"), "api 7", &["input.images"]);
    check(&case("comfyuimini-saved.json"), "api 7", &["_comfyuimini_meta"]);
    check(&case("viewcomfy-view_comfy.json"), "api 7", &["workflows[0].viewComfyJSON"]);
    check(&case("json-string.json"), "api 7", &[]);
    check(&case("comment-key.json"), "api 7", &["#note"]);
    let graph = String::from_utf8(case("indented-multiline.json")).unwrap();
    for text in [
        format!("My workflow:\n\n```json\n{graph}\n```\nIt fails.\n"),
        format!("```\n{graph}```"),
        format!("Log:\n```\nError {{1}}\n```\n~~~\n```json\n{graph}\n```"),
        format!("here: {graph} thanks"),
    ] {
        check(text.as_bytes(), "api 8", &[]);
    }
    // A node that lost its class is no comment.
    let broken = br#"{"1":{"class_type":"A"},"2":{"inputs":{}}}"#;
    assert!(matches!(open_whole(broken), Err(Unopened::Workflow(_))));
    for text in ["no workflow", "```json\n{}\n```", "{ here"] {
        assert!(open_whole(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn an_odd_version_and_ids_used_twice_are_put_right() {
    let node = |id: u32, class: &str, value: &str| {
        format!(r#"{{"id":{id},"type":"{class}","widgets_values":["{value}"]}}"#)
    };
    let nodes = [node(1, "A", "first"), node(2, "B", ""), node(1, "A", "last")].join(",");
    for (links, version, expected) in [
        ("[[1,1,0,2,0,\"*\"]]", "", "0.4"),
        ("[[1,1,0,2,0,\"*\"]]", r#","version":1"#, "0.4"),
        ("[[1,1,0,2,0,\"*\"]]", r#","version":"0.4""#, "0.4"),
        (r#"[{"id":1,"origin_id":1,"origin_slot":0,"target_id":2,"target_slot":0}]"#, "", "1"),
    ] {
        let file = format!(r#"{{"nodes":[{nodes}],"links":{links}{version}}}"#);
        let (opened, left_out) = open_whole(file.as_bytes()).unwrap();
        let Opened::Editor(workflow) = opened else { panic!("{file}") };
        assert_eq!(workflow["version"].to_string(), expected, "{file}");
        assert_eq!(workflow["nodes"][0]["widgets_values"][0], "last");
        assert_eq!(
            (workflow["nodes"].as_array().unwrap().len(), left_out),
            (2, vec!["A #1".into()])
        );
    }
}

#[test]
fn videos_drawings_and_models_carry_workflows() {
    for name in [
        "drawing.svg",
        "image.avif",
        "model.glb",
        "video-comment.mkv",
        "video-comment.mp4",
        "video.mov",
        "video.mp4",
        "video.webm",
    ] {
        check(&case(name), "both 2 2", &[]);
        let whole = case(name);
        for length in 0..whole.len() {
            // Only that it ends.
            let _ = open_whole(&whole[..length]);
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            let _ = open_whole(&changed);
        }
    }
}

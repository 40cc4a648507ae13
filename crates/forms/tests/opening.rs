//! Every picture, sound and workflow that was recorded, with what must come out of it; then the
//! same files cut, changed and mixed by chance, of which nothing is asked but an answer.
//!
//! `LIST` has every recorded file that is no JSON; one that is not in it fails.

#![allow(clippy::unwrap_used, reason = "a recording that cannot be read fails the test")]

use pilotlight_comfy::workflow::Workflow;
use pilotlight_fixtures::{bytes, examples, files, posted, recording, workflow};
use pilotlight_forms::open::{Kind, Opened, Unopened, open};
use serde_json::Value;

/// Nodes of the graph that ran, and nodes in the editor. Notes, reroutes, what was bypassed and
/// what is in subgraphs makes them differ.
const LIST: [(&str, usize, usize); 22] = [
    ("pictures/animated_webp.webp", 2, 2),
    ("pictures/animated_webp_single.webp", 2, 2),
    ("pictures/audio_flac.flac", 2, 2),
    ("pictures/audio_mp3.mp3", 2, 2),
    ("pictures/audio_opus.opus", 2, 2),
    ("pictures/autogrow_batch_images_3.png", 3, 3),
    ("pictures/bypass_mid.png", 2, 3),
    ("pictures/collapsed_pinned_colored.png", 2, 2),
    ("pictures/converted_widget_from_node.png", 3, 3),
    ("pictures/dyn_combo_resize_other.png", 3, 3),
    ("pictures/janus_t2i.png", 3, 3),
    ("pictures/mode_always_other.png", 4, 4),
    ("pictures/notes_mixed.png", 2, 4),
    ("pictures/plain_emptyimage_save.png", 2, 2),
    ("pictures/reroute_chain.png", 3, 6),
    ("pictures/reroute_to_widget.png", 3, 4),
    ("pictures/sub_promoted_nested.png", 3, 2),
    ("pictures/sub_promoted_two_widgets.png", 2, 2),
    ("pictures/sub_simple.png", 3, 3),
    ("pictures/sub_two_instances_promoted.png", 4, 4),
    ("comfyui/view_png.png", 4, 1),
    // Smaller copies that the server makes for a look have none.
    ("comfyui/view_preview_webp_90.webp", 0, 0),
];

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Numbers as one kind: the server writes `1.0` where `1` was posted.
fn levelled(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(list) => list.iter().map(levelled).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key, levelled(value))).collect(),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

fn placed(workflow: &Value) -> usize {
    workflow["nodes"].as_array().unwrap().len()
}

#[test]
fn every_picture_and_sound_opens_as_listed() {
    for (name, ran, nodes) in LIST {
        match open(&bytes(name)) {
            Ok(Opened::Both { prompt, workflow }) => {
                assert_eq!((prompt.nodes().count(), placed(&workflow)), (ran, nodes), "{name}");
            }
            Err(Unopened::NoWorkflow { kind: Kind::WebP }) => assert_eq!(ran + nodes, 0, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    let folders = ["pictures", "comfyui"];
    for name in folders.into_iter().flat_map(files) {
        assert!(
            name.ends_with(".json") || LIST.iter().any(|(listed, ..)| *listed == name),
            "{name} is not listed"
        );
    }
}

/// What comes out of a file is what was posted, and what stood in the editor.
#[test]
fn pictures_and_sounds_carry_what_was_posted() {
    for (name, ..) in LIST.into_iter().filter(|(name, ..)| name.starts_with("pictures")) {
        let (stem, _) = name.trim_start_matches("pictures/").rsplit_once('.').unwrap();
        let posted = posted(stem);
        let (Opened::Both { prompt, workflow }, Opened::Both { prompt: sent, workflow: drawn }) =
            (open(&bytes(name)).unwrap(), open(posted.body.as_bytes()).unwrap())
        else {
            panic!("{name}");
        };
        assert_eq!(levelled(&prompt.to_value()), levelled(&sent.to_value()), "{name}");
        assert_eq!(levelled(&workflow), levelled(&drawn), "{name}");
        let body = value(&posted.body);
        assert_eq!(sent.to_value(), body["prompt"], "{name}");
        assert_eq!(drawn, body["extra_data"]["extra_pnginfo"]["workflow"], "{name}");
        let saved = value(&posted.ui);
        assert_eq!(open(posted.ui.as_bytes()), Ok(Opened::Editor(saved)), "{name}");
    }
}

#[test]
fn every_workflow_of_the_editor_is_known() {
    let (mut seen, mut none) = (0, Vec::new());
    for example in ["strict", "odd"].into_iter().flat_map(examples) {
        let (name, mut drawn) = (&example.name, value(&example.ui));
        // A version that is missing is put in.
        if name == "raw-no_version" {
            drawn["version"] = 0.4.into();
        }
        match open(example.ui.as_bytes()) {
            Ok(opened) => assert_eq!(opened, Opened::Editor(drawn), "{name}"),
            Err(_) => assert_eq!(placed(&drawn), 0, "{name}"),
        }
        match Workflow::from_value(value(&example.api)) {
            Ok(graph_to_run) => {
                assert_eq!(open(example.api.as_bytes()), Ok(Opened::Api(graph_to_run)), "{name}");
            }
            Err(_) => none.push(example.name),
        }
        seen += 1;
    }
    assert!(seen >= 98, "only {seen}");
    assert!(none.len() <= 2, "{none:?}");
}

#[test]
fn other_recordings_are_what_they_are() {
    let kind = |bytes: &[u8]| match open(bytes) {
        Ok(Opened::Api(prompt)) => format!("api {}", prompt.nodes().count()),
        Ok(Opened::Both { prompt, workflow }) => {
            format!("both {} {}", prompt.nodes().count(), placed(&workflow))
        }
        other => format!("{other:?}"),
    };
    let other = |kind| format!("Err({:?})", Unopened::Other { kind });
    let table = [
        ("janus-text-to-image", "api 4".to_owned()),
        ("janus-image-understanding", "api 5".to_owned()),
        ("guide-history-text-to-image", "api 4".to_owned()),
        ("guide-history-image-understanding", "api 5".to_owned()),
    ];
    for (name, expected) in table {
        assert_eq!(kind(workflow(name).as_bytes()), expected, "{name}");
    }
    assert_eq!(kind(&bytes("ui-to-api/object_info.json")), other(Kind::ObjectInfo));
    assert_eq!(kind(&bytes("kubeai/upstream.json")), other(Kind::OtherJson));
    for (name, expected) in [
        ("history_id_success_t2i", "both 4 1".to_owned()),
        ("history_id_i2t_extra_pnginfo_workflow_nodes_empty", "api 5".to_owned()),
        ("history_id_i2t_extra_pnginfo_null", "api 5".to_owned()),
        ("history_empty", other(Kind::OtherJson)),
        ("history_list_max_items_2", other(Kind::History)),
        ("jobs_id_completed", "both 4 1".to_owned()),
        ("object_info_KSampler", other(Kind::ObjectInfo)),
    ] {
        let recording = recording("comfyui/0.33.0", name);
        assert_eq!(kind(&recording.body()), expected, "{name}");
    }
}

#[test]
fn pictures_and_sounds_cut_at_every_byte_do_not_break_it() {
    for (name, ..) in LIST {
        let whole = bytes(name);
        let opens = open(&whole).is_ok();
        for length in (0..whole.len().min(8_000)).chain([whole.len() - 1]) {
            match open(&whole[..length]) {
                Ok(opened) => assert!(matches!(
                    opened,
                    Opened::Both { .. } | Opened::Api(_) | Opened::Editor(_)
                )),
                Err(Unopened::Cut { .. }) => {}
                // Too short to be known, or a smaller copy.
                Err(_) => assert!(length < 12 || !opens, "{name} at {length}"),
            }
        }
    }
}

/// SplitMix64, as everywhere here where chance is needed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n.max(1) as u64).unwrap()
    }
}

/// One to eight changes: a byte, a length at its limits, a piece left out, doubled, or of another.
fn changed(chance: &mut Chance, file: &[u8], other: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    for _ in 0..=chance.below(8) {
        // Most of what decides stands at the front.
        let reach = if chance.below(2) == 0 { file.len().min(200) } else { file.len() };
        let from = chance.below(reach);
        let to = (from + chance.below(60)).min(file.len());
        match chance.below(5) {
            0 => {
                file.iter_mut().skip(from).take(1).for_each(|byte| *byte = chance.below(256) as u8)
            }
            1 => file.iter_mut().skip(from).take(4).for_each(|byte| *byte = 0xff),
            2 => drop(file.drain(from..to)),
            3 => {
                let piece = file[from..to].to_vec();
                file.splice(from..from, piece);
            }
            _ => {
                let start = chance.below(other.len());
                let end = (start + chance.below(60)).min(other.len());
                file.splice(from..to, other[start..end].iter().copied());
            }
        }
    }
    file
}

#[test]
fn files_changed_by_chance_are_answered() {
    let mut files: Vec<Vec<u8>> = LIST.iter().map(|(name, ..)| bytes(name)).collect();
    let posted = posted("sub_simple");
    files.extend([posted.body, posted.ui].map(String::into_bytes));
    files.retain(|file| file.len() < 20_000);
    let (mut opened, mut refused) = (0, 0);
    for seed in 0..20_000 {
        let mut chance = Chance(seed);
        let (file, other) = (chance.below(files.len()), chance.below(files.len()));
        match open(&changed(&mut chance, &files[file], &files[other])) {
            Ok(_) => opened += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(opened > 1_000 && refused > 1_000, "{opened} opened, {refused} refused");
}

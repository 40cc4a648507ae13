//! Tables for reading class descriptions, the recorded ones among them.

use super::*;
use crate::workflow::{NodeId, Workflow};
use serde_json::json;
use std::collections::BTreeMap;

fn object_info() -> Value {
    serde_json::from_str(&pilotlight_fixtures::object_info()).expect("JSON")
}

/// What a server said of a class.
fn recorded(version: &str, class: &str) -> Value {
    let name = format!("object_info_{class}");
    let recording = pilotlight_fixtures::recording(&format!("comfyui/{version}"), &name);
    recording.value["response"]["body_json"].clone()
}

/// One line per class: its inputs with their kinds, `?` after an optional one.
fn summary(class: &Class) -> String {
    let inputs = class.inputs.iter().map(|input| {
        let kind = match &input.kind {
            Kind::Int { min, max, control_after_generate, .. } => {
                let drawn = if *control_after_generate { " drawn" } else { "" };
                format!("int {}..{}{drawn}", min.unwrap_or(-9), max.unwrap_or(-9))
            }
            Kind::Float { min, max, step, .. } => {
                let step = step.map(|step| format!(" by {step}")).unwrap_or_default();
                format!("float {}..{}{step}", min.unwrap_or(-9.0), max.unwrap_or(-9.0))
            }
            Kind::Text { multiline: true } => "long text".to_owned(),
            Kind::Text { multiline: false } => "text".to_owned(),
            Kind::Switch => "switch".to_owned(),
            Kind::Choice { options } => {
                let first = options.first().map(Value::to_string);
                format!("one of {} …", first.unwrap_or_default())
            }
            Kind::Branches(branches) => {
                let keys: Vec<&str> = branches.iter().map(|branch| branch.key.as_str()).collect();
                format!("branches {}", keys.join(" "))
            }
            Kind::Picture => "picture".to_owned(),
            Kind::Video => "video".to_owned(),
            Kind::Sound => "sound".to_owned(),
            Kind::Growing => "growing".to_owned(),
            Kind::Link => "link".to_owned(),
            Kind::Fixed(why) => format!("fixed {why:?}"),
        };
        let optional = if input.required { "" } else { "?" };
        let default = input.default.as_ref().map(|d| format!(" = {d}")).unwrap_or_default();
        format!("{}{optional}: {kind}{default}", input.name)
    });
    let out = if class.output_node { "out " } else { "" };
    format!("{out}{}; {}", class.display_name, inputs.collect::<Vec<_>>().join("; "))
}

#[track_caller]
fn check_recorded(file: &str, expected: &str) {
    for version in ["0.33.0", "0.3.64"] {
        let classes = Class::read_all(&recorded(version, file));
        let summaries: Vec<String> = classes.iter().map(summary).collect();
        assert_eq!(summaries.join("\n"), expected, "{version}");
    }
}

#[test]
fn recorded_classes_of_both_versions_are_read() {
    check_recorded(
        "JanusImageGeneration",
        "Janus Image Generation; model: link; processor: link; \
         prompt: long text = \"A beautiful photo of\"; \
         seed: int 0..18446744073709551615 = 666666666666666; batch_size: int 1..16 = 1; \
         cfg_weight: float 1..10 by 0.5 = 5.0; temperature: float 0.1..2 by 0.1 = 1.0; \
         top_p: float 0..1 = 0.95",
    );
    check_recorded(
        "JanusImageUnderstanding",
        "Janus Image Understanding; model: link; processor: link; image: link; \
         question: long text = \"Describe this image in detail.\"; \
         seed: int 0..18446744073709551615 = 666666666666666; \
         temperature: float 0..1 = 0.1; top_p: float 0..1 = 0.95; \
         max_new_tokens: int 1..2048 = 512",
    );
    check_recorded(
        "JanusModelLoader",
        "Janus Model Loader; model_name: one of \"deepseek-ai/Janus-Pro-1B\" …",
    );
    check_recorded("LoadImage", "Load Image; image: picture");
    check_recorded("PreviewImage", "out Preview Image; images: link");
    check_recorded(
        "SaveImage",
        "out Save Image; images: link; filename_prefix: text = \"ComfyUI\"",
    );
    check_recorded(
        "SaveText_pysssss",
        "out Save Text 🐍; root_dir: one of \"input\" …; file: text = \"file.txt\"; \
         append: one of \"append\" …; insert: switch = true; text: link",
    );
    check_recorded("ShowText_pysssss", "out Show Text 🐍; text: link");
    check_recorded(
        "KSampler",
        "KSampler; model: link; seed: int 0..18446744073709551615 drawn = 0; \
         steps: int 1..10000 = 20; cfg: float 0..100 by 0.1 = 8.0; sampler_name: one of \"euler\" …; \
         scheduler: one of \"simple\" …; positive: link; negative: link; latent_image: link; \
         denoise: float 0..1 by 0.01 = 1.0",
    );
    check_recorded("unknown_class", "");
}

#[test]
fn every_class_of_a_large_installation_is_read() {
    let reply = object_info();
    let classes = Class::read_all(&reply);
    assert_eq!(classes.len(), reply.as_object().map_or(0, Map::len));
    let scheduler = classes.iter().find(|class| class.name == "BasicScheduler");
    let kind = scheduler.and_then(|class| class.input("scheduler")).map(|input| &input.kind);
    let Some(Kind::Choice { options }) = kind else { panic!("a choice, not {kind:?}") };
    assert_eq!(options[0], json!("simple"));
}

#[track_caller]
fn check_kind(description: Value, expected: Option<Kind>) {
    let class = Class::read("A", &json!({"input": {"optional": {"x": description}}}));
    let input = class.as_ref().and_then(|class| class.input("x"));
    assert_eq!(input.map(|input| input.kind.clone()), expected);
}

#[test]
fn odd_descriptions_are_read_as_far_as_they_go() {
    let upload = json!([["a.png"], {"image_upload": true, "image_folder": "output"}]);
    check_kind(upload, Some(Kind::Choice { options: vec![json!("a.png")] }));
    check_kind(json!(["COMBO", {"options": [], "image_upload": true}]), Some(Kind::Picture));
    check_kind(json!(["COMBO"]), Some(Kind::Choice { options: vec![] }));
    check_kind(
        json!([[1, 2.5, true]]),
        Some(Kind::Choice { options: vec![json!(1), json!(2.5), json!(true)] }),
    );
    check_kind(
        json!(["COMBO", {"multiselect": true, "options": ["a"]}]),
        Some(Kind::Fixed(Fixed::Several)),
    );
    check_kind(json!(["STRING", {"forceInput": true}]), Some(Kind::Link));
    check_kind(json!(["STRING", "odd"]), Some(Kind::Text { multiline: false }));
    check_kind(
        json!(["INT", {"min": 0.0, "max": 1e19, "step": 0}]),
        Some(Kind::Int {
            min: Some(0),
            max: Some(10_000_000_000_000_000_000),
            step: None,
            control_after_generate: false,
        }),
    );
    let free = |step| Kind::Int { min: None, max: None, step, control_after_generate: false };
    check_kind(json!(["INT", {"min": 9, "max": 5, "step": 2}]), Some(free(Some(2))));
    check_kind(json!(["INT", {"min": u64::MAX, "max": 16384}]), Some(free(None)));
    check_kind(
        json!(["FLOAT", {"min": 1, "max": 0.5}]),
        Some(Kind::Float { min: None, max: None, step: None, round: None }),
    );
    check_kind(
        json!(["FLOAT", {"min": 1, "max": 1}]),
        Some(Kind::Float { min: Some(1.0), max: Some(1.0), step: None, round: None }),
    );
    check_kind(
        json!(["INT", {"control_after_generate": "fixed"}]),
        Some(Kind::Int { min: None, max: None, step: None, control_after_generate: true }),
    );
    check_kind(json!(["*"]), Some(Kind::Link));
    check_kind(json!([]), None);
    check_kind(json!([5]), None);
    check_kind(json!("INT"), None);
    assert_eq!(Class::read("A", &json!({})), None);
    assert_eq!(Class::read_all(&json!([])), []);
}

#[test]
fn inputs_come_in_the_order_their_author_gave() {
    let class = Class::read(
        "A",
        &json!({
            "input": {"required": {"a": ["INT"], "b": ["INT"], "c": ["INT"]}},
            "input_order": {"required": ["c", "gone", "a"]},
        }),
    );
    let names: Vec<String> =
        class.into_iter().flat_map(|class| class.inputs).map(|input| input.name).collect();
    assert_eq!(names, ["c", "a", "b"]);
}

/// How many inputs of each kind; of each class the branches too.
fn kinds(inputs: &[Input], counts: &mut BTreeMap<String, usize>) {
    for input in inputs {
        let kind = match &input.kind {
            Kind::Int { control_after_generate: true, .. } => "int drawn".to_owned(),
            Kind::Int { .. } => "int".to_owned(),
            Kind::Float { round: Some(_), .. } => "float rounded".to_owned(),
            Kind::Float { .. } => "float".to_owned(),
            Kind::Text { multiline: true } => "long text".to_owned(),
            Kind::Text { multiline: false } => "text".to_owned(),
            Kind::Switch => "switch".to_owned(),
            Kind::Choice { .. } => "choice".to_owned(),
            Kind::Branches(branches) => {
                for branch in branches {
                    kinds(&branch.inputs, counts);
                }
                "branches".to_owned()
            }
            Kind::Picture => "picture".to_owned(),
            Kind::Video => "video".to_owned(),
            Kind::Sound => "sound".to_owned(),
            Kind::Growing => "growing".to_owned(),
            Kind::Link => "link".to_owned(),
            Kind::Fixed(why) => format!("fixed {why:?}"),
        };
        let marks = [(input.advanced, "advanced"), (input.hidden, "hidden")];
        let marks = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark.to_owned());
        for count in marks.chain([kind]) {
            *counts.entry(count).or_default() += 1;
        }
    }
}

#[test]
fn every_kind_of_a_large_installation_is_told() {
    let mut counts = BTreeMap::new();
    for class in Class::read_all(&object_info()) {
        kinds(&class.inputs, &mut counts);
    }
    let lines: Vec<String> = counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    assert_eq!(
        lines.join(", "),
        "advanced 193, branches 39, choice 223, fixed Drawn 1, float 100, float rounded 4, \
         growing 61, hidden 3, int 187, int drawn 40, link 239, long text 85, picture 1, sound 1, \
         switch 71, text 19, video 1"
    );
}

#[test]
fn every_class_is_the_same_after_it_was_written() {
    let mut read = 0;
    let mut check = |class: &Class| {
        let value = class.to_value();
        assert_eq!(Class::read(&class.name, &value).as_ref(), Some(class), "{value}");
        read += 1;
    };
    Class::read_all(&object_info()).iter().for_each(&mut check);
    for version in ["0.33.0", "0.3.64"] {
        for name in ["JanusImageGeneration", "KSampler", "LoadImage", "SaveText_pysssss"] {
            Class::read_all(&recorded(version, name)).iter().for_each(&mut check);
        }
    }
    for name in ["janus-text-to-image", "janus-image-understanding"] {
        let path = format!("{}/../../public/workflows/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("a built-in workflow");
        let package: Value = serde_json::from_str(&text).expect("JSON");
        Class::read_all(&package["classes"]).iter().for_each(&mut check);
    }
    assert!(read > 190, "{read}");
}

#[test]
fn uploads_and_other_widgets_are_told_by_their_marks() {
    let text = Some(Kind::Text { multiline: false });
    let fixed = |why| Some(Kind::Fixed(why));
    for list in [json!("COMBO"), json!([[]])] {
        let kind = |flag: &str| json!([list.get(0).unwrap_or(&list), {flag: true}]);
        check_kind(kind("image_upload"), Some(Kind::Picture));
        check_kind(kind("animated_image_upload"), Some(Kind::Picture));
        check_kind(kind("video_upload"), Some(Kind::Video));
        check_kind(kind("audio_upload"), Some(Kind::Sound));
        check_kind(kind("mask_upload"), fixed(Fixed::File));
        check_kind(kind("upload_to_openai"), Some(Kind::Choice { options: vec![] }));
    }
    check_kind(
        json!([["a"], {"mask_upload": true}]),
        Some(Kind::Choice { options: vec![json!("a")] }),
    );
    check_kind(json!(["COMBO", {"remote": {"route": "/x"}}]), text.clone());
    check_kind(json!([[], {"remote": {"route": "/x"}, "image_folder": "output"}]), text.clone());
    check_kind(json!(["COLOR", {"default": "#fff"}]), text.clone());
    check_kind(json!(["STRING,FILE_3D", {"widgetType": "STRING"}]), text);
    check_kind(
        json!(["STRING", {"widgetType": "PAINTER", "image_upload": true}]),
        fixed(Fixed::Drawn),
    );
    check_kind(
        json!(["FLOAT,INT", {"widgetType": "FLOAT", "min": 1, "round": 0.5}]),
        Some(Kind::Float { min: Some(1.0), max: None, step: None, round: Some(0.5) }),
    );
    check_kind(json!(["FLOAT,INT"]), Some(Kind::Link));
    check_kind(
        json!(["INT", {"min": -1e30, "max": 1e30}]),
        Some(Kind::Int {
            min: Some(i64::MIN.into()),
            max: Some(u64::MAX.into()),
            step: None,
            control_after_generate: false,
        }),
    );
}

#[test]
fn an_input_of_a_branch_is_found_by_what_the_node_chose() {
    let option = |key: &str, inputs: Value| json!({"key": key, "inputs": {"required": inputs}});
    let codec = json!({"codec": ["COMFY_DYNAMICCOMBO_V3",
        {"options": [option("h264", json!({"crf": ["FLOAT"]})), option("none", json!({}))]}]});
    let class = json!({"input": {"required": {"format": ["COMFY_DYNAMICCOMBO_V3",
        {"options": [option("mp4", codec), option("gif", json!({"fps": ["INT"]}))]}]}}});
    let class = Class::read("A", &class).expect("a class");
    let find = |inputs: Value, name: &str| {
        let flow = json!({"1": {"class_type": "A", "inputs": inputs}});
        let flow = Workflow::from_value(flow).expect("a workflow");
        let node = flow.node(&NodeId::new("1")).expect("the node");
        class.input_of(name, node).map(|input| input.name.clone())
    };
    let found = |name: &str| Some(name.to_owned());
    let mp4 = json!({"format": "mp4", "format.codec": "h264"});
    assert_eq!(find(mp4.clone(), "format"), found("format"));
    assert_eq!(find(mp4.clone(), "format.codec"), found("codec"));
    assert_eq!(find(mp4.clone(), "format.codec.crf"), found("crf"));
    assert_eq!(find(mp4.clone(), "format.fps"), None);
    assert_eq!(find(mp4, "format."), None);
    assert_eq!(find(json!({"format": "gif"}), "format.fps"), found("fps"));
    assert_eq!(find(json!({"format": ["2", 0]}), "format.fps"), None);
    assert_eq!(find(json!({}), "nothing.at.all"), None);
}

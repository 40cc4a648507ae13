//! Tables for reading class descriptions, the recorded ones among them.

use super::*;
use serde_json::json;

fn fixture(name: &str) -> Value {
    let path = format!("{}/../../../shared/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("the recordings are not at {path}: {error}"));
    serde_json::from_str(&text).expect("a recording is JSON")
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
        let recording = fixture(&format!("comfyui/{version}/object_info_{file}.json"));
        let classes = Class::read_all(&recording["response"]["body_json"]);
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
    let reply = fixture("ui-to-api/object_info.json");
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

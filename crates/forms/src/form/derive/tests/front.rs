//! Which fields stand in front of a derived form, in workflows of the usual kinds.
//!
//! Some are made here, in the shape of published ones. The published ones themselves are looked at
//! where `PILOTLIGHT_EXAMPLES` names a folder that has them.

use super::*;
use pilotlight_fixtures::example;

#[track_caller]
fn check_shown(name: &str, form: &Form, expected: &[&str]) {
    let lines = summary(form);
    let shown: Vec<&str> = lines.iter().map(String::as_str).take(expected.len()).collect();
    assert_eq!(shown, expected, "{name}");
}

/// A workflow that is made here; `app` is the author's selection for the editor's app mode.
fn made(nodes: Value, app: Option<Value>, classes: &[Class]) -> Form {
    let app = app.and_then(|app| AppMode::read(&json!({"extra": {"linearData": app}})));
    derive(Given { app: app.as_ref(), ..given(flow(nodes), classes) })
}

fn node(class: &str, title: &str, inputs: Value) -> Value {
    json!({"class_type": class, "inputs": inputs, "_meta": {"title": title}})
}

fn text(title: &str, text: &str, clip: &str) -> Value {
    node("CLIPTextEncode", title, json!({"text": text, "clip": [clip, 0]}))
}

/// A sampler; `links` are model, positive, negative, latent.
fn sampler(steps: Value, cfg: Value, links: [Value; 4]) -> Value {
    let [model, positive, negative, latent] = links;
    let inputs = json!({"seed": 7, "steps": steps, "cfg": cfg, "sampler_name": "euler",
        "scheduler": "simple", "denoise": 1, "model": model, "positive": positive,
        "negative": negative, "latent_image": latent});
    node("KSampler", "KSampler", inputs)
}

fn latent(width: u32, height: u32) -> Value {
    let inputs = json!({"width": width, "height": height, "batch_size": 1});
    node("EmptySD3LatentImage", "EmptySD3LatentImage", inputs)
}

fn model() -> Value {
    let inputs = json!({"unet_name": "model.safetensors", "weight_dtype": "default"});
    node("UNETLoader", "Load Diffusion Model", inputs)
}

fn clip(kind: &str) -> Value {
    let inputs = json!({"clip_name": "clip.safetensors", "type": kind, "device": "default"});
    node("CLIPLoader", "Load CLIP", inputs)
}

fn vae() -> Value {
    node("VAELoader", "Load VAE", json!({"vae_name": "vae.safetensors"}))
}

fn decoded(samples: &str, vae: &str) -> Value {
    node("VAEDecode", "VAE Decode", json!({"samples": [samples, 0], "vae": [vae, 0]}))
}

fn saved(images: &str) -> Value {
    node("SaveImage", "Save Image", json!({"filename_prefix": "made", "images": [images, 0]}))
}

/// Text to image in a subgraph; a switch chooses between two numbers of steps.
fn text_to_image() -> Value {
    let steps = |value: u32| node("PrimitiveInt", "Steps", json!({ "value": value }));
    let links = ["76:66", "76:6", "76:7", "76:58"].map(|id| json!([id, 0]));
    json!({
        "60": saved("76:8"),
        "76:37": model(),
        "76:38": clip("qwen_image"),
        "76:39": vae(),
        "76:58": latent(1328, 1328),
        "76:66": node("ModelSamplingAuraFlow", "Shift", json!({"shift": 3.1, "model": ["76:37", 0]})),
        "76:6": text("Positive", "A street in the rain", "76:38"),
        "76:7": text("Negative", "", "76:38"),
        "76:8": decoded("76:3", "76:39"),
        "76:3": sampler(json!(["76:82", 0]), json!(["76:81", 0]), links),
        "76:79": steps(8),
        "76:84": steps(20),
        "76:81": node("PrimitiveFloat", "CFG", json!({"value": 1.5})),
        "76:82": node("ComfySwitchNode", "Switch (Steps)",
            json!({"switch": ["76:86", 0], "on_false": ["76:84", 0], "on_true": ["76:79", 0]})),
        "76:86": node("PrimitiveBoolean", "Fast", json!({"value": false})),
    })
}

/// One prompt, emptied for the negative side; a picture gives the size.
fn edges() -> Value {
    let conditioning = json!({"positive": ["26", 0], "negative": ["37", 0], "vae": ["32", 0],
        "pixels": ["18", 0]});
    let canny = json!({"low_threshold": 0.15, "high_threshold": 0.3, "image": ["17", 0]});
    let guidance = json!({"guidance": 30, "conditioning": ["23", 0]});
    let links = [json!(["31", 0]), json!(["35", 0]), json!(["35", 1]), json!(["35", 2])];
    json!({
        "17": node("LoadImage", "Load Image", json!({"image": "a.png"})),
        "18": node("Canny", "Edges", canny),
        "23": text("Prompt", "A beetle on a leaf", "34"),
        "26": node("FluxGuidance", "FluxGuidance", guidance),
        "31": model(),
        "32": vae(),
        "34": clip("flux"),
        "35": node("InstructPixToPixConditioning", "Conditioning", conditioning),
        "37": node("ConditioningZeroOut", "Zero", json!({"conditioning": ["23", 0]})),
        "3": sampler(json!(20), json!(1), links),
        "8": decoded("3", "32"),
        "9": saved("8"),
    })
}

fn song() -> Value {
    let words = json!({"tags": "slow", "lyrics": "la la", "seed": 31, "bpm": 90, "duration": 120,
        "timesignature": "4", "language": "en", "keyscale": "E minor",
        "generate_audio_codes": true, "cfg_scale": 2, "temperature": 0.85, "top_p": 0.9,
        "top_k": 0, "min_p": 0, "clip": ["97", 1]});
    let empty = json!({"seconds": 120, "batch_size": 1});
    let file = json!({"filename_prefix": "a", "format": "flac", "audio": ["18", 0]});
    let links = [json!(["97", 0]), json!(["94", 0]), json!(["47", 0]), json!(["98", 0])];
    json!({
        "94": node("TextEncodeAceStepAudio1.5", "Words", words),
        "47": node("ConditioningZeroOut", "Zero", json!({"conditioning": ["94", 0]})),
        "97": node("CheckpointLoaderSimple", "Load", json!({"ckpt_name": "song.safetensors"})),
        "98": node("EmptyAceStep1.5LatentAudio", "Empty", empty),
        "3": sampler(json!(8), json!(1), links),
        "18": node("VAEDecodeAudio", "Decode", json!({"samples": ["3", 0], "vae": ["97", 2]})),
        "106": node("SaveAudioAdvanced", "Save", file),
    })
}

const TEXT_TO_IMAGE: [&str; 8] = [
    "76:6.text Prompt 提示词",
    "76:7.text Negative prompt 反向提示词",
    "76:58.width Width 宽度",
    "76:58.height Height 高度",
    "76:58.batch_size Count 数量",
    "76:3.seed Seed 随机种子",
    "– Save Image: File name,",
    "– KSampler: Sampler, Scheduler, Denoising,",
];
const EDGES: [&str; 4] = [
    "17.image Image 图片",
    "23.text Prompt 提示词",
    "3.seed Seed 随机种子",
    "– KSampler: Steps, Guidance · KSampler, Sampler, Scheduler, Denoising,",
];
const SONG: [&str; 5] = [
    "94.tags Tags 标签",
    "94.lyrics Lyrics 歌词",
    "94.duration Duration 时长",
    "98.batch_size Count 数量",
    "3.seed Seed 随机种子",
];

#[test]
fn what_people_set_stands_in_front() {
    let all = classes();
    check_shown("text to image", &made(text_to_image(), None, &all), &TEXT_TO_IMAGE);
    check_shown("text to image", &made(text_to_image(), None, &[]), &TEXT_TO_IMAGE);
    check_shown("edges", &made(edges(), None, &all), &EDGES);
    check_shown("song", &made(song(), None, &all), &SONG);
    let video = example("strict", "craft-load_video").expect("an example of the project");
    let video = derive(given(Workflow::parse(&video.api).expect("a workflow"), &all));
    check_shown("video", &video, &["1.file Video 视频"]);
}

/// Two texts are called `prompt`; one of them is selected.
#[test]
fn the_authors_selection_for_app_mode_stands_in_front() {
    let edit = |prompt: &str| {
        let inputs = json!({"prompt": prompt, "clip": ["170:4", 0], "vae": ["170:5", 0],
            "images.image0": ["41", 0]});
        node("TextEncodeJoyImageEdit", "Text", inputs)
    };
    let links = ["170:3", "170:174", "170:177", "170:178"].map(|id| json!([id, 0]));
    let nodes = json!({
        "41": node("LoadImage", "Picture", json!({"image": "a.png"})),
        "182": saved("170:11"),
        "170:3": model(),
        "170:4": clip("joyimage"),
        "170:5": vae(),
        "170:10": sampler(json!(40), json!(4), links),
        "170:11": decoded("170:10", "170:5"),
        "170:174": edit("Snow behind it"),
        "170:177": edit(""),
        "170:178": latent(1024, 1024),
    });
    let selected = json!({"inputs": [["41", "image"], ["174", "prompt"]], "outputs": ["182"]});
    let form = made(nodes, Some(selected), &classes());
    check_shown("edit", &form, &["41.image Image 图片", "170:174.prompt Prompt 提示词"]);
    assert_eq!(form.fields.iter().filter(|field| !field.advanced).count(), 2);
    assert_eq!(form.outputs, [NodeId::new("182")]);
}

/// Three prompts are told apart by the titles of their nodes, two nodes of one title by number.
#[test]
fn fields_of_one_name_are_told_apart() {
    let drawn = json!({"prompt": "a plane", "images": ["57:8", 0]});
    let moved = json!({"prompt": "it flies", "start_frame": ["64", 0]});
    let video = json!({"filename_prefix": "v", "video": ["65", 0]});
    let links = ["57:28", "57:27", "57:33", "57:13"].map(|id| json!([id, 0]));
    let nodes = json!({
        "9": saved("64"),
        "66": saved("64"),
        "63": node("SaveVideo", "Save Video", video),
        "64": node("GeminiImage2Node", "Draw", drawn),
        "65": node("KlingImageToVideoWithAudio", "Move", moved),
        "57:28": model(),
        "57:29": vae(),
        "57:30": clip("lumina2"),
        "57:27": text("Text", "a plain of snow", "57:30"),
        "57:33": node("ConditioningZeroOut", "Zero", json!({"conditioning": ["57:27", 0]})),
        "57:13": latent(1088, 1920),
        "57:3": sampler(json!(8), json!(1), links),
        "57:8": decoded("57:3", "57:29"),
    });
    let inputs = json!([["27", "text"], ["64", "prompt"], ["65", "prompt"]]);
    let form = made(nodes, Some(json!({"inputs": inputs, "outputs": ["9", "63"]})), &[]);
    let expected = [
        "57:27.text Prompt · Text 提示词 · Text",
        "64.prompt Prompt · Draw 提示词 · Draw",
        "65.prompt Prompt · Move 提示词 · Move",
        "– Save Image #9: File name · Save Image #9,",
    ];
    check_shown("plane", &form, &expected);
    assert_eq!(form.outputs, [NodeId::new("9"), NodeId::new("63")]);
}

/// Looks at a published workflow, if it is there.
#[track_caller]
fn check_published(name: &str, known: bool, app: bool, expected: &[&str]) {
    let Some(example) = example("strict", name) else { return };
    let classes = if known { classes() } else { Vec::new() };
    let app = app.then(|| AppMode::read(&value(&example.ui))).flatten();
    let workflow = Workflow::parse(&example.api).expect("a workflow");
    let form = derive(Given { app: app.as_ref(), ..given(workflow, &classes) });
    check_shown(name, &form, expected);
}

#[test]
fn published_workflows_show_what_people_set() {
    check_published("tpl-image_qwen_image", true, false, &TEXT_TO_IMAGE);
    check_published("tpl-image_qwen_image", false, false, &TEXT_TO_IMAGE);
    check_published("tpl-flux_canny_model_example", true, false, &EDGES);
    check_published("tpl-audio_ace_step_1_5_checkpoint", true, false, &SONG);
    // As its author called it.
    let edit = [
        "41.image Input Image",
        "170:174.prompt Prompt 提示词",
        "– Load Diffusion Model: Model, Precision,",
    ];
    check_published("tpl-image_joyai_image_edit", true, true, &edit);
    let plane = [
        "57:27.text Image Prompt",
        "64.prompt Edit / Enhance Image",
        "65.prompt Animate Image",
        "– Save Image #9: File name · Save Image #9,",
    ];
    check_published("tpl-templates_ohneis_i2v", false, true, &plane);
}

/// Checks which fields of unknown classes stand in front.
#[track_caller]
fn check_front(nodes: Value, expected: &[&str]) {
    let form = made(nodes, None, &[]);
    let front = form.fields.iter().filter(|field| !field.advanced);
    let keys: Vec<String> = front.map(|field| field.key.to_string()).collect();
    assert_eq!(keys, expected);
}

fn words(text: &str) -> Value {
    node("Words", "Words", json!({"text": text}))
}

#[test]
fn texts_that_reach_an_encoder_come_before_others() {
    let segment =
        |words: &str| node("Segment", "Segment", json!({"text": words, "image": ["9", 0]}));
    let mut nodes = json!({
        "1": segment("a face"), "2": segment("a hand"), "3": segment("a foot"),
        "5": node("Mask", "Mask", json!({"a": ["1", 0], "b": ["2", 0], "c": ["3", 0]})),
        "6": words("a lamp in the fog"), "7": text("T", "", "8"),
        "9": node("Show", "Show", json!({"image": ["7", 0]})),
    });
    nodes["7"]["inputs"]["text"] = json!(["6", 0]);
    check_front(nodes, &["1.text", "2.text", "6.text"]);
}

#[test]
fn notes_and_names_of_files_are_no_prompts() {
    let save = node("Save", "Save", json!({"filename_prefix": ["3", 0], "images": ["2", 0]}));
    let nodes = json!({
        "1": words("To change the size, set something else in the node at the left"),
        "2": text("T", "a lamp in the fog", "9"), "3": words("lamps of this year"), "4": save,
    });
    check_front(nodes, &["2.text"]);
}

#[test]
fn empty_extras_and_what_is_computed_are_no_prompts() {
    let detail = json!({"wildcard": "", "mask_use_negative": "False", "clip": ["9", 0], "seed": 1});
    let count = json!({"expression": "max(5, round(a * 24)) + 17", "a": 2});
    let encode = json!({"text": "a lamp in the fog", "width": ["2", 0], "clip": ["9", 0]});
    let list = json!({"string": "640, 848, 1280", "index": 1});
    let nodes = json!({
        "1": node("Detail", "Detail", detail), "2": node("Count", "Count", count),
        "3": node("TextEncodeWide", "Encode", encode), "4": node("List", "List", list),
        "5": node("TextEncodeWide", "Encode", json!({"text": ["3", 0], "height": ["4", 0]})),
    });
    check_front(nodes, &["3.text", "1.seed"]);
}

#[test]
fn the_seed_of_the_sampler_comes_before_that_of_a_prompt() {
    let wild = json!({"wildcard_text": "a __color__ lamp", "seed": 3});
    let nodes = json!({
        "1": node("Wild", "Wild", wild), "2": node("CLIPTextEncode", "T", json!({"text": ["1", 0]})),
        "3": sampler(json!(20), json!(7), [json!(["9", 0]), json!(["2", 0]), json!(["9", 1]),
            json!(["9", 2])]),
    });
    check_front(nodes, &["1.wildcard_text", "3.seed"]);
}

#[test]
fn where_nothing_else_is_to_be_set_numbers_and_switches_stand_in_front() {
    let inputs = json!({"a": 1, "b": 0.5, "c": true, "path": "x/y.bin", "d": 2, "e": 3, "f": [1]});
    check_front(json!({"1": node("Tool", "Tool", inputs)}), &["1.a", "1.b", "1.c", "1.d"]);
    check_front(json!({"1": node("Tool", "Tool", json!({"path": "x/y.bin"}))}), &[]);
}

//! Which texts stand in front, by where they flow and what they look like, without descriptions of
//! their classes.

use pilotlight_comfy::language::Language;
use pilotlight_comfy::workflow::Workflow;
use pilotlight_forms::form::{Form, Given, derive};
use serde_json::{Map, Value, json};

fn form(graph: Value, name: &str) -> Form {
    let workflow = Workflow::from_value(graph).unwrap();
    derive(Given { workflow, classes: &[], author: None, app: None, name })
}

fn front(form: &Form) -> Vec<String> {
    let fields = form.fields.iter().filter(|field| !field.advanced);
    fields.map(|field| field.key.to_string()).collect()
}

/// A picture of two texts: node 6 encodes what node 20 gives, node 7 encodes a text of its own.
fn picture(more: Value) -> Value {
    let mut graph = json!({
        "3": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 20, "cfg": 7,
            "sampler_name": "euler", "scheduler": "normal", "denoise": 1, "model": ["4", 0],
            "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}},
        "5": {"class_type": "EmptyLatentImage",
            "inputs": {"width": 512, "height": 512, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["20", 0], "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "p"}},
    });
    let nodes: Map<String, Value> = more.as_object().unwrap().clone();
    graph.as_object_mut().unwrap().extend(nodes);
    graph
}

const OTHERS: [&str; 5] = ["7.text", "5.width", "5.height", "5.batch_size", "3.seed"];

/// Collects what differs, so that a run names every row of a table.
#[derive(Default)]
struct Differing(Vec<String>);

impl Differing {
    /// `texts`: the inputs that must stand in front besides the usual ones, and no others.
    fn check(&mut self, name: &str, more: Value, texts: &[&str]) {
        let form = form(picture(more), name);
        self.compare(name, &form, &[texts, &OTHERS].concat());
    }

    fn compare(&mut self, name: &str, form: &Form, expected: &[&str]) {
        let sorted = |keys: &mut dyn Iterator<Item = String>| {
            let mut keys: Vec<String> = keys.collect();
            keys.sort_unstable();
            keys
        };
        let found = sorted(&mut front(form).into_iter());
        let expected = sorted(&mut expected.iter().map(|key| (*key).to_owned()));
        if found != expected {
            self.0.push(format!("{name}: {found:?} instead of {expected:?}"));
        }
    }
}

impl Drop for Differing {
    fn drop(&mut self) {
        assert!(self.0.is_empty() || std::thread::panicking(), "{:#?}", self.0);
    }
}

#[test]
fn a_text_that_flows_into_an_encoder_stands_in_front() {
    let mut differing = Differing::default();
    let words = "a lamp in the fog";
    let table = [
        ("String Literal", json!({"string": words}), &["string"][..]),
        ("easy positive", json!({"positive": words}), &["positive"]),
        ("easy string", json!({"value": words}), &["value"]),
        (
            "easy wildcards",
            json!({"text": words, "seed": ["30", 0], "multiline_mode": false,
            "Select to add LoRA": "Select the LoRA to add to the text",
            "Select to add Wildcard": "Select the Wildcard to add to the text"}),
            &["text"],
        ),
        (
            "easy promptConcat",
            json!({"prompt1": words, "prompt2": "at night", "separator": ","}),
            &["prompt1", "prompt2"],
        ),
        (
            "easy promptLine",
            json!({"prompt": words, "start_index": 0, "max_rows": 1000,
            "remove_empty_lines": true}),
            &["prompt"],
        ),
        ("ttN text", json!({"text": words}), &["text"]),
        (
            "ttN concat",
            json!({"text1": words, "text2": "at night", "delimiter": ","}),
            &["text1", "text2"],
        ),
        ("CR Prompt Text", json!({"prompt": words}), &["prompt"]),
        ("CR Text", json!({"text": words}), &["text"]),
        (
            "CR Text Concatenate",
            json!({"text1": words, "text2": "at night", "separator": " "}),
            &["text1", "text2"],
        ),
        (
            "CR Combine Prompt",
            json!({"part1": words, "part2": "at night", "separator": ", "}),
            &["part1", "part2"],
        ),
        ("Text Multiline", json!({"text": words}), &["text"]),
        (
            "Text Concatenate",
            json!({"delimiter": ", ", "clean_whitespace": "true",
            "text_a": words, "text_b": "at night"}),
            &["text_a", "text_b"],
        ),
        (
            "Text Find and Replace",
            json!({"text": words, "find": "fog", "replace": "rain"}),
            &["text"],
        ),
        (
            "ImpactWildcardProcessor",
            json!({"wildcard_text": words, "populated_text": words,
            "mode": "populate", "seed": ["30", 0],
            "Select to add Wildcard": "Select the Wildcard to add to the text"}),
            &["wildcard_text"],
        ),
        (
            "StringConcatenate",
            json!({"string_a": words, "string_b": "at night",
            "delimiter": ", "}),
            &["string_a", "string_b"],
        ),
        ("StringReplace", json!({"string": words, "find": "fog", "replace": "rain"}), &["string"]),
        ("StringConstantMultiline", json!({"string": words, "strip_newlines": true}), &["string"]),
        (
            "JoinStrings",
            json!({"string1": words, "string2": "at night", "delimiter": " "}),
            &["string1", "string2"],
        ),
        ("JWStringConcat", json!({"a": words, "b": "at night"}), &["a", "b"]),
        (
            "StringFunction|pysssss",
            json!({"action": "append", "tidy_tags": "yes",
            "text_a": words, "text_b": "at night"}),
            &["text_a", "text_b"],
        ),
        (
            "SDXLPromptStyler",
            json!({"text_positive": words, "style": "sai-anime",
            "log_prompt": "No"}),
            &["text_positive"],
        ),
        (
            "DPRandomGenerator",
            json!({"text": "{red|blue} lamp", "seed": ["30", 0],
            "autorefresh": "No"}),
            &["text"],
        ),
        (
            "Power Prompt (rgthree)",
            json!({"prompt": words, "insert_lora": "CHOOSE",
            "insert_embedding": "CHOOSE", "insert_saved": "CHOOSE"}),
            &["prompt"],
        ),
        ("PrimitiveString", json!({"value": words}), &["value"]),
        ("PrimitiveStringMultiline", json!({"value": words}), &["value"]),
        ("DF_Text_Box", json!({"Text": words}), &["Text"]),
        ("LayerUtility: TextBox", json!({"text": words}), &["text"]),
        ("Anything", json!({"text": ""}), &["text"]),
        (
            "Joy_caption_two_advanced",
            json!({"caption_type": "Descriptive", "caption_length": "long",
            "caption_tone": "formal", "custom_prompt": words}),
            &["custom_prompt"],
        ),
        (
            "WD14Tagger|pysssss",
            json!({"model": "wd-v1-4-moat-tagger-v2", "exclude_tags": "solo",
            "threshold": 0.35, "trailing_comma": false, "image": ["40", 0]}),
            &[],
        ),
        (
            "Florence2Run",
            json!({"text_input": "", "task": "more_detailed_caption",
            "fill_mask": true, "image": ["40", 0]}),
            &["text_input"],
        ),
    ];
    let noise = json!({"class_type": "Seed (rgthree)", "inputs": {"seed": ["31", 0]}});
    for (class, inputs, texts) in table {
        let texts: Vec<String> = texts.iter().map(|text| format!("20.{text}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let node = json!({"class_type": class, "inputs": inputs});
        differing.check(class, json!({"20": node, "30": noise}), &texts);
    }
}

#[test]
fn a_text_passes_through_nodes_to_the_encoder() {
    let mut differing = Differing::default();
    let words = "a lamp in the fog";
    let table = [
        ("ShowText|pysssss", json!({"text": ["21", 0], "text_0": "what came of it"})),
        ("PreviewAny", json!({"source": ["21", 0], "preview_text": "what came of it"})),
        ("easy showAnything", json!({"anything": ["21", 0], "text": "what came of it"})),
        ("Reroute", json!({"": ["21", 0]})),
        ("Any Switch (rgthree)", json!({"any_01": ["21", 0]})),
        ("ImpactSwitch", json!({"select": 1, "sel_mode": false, "input1": ["21", 0]})),
        ("ComfySwitchNode", json!({"switch": true, "on_true": ["21", 0]})),
        ("StringTrim", json!({"string": ["21", 0], "mode": "Both"})),
        ("easy stringToIntList", json!({"string": ["21", 0]})),
    ];
    for (class, inputs) in table {
        for (source, input) in [
            ("String Literal", "string"),
            ("PrimitiveString", "value"),
            ("easy positive", "positive"),
        ] {
            let more = json!({"20": {"class_type": class, "inputs": inputs},
                "21": {"class_type": source, "inputs": {input: words}}});
            differing.check(&format!("{source}, {class}"), more, &[&format!("21.{input}")]);
        }
    }
}

#[test]
fn a_node_of_both_prompts_has_both_in_front() {
    let styler = json!({"text_positive": "a lamp", "text_negative": "blurry", "style": "base",
        "log_prompt": "No"});
    let more = json!({"20": {"class_type": "SDXLPromptStyler", "inputs": styler},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": ["20", 1], "clip": ["4", 1]}}});
    let form = form(picture(more), "");
    assert_eq!(front(&form)[..2], ["20.text_positive", "20.text_negative"]);
    assert_eq!(form.fields[1].label.get(Language::English), "Negative prompt");
}

/// Values that are no words for a model, even where they come to a text encoder.
fn names() -> Vec<(&'static str, String)> {
    let long = "Wan2.2-I2V-A14B-HighNoise-Lightning-4steps-lora-rank64-Seko-V1";
    [
        ("address", "https://example.org/a/b?c=d&e=f".to_owned()),
        ("local address", "http://127.0.0.1:11434".to_owned()),
        ("data address", format!("data:image/png;base64,{}", "iVBORw0KGgo".repeat(40))),
        ("long base64", "iVBORw0KGgoAAAANSUhEUgAA".repeat(20)),
        (
            "short base64",
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42Y="
                .to_owned(),
        ),
        ("long model", format!("video/{long}_bf16_comfyui.safetensors")),
        ("long model without an ending", long.to_owned()),
        ("path", "C:\\ComfyUI\\models\\a model of mine.gguf".to_owned()),
    ]
    .into()
}

fn code() -> Vec<(&'static str, String)> {
    let glsl = "#version 300 es\nprecision highp float;\nuniform sampler2D u;\nout vec4 fragColor;\n\
        void main() {\n  fragColor = texture(u, vec2(0.5));\n}\n";
    let old = "uniform float time;\nvoid mainImage(out vec4 color, in vec2 at) {\n  \
        color = vec4(at, sin(time), 1.0);\n}";
    [
        ("JSON object", "{\"a\": [1, 2], \"b\": {\"c\": null}}"),
        ("JSON list", "[{\"x\": 0.5, \"y\": 1}, {\"x\": 1, \"y\": 0}]"),
        ("JSON of many lines", "{\n  \"camera\": \"still\",\n  \"points\": [1, 2, 3]\n}\n"),
        ("JSON texts", "[\"one\", \"two\"]"),
        ("JSON numbers", "[[0, 0.5], [1, 1.0], [24, 0.25], [48, 0.125], [96, 0.0625], [120, 0]]"),
        ("GLSL", glsl),
        ("GLSL of a toy", old),
        ("Python", "import math\n\ndef run(a, b):\n    return math.sqrt(a * b)\n"),
    ]
    .map(|(name, code)| (name, code.to_owned()))
    .into()
}

#[test]
fn names_and_code_do_not_stand_in_front() {
    let mut differing = Differing::default();
    let inputs =
        ["text", "value", "string", "prompt", "fragment_shader", "model", "data", "points"];
    for (kind, value) in names().into_iter().chain(code()) {
        for input in inputs {
            let node = json!({"class_type": "Other", "inputs": {input: value, "seed": 4}});
            let name = format!("{kind} in {input}");
            // Alone, and beside words.
            let alone = form(json!({"20": node}), &name);
            differing.compare(&name, &alone, &["20.seed"]);
            let beside = json!({"20": {"class_type": "String Literal", "inputs": {"string": "a"}},
                "40": {"class_type": "Other", "inputs": {input: value}}});
            differing.check(&name, beside, &["20.string"]);
        }
    }
    for (kind, value) in names() {
        for (class, input) in
            [("String Literal", "string"), ("PrimitiveString", "value"), ("ttN text", "text")]
        {
            let node = json!({"class_type": class, "inputs": {input: value}});
            differing.check(&format!("{kind} in {class}"), json!({"20": node}), &[]);
        }
    }
}

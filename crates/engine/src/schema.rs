//! What a server says of a node class (`/object_info/{class}`): its inputs, their kinds and bounds.
//! Invariant: reading never fails on an odd description; what is not understood is left out.

use crate::number;
use serde_json::{Map, Value};

/// A node class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub name: String,
    pub display_name: String,
    /// Whether its result is one of the run's.
    pub output_node: bool,
    /// Required ones first, each part in the order its author gave.
    pub inputs: Vec<Input>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub name: String,
    pub required: bool,
    pub kind: Kind,
    pub default: Option<Value>,
    pub tooltip: Option<String>,
    pub advanced: bool,
}

/// What an input takes. Bounds include their ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Int {
        min: Option<i128>,
        max: Option<i128>,
        step: Option<i128>,
        /// The editor draws a new value after each run.
        control_after_generate: bool,
    },
    Float {
        min: Option<f64>,
        max: Option<f64>,
        step: Option<f64>,
        /// To what the editor rounds; the server does not.
        round: Option<f64>,
    },
    Text {
        multiline: bool,
    },
    Switch,
    Choice {
        options: Vec<Value>,
    },
    /// A picture of the server's input folder, which an upload can put there.
    Picture,
    /// A link to another node, or a type that has no widget here.
    Link,
}

impl Class {
    /// Reads one entry of an `object_info` reply.
    pub fn read(name: &str, entry: &Value) -> Option<Self> {
        let parts = entry.get("input")?.as_object()?;
        let mut inputs = Vec::new();
        for (part, required) in [("required", true), ("optional", false)] {
            let Some(described) = parts.get(part).and_then(Value::as_object) else {
                continue;
            };
            let order = entry.get("input_order").and_then(|order| order.get(part));
            for name in in_order(described, order) {
                if let Some(description) = described.get(name) {
                    inputs.extend(Input::read(name, required, description));
                }
            }
        }
        Some(Self {
            name: name.to_owned(),
            display_name: text(entry, "display_name").unwrap_or_else(|| name.to_owned()),
            output_node: flag(entry, "output_node"),
            inputs,
        })
    }

    /// Reads a whole `object_info` reply; `{}` is what a server answers of an unknown class.
    pub fn read_all(reply: &Value) -> Vec<Self> {
        let entries = reply.as_object().into_iter().flatten();
        entries.filter_map(|(name, entry)| Self::read(name, entry)).collect()
    }

    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }
}

impl Input {
    fn read(name: &str, required: bool, description: &Value) -> Option<Self> {
        let list = description.as_array()?;
        let none = Value::Null;
        let options = list.get(1).unwrap_or(&none);
        Some(Self {
            name: name.to_owned(),
            required,
            kind: Kind::read(list.first()?, options)?,
            default: options.get("default").cloned(),
            tooltip: text(options, "tooltip"),
            advanced: flag(options, "advanced"),
        })
    }
}

impl Kind {
    fn read(kind: &Value, options: &Value) -> Option<Self> {
        // `multiselect` takes a list of values, for which there is no widget.
        if flag(options, "forceInput") || flag(options, "multiselect") {
            return Some(Self::Link);
        }
        // The older notation: the list of choices stands where the name of the type does now.
        if let Some(list) = kind.as_array() {
            return Some(Self::choice(list, options));
        }
        let float = |key| options.get(key).and_then(Value::as_f64);
        let integer = |key| options.get(key).and_then(number::integer);
        Some(match kind.as_str()? {
            "INT" => Self::Int {
                min: integer("min"),
                max: integer("max"),
                step: integer("step").filter(|step| *step > 0),
                // `true`, or the name of what to do first.
                control_after_generate: options
                    .get("control_after_generate")
                    .is_some_and(|control| !matches!(control, Value::Null | Value::Bool(false))),
            },
            "FLOAT" => Self::Float {
                min: float("min"),
                max: float("max"),
                step: float("step").filter(|step| *step > 0.0),
                round: float("round").filter(|round| *round > 0.0),
            },
            "STRING" => Self::Text { multiline: flag(options, "multiline") },
            "BOOLEAN" => Self::Switch,
            "COMBO" => {
                let list = options.get("options").and_then(Value::as_array);
                Self::choice(list.map_or(&[], Vec::as_slice), options)
            }
            _ => Self::Link,
        })
    }

    fn choice(list: &[Value], options: &Value) -> Self {
        // An upload lands in the input folder; a list of another folder never offers it.
        let folder = options.get("image_folder").and_then(Value::as_str).unwrap_or("input");
        if flag(options, "image_upload") && folder == "input" {
            return Self::Picture;
        }
        Self::Choice { options: list.to_vec() }
    }
}

/// The names in the order the description gives, then those it forgot.
fn in_order<'a>(described: &'a Map<String, Value>, order: Option<&'a Value>) -> Vec<&'a str> {
    let order = order.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut names: Vec<&str> = order.iter().filter_map(Value::as_str).collect();
    for name in described.keys() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
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
                Kind::Choice { options } => format!("one of {} …", options[0]),
                Kind::Picture => "picture".to_owned(),
                Kind::Link => "link".to_owned(),
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
        check_kind(json!(["COMBO", {"multiselect": true, "options": ["a"]}]), Some(Kind::Link));
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
}

//! A class as the file of a workflow carries it: a short `object_info` entry.
//! Invariant: `Class::read` makes the same class of it; what the page does not use is left out.

use super::{Branch, Class, Fixed, Input, Kind};
use crate::json;
use crate::number::json_integer;
use serde_json::{Map, Number, Value};

impl Class {
    /// The entry that reads as this class.
    pub fn to_value(&self) -> Value {
        let mut fields = vec![("input", parts(&self.inputs)), ("input_order", order(&self.inputs))];
        if self.display_name != self.name {
            fields.push(("display_name", self.display_name.as_str().into()));
        }
        for (key, on) in [("output_node", self.output_node), ("shipped", self.shipped)] {
            if on {
                fields.push((key, true.into()));
            }
        }
        json::object(fields)
    }
}

const PARTS: [(&str, bool); 2] = [("required", true), ("optional", false)];

fn parts(inputs: &[Input]) -> Value {
    let mut both = Map::new();
    for (part, required) in PARTS {
        let mut one = Map::new();
        for input in inputs.iter().filter(|input| input.required == required) {
            one.insert(input.name.clone(), input.to_value());
        }
        if !one.is_empty() {
            both.insert(part.to_owned(), Value::Object(one));
        }
    }
    Value::Object(both)
}

/// A JSON object has no order of its own, so the order stands beside it.
fn order(inputs: &[Input]) -> Value {
    let mut both = Map::new();
    for (part, required) in PARTS {
        let names = inputs.iter().filter(|input| input.required == required);
        let names: Vec<Value> = names.map(|input| input.name.as_str().into()).collect();
        if !names.is_empty() {
            both.insert(part.to_owned(), Value::Array(names));
        }
    }
    Value::Object(both)
}

impl Input {
    fn to_value(&self) -> Value {
        let (kind, mut options) = self.kind.to_parts();
        if let Some(default) = &self.default {
            options.push(("default", default.clone()));
        }
        for (key, text) in [("display_name", &self.display_name), ("tooltip", &self.tooltip)] {
            if let Some(text) = text {
                options.push((key, text.as_str().into()));
            }
        }
        for (key, on) in [("advanced", self.advanced), ("hidden", self.hidden)] {
            if on {
                options.push((key, true.into()));
            }
        }
        let mut list = vec![Value::from(kind)];
        if !options.is_empty() {
            list.push(json::object(options));
        }
        Value::Array(list)
    }
}

type Options = Vec<(&'static str, Value)>;

impl Kind {
    /// The name of the type, and what is said of it.
    fn to_parts(&self) -> (&'static str, Options) {
        let on = |flag| vec![(flag, Value::Bool(true))];
        match self {
            Self::Int { min, max, step, control_after_generate } => {
                let mut options = numbers([*min, *max, *step], json_integer);
                if *control_after_generate {
                    options.push(("control_after_generate", true.into()));
                }
                ("INT", options)
            }
            Self::Float { min, max, step, round } => {
                let mut options = numbers([*min, *max, *step], Number::from_f64);
                if let Some(round) = round.and_then(Number::from_f64) {
                    options.push(("round", round.into()));
                }
                ("FLOAT", options)
            }
            Self::Text { multiline: true } => ("STRING", on("multiline")),
            Self::Text { multiline: false } => ("STRING", Vec::new()),
            Self::Switch => ("BOOLEAN", Vec::new()),
            Self::Choice { options } => ("COMBO", vec![("options", options.as_slice().into())]),
            Self::Branches(branches) => {
                let options: Vec<Value> = branches.iter().map(Branch::to_value).collect();
                ("COMFY_DYNAMICCOMBO_V3", vec![("options", options.into())])
            }
            Self::Picture => ("COMBO", on("image_upload")),
            Self::Video => ("COMBO", on("video_upload")),
            Self::Sound => ("COMBO", on("audio_upload")),
            Self::Growing => ("COMFY_AUTOGROW_V3", Vec::new()),
            Self::Link => ("*", Vec::new()),
            Self::Fixed(Fixed::Several) => ("COMBO", on("multiselect")),
            Self::Fixed(Fixed::File) => ("COMBO", on("file_upload")),
            Self::Fixed(Fixed::Drawn | Fixed::Branches | Fixed::Long | Fixed::Unknown) => {
                ("STRING", vec![("widgetType", "DRAWN".into())])
            }
        }
    }
}

fn numbers<T: Copy>(bounds: [Option<T>; 3], number: impl Fn(T) -> Option<Number>) -> Options {
    let mut options = Vec::new();
    for (key, bound) in ["min", "max", "step"].into_iter().zip(bounds) {
        if let Some(number) = bound.and_then(&number) {
            options.push((key, number.into()));
        }
    }
    options
}

impl Branch {
    fn to_value(&self) -> Value {
        json::object(vec![("key", self.key.as_str().into()), ("inputs", parts(&self.inputs))])
    }
}

//! The node classes this ComfyUI has, as the recordings of both versions describe them.
//!
//! Invariant: the facts stand in `data/classes-*.json`, parsed once for all worlds.

use std::sync::OnceLock;

use crate::json::Json;
use crate::params::{Params, Version};
use crate::parse;

/// One input of a class.
#[derive(Debug)]
pub struct Input {
    pub name: String,
    pub required: bool,
    /// The type's name, or the list of options.
    pub kind: Json,
    /// `default`, `min`, `max` and the rest; an empty object when there is nothing.
    pub options: Json,
}

/// One node class.
#[derive(Debug)]
pub struct Class {
    pub name: String,
    pub inputs: Vec<Input>,
    /// The names of what the server puts in by itself.
    pub hidden: Vec<String>,
    pub outputs: Vec<String>,
    pub output_node: bool,
    /// What `/object_info/{class}` says between the name and the closing brace.
    pub description: Json,
}

/// The classes of a version.
pub fn classes(version: Version) -> &'static [Class] {
    static NEW: OnceLock<Vec<Class>> = OnceLock::new();
    static OLD: OnceLock<Vec<Class>> = OnceLock::new();
    match version {
        Version::V0_33_0 => {
            NEW.get_or_init(|| read(include_str!("../../data/classes-0.33.0.json")))
        }
        Version::V0_3_64 | Version::Ancient => {
            OLD.get_or_init(|| read(include_str!("../../data/classes-0.3.64.json")))
        }
    }
}

/// The class of that name, unless it is among the `missing`.
pub fn find(version: Version, missing: &[String], name: &str) -> Option<&'static Class> {
    classes(version).iter().find(|class| class.name == name && !missing.contains(&class.name))
}

/// What an input takes, with the models that somebody put there.
pub fn with_models(input: &Input, params: &Params) -> Json {
    let mut kind = input.kind.clone();
    if let Json::List(known) = &mut kind
        && input.name == "model_name"
    {
        known.extend(params.more_models.iter().map(|name| Json::from(name.as_str())));
    }
    kind
}

fn read(text: &str) -> Vec<Class> {
    let all = parse::python(text.as_bytes()).unwrap_or(Json::Null);
    all.as_map()
        .unwrap_or_default()
        .iter()
        .map(|(name, description)| class(name, description))
        .collect()
}

fn class(name: &str, description: &Json) -> Class {
    let mut inputs = Vec::new();
    for (group, required) in [("required", true), ("optional", false)] {
        let members = description
            .get("input")
            .and_then(|i| i.get(group))
            .and_then(Json::as_map)
            .unwrap_or_default();
        inputs.extend(members.iter().map(|(name, spec)| {
            let spec = spec.as_list().unwrap_or_default();
            Input {
                name: name.clone(),
                required,
                kind: spec.first().cloned().unwrap_or(Json::Null),
                options: spec.get(1).cloned().unwrap_or(Json::Map(Vec::new())),
            }
        }));
    }
    let outputs = description.get("output").and_then(Json::as_list).unwrap_or_default();
    let hidden = description.get("input").and_then(|i| i.get("hidden")).and_then(Json::as_map);
    Class {
        name: name.to_owned(),
        hidden: hidden.unwrap_or_default().iter().map(|(name, _)| name.clone()).collect(),
        inputs,
        outputs: outputs.iter().filter_map(|o| o.as_str().map(str::to_owned)).collect(),
        output_node: description.get("output_node") == Some(&Json::Bool(true)),
        description: description.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(version: Version, class: &str, inputs: usize, outputs: usize, output_node: bool) {
        let class = find(version, &[], class).unwrap();
        assert_eq!(
            (class.inputs.len(), class.outputs.len(), class.output_node),
            (inputs, outputs, output_node)
        );
    }

    #[test]
    fn both_versions_have_the_classes_of_the_guide() {
        for version in [Version::V0_33_0, Version::V0_3_64] {
            check(version, "JanusModelLoader", 1, 2, false);
            check(version, "JanusImageGeneration", 8, 1, false);
            check(version, "JanusImageUnderstanding", 8, 1, false);
            check(version, "LoadImage", 1, 2, false);
            check(version, "ShowText|pysssss", 1, 1, true);
            check(version, "SaveText|pysssss", 5, 1, true);
        }
        check(Version::V0_33_0, "SaveImage", 2, 1, true);
        check(Version::V0_3_64, "SaveImage", 2, 0, true);
    }

    #[test]
    fn a_missing_class_is_missing() {
        assert!(find(Version::V0_33_0, &["LoadImage".to_owned()], "LoadImage").is_none());
        assert!(find(Version::V0_33_0, &[], "NoSuchNode").is_none());
    }
}

//! Descriptions of ComfyUI's own nodes for the time before a server is asked: the file that the page
//! ships, and how it is made from a server's `/object_info`.
//! Invariant: the file has one class on each line, in the format of `/object_info/{class}`, and no
//! list of what only a server knows, such as its models.

use super::ordered::Ordered;
use crate::json;
use serde_json::{Value, json};
use std::fmt::Write;

/// Begins the line with the version; a class of this name would have an `input`.
const VERSION: &str = "comfyui";

/// Returns the version of ComfyUI that the file was made from.
pub fn version(file: &str) -> Option<String> {
    let (_, value) = lines(file).find(|(name, _)| *name == VERSION)?;
    Some(json::parse(value)?.get(VERSION)?.as_str()?.to_owned())
}

/// Returns the descriptions of these classes, each as a reply of `/object_info/{class}`; none for a
/// class that the file does not have.
pub fn replies(file: &str, names: &[String]) -> Vec<String> {
    let is_wanted = |name: &str| names.iter().any(|wanted| wanted == name);
    let found = lines(file).filter(|(name, _)| *name != VERSION && is_wanted(name));
    found.map(|(_, reply)| reply.to_owned()).collect()
}

/// The name of what each line describes, and the JSON of the line.
fn lines(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.lines().filter_map(|line| {
        let object = line.trim_start_matches('[').trim_end_matches([',', ']']);
        Some((object.strip_prefix("{\"")?.split_once('"')?.0, object))
    })
}

/// Makes the file from a whole `/object_info` reply of ComfyUI `version`. Of each class that belongs
/// to ComfyUI it keeps what a form and a prompt are made of, and no text for people but names;
/// `None`: the reply is no JSON object.
pub fn pack(reply: &str, version: &str) -> Option<String> {
    let Ok(Ordered::Object(classes)) = serde_json::from_str(reply) else { return None };
    let mut file = format!("[{}", json!({ VERSION: version }));
    for (name, class) in &classes {
        let module = class.get("python_module").and_then(Ordered::text).unwrap_or_default();
        let module = module.split('.').next().unwrap_or_default();
        let is_plain = name.chars().all(|c| !matches!(c, '"' | '\\') && !c.is_control());
        if MODULES.contains(&module) && is_plain {
            file.push_str(",\n");
            write(&Ordered::Object(vec![(name.clone(), entry(name, class))]), &mut file);
        }
    }
    file.push_str("]\n");
    Some(file)
}

/// The Python modules of ComfyUI itself.
const MODULES: [&str; 3] = ["nodes", "comfy_extras", "comfy_api_nodes"];

/// Lists of what a server has, although no file ending tells.
const OF_SERVER: [(&str, &str); 9] = [
    ("LoadImageDataSetFromFolder", "folder"),
    ("LoadImageTextDataSetFromFolder", "folder"),
    ("LoadVideoDataSetFromFolder", "folder"),
    ("LoadVideoTextDataSetFromFolder", "folder"),
    ("ModelAttentionBackend", "attention"),
    ("SelectCLIPDevice", "device"),
    ("SelectModelDevice", "device"),
    ("SelectVAEDevice", "device"),
    ("VAELoader", "vae_name"),
];

/// Endings of files that lists offer.
const FILES: [&str; 18] = [
    ".bin",
    ".ckpt",
    ".gguf",
    ".glb",
    ".jpg",
    ".jpeg",
    ".latent",
    ".mp3",
    ".mp4",
    ".onnx",
    ".png",
    ".pt",
    ".pth",
    ".safetensors",
    ".sft",
    ".wav",
    ".webm",
    ".webp",
];

fn entry(name: &str, class: &Ordered) -> Ordered {
    let input = class.get("input");
    let mut fields = vec![field("input", parts(name, input))];
    // The same order once more: one reader's objects are sorted by name.
    let names = |part: &str| match input.and_then(|input| input.get(part)) {
        Some(Ordered::Object(inputs)) if !inputs.is_empty() => {
            let order = class.get("input_order").and_then(|order| order.get(part));
            let names = order.map(Ordered::items).filter(|names| names.len() == inputs.len());
            let names = names.map(|names| names.iter().map(copy).collect());
            let text = |(name, _): &(String, Ordered)| plain(name.as_str());
            Some(names.unwrap_or_else(|| inputs.iter().map(text).collect()))
        }
        Some(_) | None => None,
    };
    let order = PARTS.iter().filter_map(|part| Some(field(part, Ordered::List(names(part)?))));
    fields.push(field("input_order", Ordered::Object(order.collect())));
    fields.push(field("output", class.get("output").map_or_else(|| plain(json!([])), copy)));
    if let Some(title) = class.get("display_name").filter(|title| title.text() != Some(name)) {
        fields.push(field("display_name", copy(title)));
    }
    if class.get("output_node").is_some_and(Ordered::truthy) {
        fields.push(field("output_node", plain(true)));
    }
    fields.push(field("shipped", plain(true)));
    Ordered::Object(fields)
}

const PARTS: [&str; 2] = ["required", "optional"];

fn parts(class: &str, input: Option<&Ordered>) -> Ordered {
    let parts = PARTS.iter().filter_map(|part| {
        let inputs = input?.get(part)?.fields();
        let spec = |(name, spec): &(String, Ordered)| (name.clone(), spec_of(class, name, spec));
        (!inputs.is_empty())
            .then(|| field(part, Ordered::Object(inputs.iter().map(spec).collect())))
    });
    Ordered::Object(parts.collect())
}

/// What is kept of the description of an input: its type or choices, and what its editor holds to.
fn spec_of(class: &str, name: &str, spec: &Ordered) -> Ordered {
    let Some(kind) = spec.items().first() else { return copy(spec) };
    let told = spec.items().get(1).map_or(&[][..], Ordered::fields);
    let uploads = told.iter().any(|(key, on)| key.ends_with("_upload") && on.truthy());
    let is_of_server = |list: &[Ordered]| {
        uploads
            || OF_SERVER.contains(&(class, name))
            || list.iter().filter_map(Ordered::text).any(|text| {
                let text = text.to_ascii_lowercase();
                FILES.iter().any(|ending| text.ends_with(ending))
            })
    };
    let listed = |list: &Ordered| match list {
        Ordered::List(items) if is_of_server(items) => plain(json!([])),
        Ordered::List(_) | Ordered::Plain(_) | Ordered::Object(_) => copy(list),
    };
    let is_branching = kind.text() == Some("COMFY_DYNAMICCOMBO_V3");
    let keep = |(key, value): &(String, Ordered)| {
        let value = match key.as_str() {
            "min" | "max" | "step" | "round" | "default" | "display_name" | "image_folder"
            | "widgetType" => copy(value),
            "control_after_generate"
            | "multiline"
            | "dynamicPrompts"
            | "forceInput"
            | "multiselect"
            | "advanced"
            | "hidden"
            | "socketless"
                if value.truthy() =>
            {
                copy(value)
            }
            _ if key.ends_with("_upload") && value.truthy() => copy(value),
            // Where the list is asked for does not matter, only that it is.
            "remote" => plain(json!({})),
            "options" if is_branching => {
                Ordered::List(value.items().iter().map(|option| branch(class, option)).collect())
            }
            "options" => listed(value),
            "template" if kind.text() == Some("COMFY_AUTOGROW_V3") => template(class, value),
            _ => return None,
        };
        Some((key.clone(), value))
    };
    let kept: Vec<(String, Ordered)> = told.iter().filter_map(keep).collect();
    let mut items = vec![listed(kind)];
    if !kept.is_empty() {
        items.push(Ordered::Object(kept));
    }
    Ordered::List(items)
}

/// An option of a dynamic choice, with the inputs that it brings.
fn branch(class: &str, option: &Ordered) -> Ordered {
    let key = option.get("key").map_or_else(|| plain(Value::Null), copy);
    Ordered::Object(vec![field("key", key), field("inputs", parts(class, option.get("inputs")))])
}

/// What the inputs of a group that grows are called.
fn template(class: &str, template: &Ordered) -> Ordered {
    let keep = |(key, value): &(String, Ordered)| match key.as_str() {
        "input" => Some(field(key, parts(class, Some(value)))),
        "names" | "prefix" | "min" => Some(field(key, copy(value))),
        _ => None,
    };
    Ordered::Object(template.fields().iter().filter_map(keep).collect())
}

fn field(key: &str, value: Ordered) -> (String, Ordered) {
    (key.to_owned(), value)
}

fn plain(value: impl Into<Value>) -> Ordered {
    Ordered::Plain(value.into())
}

fn copy(value: &Ordered) -> Ordered {
    match value {
        Ordered::Plain(value) => plain(value.clone()),
        Ordered::List(items) => Ordered::List(items.iter().map(copy).collect()),
        Ordered::Object(fields) => {
            Ordered::Object(fields.iter().map(|(key, value)| field(key, copy(value))).collect())
        }
    }
}

/// Writes JSON without blanks.
fn write(value: &Ordered, into: &mut String) {
    let text = |text: &str| json::text(&Value::from(text));
    match value {
        Ordered::Plain(value) => into.push_str(&json::text(value)),
        Ordered::List(items) => {
            for (at, item) in items.iter().enumerate() {
                into.push(if at == 0 { '[' } else { ',' });
                write(item, into);
            }
            into.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Ordered::Object(fields) => {
            for (at, (key, value)) in fields.iter().enumerate() {
                // Writing to a text cannot fail.
                let _ = write!(into, "{}{}:", if at == 0 { '{' } else { ',' }, text(key));
                write(value, into);
            }
            into.push_str(if fields.is_empty() { "{}" } else { "}" });
        }
    }
}

#[cfg(test)]
mod tests;

//! What one entry of a node's outputs is. Packs choose their own keys: any of them may hold files or
//! texts. Invariant: whatever an entry is, it is a file, a text, or nothing to show.

use super::{Content, FileRef};
use crate::json;
use serde_json::Value;

/// Keys under which a node shows values, whatever their type.
const SHOWN: [&str; 3] = ["text", "texts", "value"];

/// Keys under which only files are expected.
const FILES: [&str; 8] =
    ["3d", "animated", "audio", "bg_image", "gifs", "images", "latents", "video"];

/// Models that a view of the editor names by path alone, below the folder of outputs.
const MODELS: [&str; 10] =
    ["fbx", "glb", "gltf", "ksplat", "obj", "ply", "splat", "spz", "stl", "usdz"];

/// How the texts begin that are pictures for the editor's own view.
const PICTURES: [&str; 4] = ["data:image/", "iVBORw0KGgo", "/9j/", "UklGR"];

/// Reads an entry that stands under this key.
pub(super) fn content(key: &str, item: &Value, ended_ms: Option<u64>) -> Option<Content> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let owned = |key: &str| text(key).unwrap_or_default().to_owned();
    if let Some(name) = text("filename") {
        return (!name.is_empty()).then(|| {
            Content::File(FileRef {
                filename: name.to_owned(),
                subfolder: owned("subfolder"),
                folder: text("type").unwrap_or("output").to_owned(),
                format: owned("format"),
                ended_ms,
            })
        });
    }
    if let (true, Some(file)) = (key == "result", item.as_str().and_then(model)) {
        return Some(Content::File(FileRef { ended_ms, ..file }));
    }
    if FILES.contains(&key) {
        return None;
    }
    let is_shown = SHOWN.contains(&key);
    match item {
        Value::String(text) if !is_shown && PICTURES.iter().any(|it| text.starts_with(it)) => None,
        Value::String(text) if !is_shown && text.trim().is_empty() => None,
        Value::Bool(_) | Value::Number(_) | Value::Object(_) if !is_shown => None,
        Value::Array(list) if !is_shown && !list.iter().any(Value::is_string) => None,
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => text_of(item).map(Content::Text),
    }
}

/// A path such as `mesh/lamp.glb`.
fn model(path: &str) -> Option<FileRef> {
    let (_, end) = path.rsplit_once('.')?;
    let is_model = MODELS.contains(&end.to_ascii_lowercase().as_str());
    let is_inside = !path.starts_with('/') && !path.contains([':', '\\']);
    if !is_model || !is_inside || path.split('/').any(|part| part == "..") {
        return None;
    }
    let (subfolder, filename) = path.rsplit_once('/').unwrap_or(("", path));
    Some(FileRef {
        filename: filename.to_owned(),
        subfolder: subfolder.to_owned(),
        folder: "output".to_owned(),
        format: String::new(),
        ended_ms: None,
    })
}

/// Nodes that take lists nest them, and some show a number as it is.
fn text_of(item: &Value) -> Option<String> {
    match item {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => {
            let lines: Vec<String> = lines.iter().filter_map(text_of).collect();
            Some(lines.join("\n")).filter(|_| !lines.is_empty())
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Some(json::text(item)),
    }
}

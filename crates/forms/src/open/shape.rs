//! What a JSON value looks like: a graph to run, a workflow of the editor, JSON as a text.
//! Invariant: nothing is changed here.

use pilotlight_comfy::json;
use serde_json::Value;

/// JSON that stands as a text inside JSON; some programs write it twice over.
pub(super) fn read(mut value: Value) -> Option<Value> {
    for _ in 0..MAX_TIMES {
        match value {
            Value::String(text) => value = json::parse(&text)?,
            Value::Object(_) => return Some(value),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
        }
    }
    None
}

/// How often JSON is read as a text inside JSON.
const MAX_TIMES: usize = 4;

/// Whether any of its members is a node to run.
pub(super) fn is_graph(value: &Value) -> bool {
    let nodes = value.as_object().into_iter().flatten();
    nodes.into_iter().any(|(_, node)| node.get("class_type").is_some())
}

/// Other programs have lists of nodes too: these have an `id` and a `type`, and the whole has
/// `links` or a numbered version.
pub(super) fn is_editor(value: &Value) -> bool {
    let Some(nodes) = value.get("nodes").and_then(Value::as_array) else {
        return false;
    };
    let is_node =
        |node: &Value| node.get("id").is_some() && node.get("type").is_some_and(Value::is_string);
    let linked = value.get("links").is_some_and(Value::is_array);
    let versioned = value.get("version").is_some_and(Value::is_number);
    (linked || versioned) && nodes.iter().all(is_node)
}

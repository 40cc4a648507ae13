//! Saved values that are not sent, because no input of their node takes them.
//! Invariant: what means nothing is passed over: empty values, and the words of a control that the
//! editor keeps behind a number.

use super::file::{File, Mode, Role};
use super::widgets::CONTROLS;
use crate::json;
use serde_json::Value;

/// A saved value that the prompt does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untaken {
    /// The id of the node.
    pub node: String,
    /// What a person calls the node.
    pub title: String,
    /// The value, shortened.
    pub value: String,
}

/// More than a person reads.
const MAX_NAMED: usize = 20;
const MAX_CHARS: usize = 60;

/// Returns them in the order of the nodes.
pub(super) fn of(file: &File) -> Vec<Untaken> {
    let mut found = Vec::new();
    for node in file.graphs.iter().flat_map(|graph| &graph.nodes) {
        if node.mode != Mode::Runs || !matches!(node.role, Role::Class { .. }) {
            continue;
        }
        for value in node.untaken.iter().filter(|value| means_something(value)) {
            if found.len() == MAX_NAMED {
                return found;
            }
            let text = value.as_str().map_or_else(|| json::text(value), str::to_owned);
            let value = crate::language::one_line(&text, MAX_CHARS);
            found.push(Untaken { node: node.id.clone(), title: node.label().to_owned(), value });
        }
    }
    found
}

fn means_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(_) => true,
        Value::String(text) => {
            let bare = text.trim();
            !bare.is_empty() && bare != "image" && !CONTROLS.contains(&bare)
        }
        Value::Array(list) => list.iter().any(means_something),
        Value::Object(map) => map.values().any(means_something),
    }
}

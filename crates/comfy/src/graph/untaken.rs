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

impl Untaken {
    /// `None` where the value means nothing.
    pub(super) fn of(node: &str, title: &str, value: &Value) -> Option<Self> {
        let text = || value.as_str().map_or_else(|| json::text(value), str::to_owned);
        means_something(value).then(|| Self {
            node: node.to_owned(),
            title: title.to_owned(),
            value: crate::language::one_line(&text(), MAX_CHARS),
        })
    }
}

/// Adds those of a file to `found`, in the order of its nodes.
pub(super) fn of(file: &File, mut found: Vec<Untaken>) -> Vec<Untaken> {
    found.truncate(MAX_NAMED);
    for node in file.graphs.iter().flat_map(|graph| &graph.nodes) {
        if node.mode != Mode::Runs || !matches!(node.role, Role::Class { .. }) {
            continue;
        }
        for value in &node.untaken {
            if found.len() == MAX_NAMED {
                return found;
            }
            found.extend(Untaken::of(&node.id, node.label(), value));
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

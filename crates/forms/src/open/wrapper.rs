//! Workflows somewhere inside JSON of other programs: a request to a worker, a saved view.
//! Invariant: the search ends within its limits; what is beside a workflow is named.

use super::shape::{is_editor, is_graph, read};
use serde_json::Value;

/// Deeper than any program wraps a workflow.
const MAX_DEPTH: usize = 5;
/// Values that are looked at.
const MAX_VALUES: usize = 20_000;
/// Names that a person reads.
const MAX_NAMES: usize = 20;

/// Finds the first graph to run and the first of the editor; names what else has contents.
pub(super) fn inside(value: &Value, left_out: &mut Vec<String>) -> (Option<Value>, Option<Value>) {
    let mut search = Search { found: (None, None), names: Vec::new(), left: MAX_VALUES };
    search.look(value, "", MAX_DEPTH);
    if search.found != (None, None) {
        left_out.extend(search.names.into_iter().take(MAX_NAMES));
    }
    search.found
}

struct Search {
    found: (Option<Value>, Option<Value>),
    names: Vec<String>,
    left: usize,
}

impl Search {
    /// Returns whether a workflow is in the value.
    fn look(&mut self, value: &Value, path: &str, depth: usize) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let unpacked = match value {
            Value::String(text) if text.trim_start().starts_with('{') => read(value.clone()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return false,
            Value::Array(_) | Value::Object(_) => None,
        };
        let value = unpacked.as_ref().unwrap_or(value);
        let (graph, editor) = (is_graph(value), is_editor(value));
        if graph || editor {
            let (prompt, workflow) = &mut self.found;
            let place = if graph { prompt } else { workflow };
            match place {
                None => *place = Some(value.clone()),
                Some(first) if first == value => {}
                Some(_) => self.names.push(path.to_owned()),
            }
            return true;
        }
        let Some(depth) = depth.checked_sub(1) else { return false };
        let entries: Vec<(String, &Value)> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| {
                    let dot = if path.is_empty() { "" } else { "." };
                    ([path, dot, key].concat(), value)
                })
                .collect(),
            Value::Array(list) => {
                let entry = |(at, value)| (format!("{path}[{at}]"), value);
                list.iter().enumerate().map(entry).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        let mut beside = Vec::new();
        let mut any = false;
        for (path, value) in entries {
            if self.look(value, &path, depth) {
                any = true;
            } else if has_contents(value) && beside.len() < MAX_NAMES {
                beside.push(path);
            }
        }
        if any {
            self.names.append(&mut beside);
        }
        any
    }
}

fn has_contents(value: &Value) -> bool {
    match value {
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

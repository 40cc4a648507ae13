//! Nodes that save a list of rows for which their class describes no inputs.
//! Invariant: rows are named and sent as the pack's own queue does it.

use super::origin::Origin;
use serde_json::{Map, Value};
use std::ptr;

const POWER_LORA_LOADER: &str = "Power Lora Loader (rgthree)";
const HEADER: &str = "PowerLoraLoaderHeaderWidget";

/// Returns the class whose list of choices the rows of a class are chosen from; `None` for a class
/// without rows.
pub fn list_class(class: &str) -> Option<&'static str> {
    (class == POWER_LORA_LOADER).then_some("LoraLoader")
}

/// A row, as it is sent.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// Returns the rows of a node of this class; `None` for a class without any.
pub(super) fn read(class: &str, list: &[Value]) -> Option<Vec<Row>> {
    if class != POWER_LORA_LOADER {
        return None;
    }
    let header = Map::from_iter([("type".to_owned(), Value::String(HEADER.to_owned()))]);
    let row = |name: &str, value| Row { name: name.to_owned(), value, origin: None };
    let mut rows = vec![row(HEADER, Value::Object(header))];
    for saved in list {
        let Some(row) = saved.as_object().filter(|row| row.contains_key("lora")) else { continue };
        // A second strength is only set where the node shows two.
        let is_kept = |(key, value): &(&String, &Value)| *key != "strengthTwo" || !value.is_null();
        let kept = row.iter().filter(is_kept).map(|(key, value)| (key.clone(), value.clone()));
        let name = format!("lora_{}", rows.len());
        let origin = Some(ptr::from_ref(saved));
        rows.push(Row { name, value: Value::Object(kept.collect()), origin });
    }
    rows.push(row("➕ Add Lora", Value::String(String::new())));
    Some(rows)
}

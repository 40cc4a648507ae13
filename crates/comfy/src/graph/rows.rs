//! Nodes that save a list of rows for which their class describes no inputs.
//! Invariant: rows are named and sent as the pack's own queue does it.

use serde_json::{Map, Value};

const POWER_LORA_LOADER: &str = "Power Lora Loader (rgthree)";
const HEADER: &str = "PowerLoraLoaderHeaderWidget";

/// Returns the class whose list of choices the rows of a class are chosen from; `None` for a class
/// without rows.
pub fn list_class(class: &str) -> Option<&'static str> {
    (class == POWER_LORA_LOADER).then_some("LoraLoader")
}

/// Returns the rows of a node of this class; `None` for a class without any.
pub(super) fn read(class: &str, list: &[Value]) -> Option<Vec<(String, Value)>> {
    if class != POWER_LORA_LOADER {
        return None;
    }
    let header = Map::from_iter([("type".to_owned(), Value::String(HEADER.to_owned()))]);
    let mut rows = vec![(HEADER.to_owned(), Value::Object(header))];
    for row in list.iter().filter_map(Value::as_object).filter(|row| row.contains_key("lora")) {
        // A second strength is only set where the node shows two.
        let is_kept = |(key, value): &(&String, &Value)| *key != "strengthTwo" || !value.is_null();
        let kept = row.iter().filter(is_kept).map(|(key, value)| (key.clone(), value.clone()));
        let name = format!("lora_{}", rows.len());
        rows.push((name, Value::Object(kept.collect())));
    }
    rows.push(("➕ Add Lora".to_owned(), Value::String(String::new())));
    Some(rows)
}

//! Which classes a workflow in the editor's format names, before it is converted.
//! Invariant: each name once; what is no node is passed over.

use super::editor_only::{editor_only, group_name};
use super::groups::definition;
use serde_json::Value;

/// The types of its nodes and of those in its subgraphs and group nodes, sorted. Neither a subgraph
/// nor a group is a class.
pub fn classes(editor: &Value) -> Vec<String> {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let subgraphs = list(editor.get("definitions").and_then(|all| all.get("subgraphs")));
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut names: Vec<String> = Vec::new();
    for nodes in std::iter::once(editor).chain(&subgraphs).map(|graph| list(graph.get("nodes"))) {
        names.extend(nodes.iter().filter_map(|node| text(node, "type")));
    }
    names.sort();
    names.dedup();
    for at in 0..names.len() {
        let inner = names.get(at).and_then(|name| definition(editor, name));
        let inner = inner.and_then(|group| group.get("nodes")?.as_array());
        let inner: Vec<String> =
            inner.into_iter().flatten().filter_map(|node| text(node, "type")).collect();
        names.extend(inner);
    }
    let mut ids: Vec<String> = subgraphs.iter().filter_map(|graph| text(graph, "id")).collect();
    ids.sort();
    names.sort();
    names.dedup();
    let is_none = |name: &str| editor_only(name).is_some() || group_name(name).is_some();
    names.retain(|name| ids.binary_search(name).is_err() && !is_none(name));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn classes_are_named_once_and_subgraphs_are_none() {
        let editor = json!({
            "nodes": [{"type": "KSampler"}, {"type": "s-1"}, {"type": "Note"}, {"type": 3}, 7],
            "definitions": {"subgraphs": [
                {"id": "s-1", "nodes": [{"type": "VAEDecode"}, {"type": "KSampler"}, {"type": "s-2"}]},
                {"id": "s-2", "nodes": [{"type": "Reroute"}, {"type": "CLIPTextEncode"}]},
            ]},
        });
        assert_eq!(classes(&editor), ["CLIPTextEncode", "KSampler", "VAEDecode"]);
        for odd in [json!(null), json!([]), json!({"nodes": 3}), json!({"definitions": []})] {
            assert!(classes(&odd).is_empty(), "{odd}");
        }
    }
}

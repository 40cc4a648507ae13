//! The nodes of the editor's JSON with those in its subgraphs, and what an input of an instance
//! stands for. Invariant: every walk is bounded, whatever refers to what.

use super::super::FieldKey;
use pilotlight_comfy::number::shown;
use serde_json::Value;
use std::cell::Cell;

/// Nodes that are looked at, those in subgraphs as often as they stand there.
const MAX_NODES: usize = 5_000;
const MAX_DEPTH: usize = 8;
/// Nodes, links and definitions that all searches together look at.
const MAX_STEPS: usize = 2_000_000;
/// Inputs that one input may stand for.
const MAX_PLACES: usize = 16;

/// A node, and the path of the instances that it stands in: empty, or `8:7:`.
struct Node<'a> {
    path: String,
    graph: &'a Value,
    body: &'a Value,
}

/// All nodes of a file.
pub(super) struct Placed<'a> {
    nodes: Vec<Node<'a>>,
    definitions: Vec<&'a Value>,
    left: Cell<usize>,
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl<'a> Placed<'a> {
    pub(super) fn of(editor: &'a Value) -> Self {
        let definitions: Vec<&Value> = editor
            .get("definitions")
            .map_or(&[][..], |all| list(all, "subgraphs"))
            .iter()
            .collect();
        let mut placed = Self { nodes: Vec::new(), definitions, left: Cell::new(MAX_STEPS) };
        placed.add(editor, String::new(), MAX_DEPTH);
        placed
    }

    fn add(&mut self, graph: &'a Value, path: String, depth: usize) {
        for body in list(graph, "nodes") {
            if self.nodes.len() == MAX_NODES {
                return;
            }
            self.nodes.push(Node { path: path.clone(), graph, body });
            if let (Some(inner), Some(depth), Some(id)) =
                (self.definition(body), depth.checked_sub(1), body.get("id").and_then(id))
            {
                self.add(inner, [path.as_str(), &id, ":"].concat(), depth);
            }
        }
    }

    /// `None`: too much was looked at.
    fn spend(&self, steps: usize) -> Option<()> {
        let left = self.left.get().checked_sub(steps + 1)?;
        self.left.set(left);
        Some(())
    }

    fn definition(&self, body: &Value) -> Option<&'a Value> {
        let kind = text(body, "type");
        self.spend(self.definitions.len())?;
        self.definitions.iter().copied().find(|it| !kind.is_empty() && text(it, "id") == kind)
    }

    /// The inputs of running nodes that an input of the nodes of this id stands for.
    pub(super) fn places(&self, wanted: &str, input: &str) -> Vec<FieldKey> {
        let mut keys = Vec::new();
        for node in &self.nodes {
            let own = node.body.get("id").and_then(id).unwrap_or_default();
            if own == wanted || [node.path.as_str(), &own].concat() == wanted {
                self.follow(node, input, MAX_DEPTH, &mut keys);
            }
        }
        keys
    }

    /// Inputs that their author named, with the names.
    pub(super) fn named(&self, limit: usize) -> Vec<(FieldKey, &'a str)> {
        let mut names: Vec<(FieldKey, &str)> = Vec::new();
        // The outermost name is the one that an author sees.
        for node in &self.nodes {
            let ports = self.definition(node.body).map_or(&[][..], |inner| list(inner, "inputs"));
            let own = list(node.body, "inputs").iter().filter(|slot| slot.get("widget").is_some());
            for slot in own.chain(ports) {
                let (name, label) = (text(slot, "name"), text(slot, "label"));
                if label.trim().is_empty() || label == name {
                    continue;
                }
                if names.len() >= limit {
                    return names;
                }
                let mut keys = Vec::new();
                self.follow(node, name, MAX_DEPTH, &mut keys);
                for key in keys {
                    if !names.iter().any(|(known, _)| *known == key) {
                        names.push((key, label));
                    }
                }
            }
        }
        names
    }

    fn follow(&self, node: &Node<'a>, input: &str, depth: usize, keys: &mut Vec<FieldKey>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let Some(own) = node.body.get("id").and_then(id) else { return };
        if keys.len() >= MAX_PLACES {
            return;
        }
        if text(node.body, "type") == "PrimitiveNode" {
            for output in list(node.body, "outputs") {
                self.targets(node.graph, &node.path, list(output, "links"), depth, keys);
            }
            return;
        }
        let Some(inner) = self.definition(node.body) else {
            let key = FieldKey::new([node.path.as_str(), &own].concat(), input);
            if !keys.contains(&key) {
                keys.push(key);
            }
            return;
        };
        let path = [node.path.as_str(), &own, ":"].concat();
        let ports = || list(inner, "inputs").iter();
        let port = ports().find(|port| text(port, "name") == input);
        if let Some(port) = port.or_else(|| ports().find(|port| text(port, "label") == input)) {
            return self.targets(inner, &path, list(port, "linkIds"), depth, keys);
        }
        // Widgets of inner nodes that are shown on the instance without an input of its own.
        let proxies = node.body.get("properties").map_or(&[][..], |all| list(all, "proxyWidgets"));
        for proxy in proxies {
            let name = proxy.get(1).and_then(Value::as_str);
            if name == Some(input)
                && let Some(target) = proxy.get(0).and_then(id)
            {
                self.within(inner, &path, &target, input, depth, keys);
            }
        }
    }

    /// What the links lead to.
    fn targets(
        &self,
        graph: &'a Value,
        path: &str,
        links: &[Value],
        depth: usize,
        keys: &mut Vec<FieldKey>,
    ) {
        let all = list(graph, "links");
        if self.spend(all.len()).is_none() {
            return;
        }
        for link in all {
            let part = |at: usize, key: &str| match link {
                Value::Array(parts) => parts.get(at),
                Value::Object(parts) => parts.get(key),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            };
            if !part(0, "id").is_some_and(|id| links.contains(id)) {
                continue;
            }
            let target = part(3, "target_id").and_then(id);
            let slot = part(4, "target_slot").and_then(Value::as_u64);
            let Some((target, slot)) = target.zip(slot.and_then(|at| usize::try_from(at).ok()))
            else {
                continue;
            };
            let nodes = list(graph, "nodes").iter();
            let mut found =
                nodes.filter(|node| node.get("id").and_then(id).as_ref() == Some(&target));
            if let Some(name) = found.next().and_then(|node| list(node, "inputs").get(slot)) {
                self.within(graph, path, &target, text(name, "name"), depth, keys);
            }
        }
    }

    fn within(
        &self,
        graph: &'a Value,
        path: &str,
        target: &str,
        input: &str,
        depth: usize,
        keys: &mut Vec<FieldKey>,
    ) {
        let nodes = list(graph, "nodes");
        if self.spend(nodes.len()).is_none() {
            return;
        }
        let found =
            nodes.iter().find(|node| node.get("id").and_then(id).as_deref() == Some(target));
        if let Some(body) = found {
            self.follow(&Node { path: path.to_owned(), graph, body }, input, depth, keys);
        }
    }
}

/// The editor writes ids as numbers or as texts.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(shown(id)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

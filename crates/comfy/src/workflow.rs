//! A workflow in the API format: what `POST /prompt` takes as its `prompt`.
//! Invariant: what was parsed comes out again as it went in, except for the inputs that were set.

mod key;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

pub use key::{FieldKey, NodeId};

/// The largest workflows people publish are below 2 MB; more is not one.
pub const MAX_WORKFLOW_BYTES: usize = 8 << 20;
/// Ten times the nodes of the largest workflow seen.
pub const MAX_NODES: usize = 5_000;
/// Values nest three deep; more is an attack on the stack.
pub const MAX_DEPTH: usize = 64;

/// Why something is not a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Where reading stopped; lines count from 1.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column in that line, from 1.
        column: usize,
    },
    /// It is JSON, but no object.
    NotAnObject,
    /// It is an object with nothing in it.
    NoNodes,
    /// The node, or its `inputs`, is not an object.
    NotANode {
        /// The id of the node.
        node: String,
    },
    /// No `class_type`.
    NoClass {
        /// The id of the node.
        node: String,
    },
    /// It is longer than any that is read.
    TooLarge {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// It has more nodes than any that is read.
    TooManyNodes {
        /// The limit.
        limit: usize,
    },
    /// Values in it nest deeper than any that is read.
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

/// A graph whose every node is known to be an object with a class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Workflow {
    nodes: Map<String, Value>,
}

impl<'de> Deserialize<'de> for Workflow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(value).map_err(|_| D::Error::custom("not a workflow in API format"))
    }
}

/// A look at one node.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    body: &'a Map<String, Value>,
}

/// The output of another node that feeds an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The node.
    pub node: NodeId,
    /// Which of its outputs, from 0.
    pub slot: u64,
}

impl Workflow {
    /// Reads the text of a workflow in the API's format.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_WORKFLOW_BYTES {
            return Err(Refusal::TooLarge { limit_bytes: MAX_WORKFLOW_BYTES });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let value = serde_json::from_str(text)
            .map_err(|error| Refusal::NotJson { line: error.line(), column: error.column() })?;
        Self::from_value(value)
    }

    /// Takes a value for a workflow in the API's format.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn from_value(value: Value) -> Result<Self, Refusal> {
        if deeper_than(&value, MAX_DEPTH) {
            return Err(Refusal::TooDeep { limit: MAX_DEPTH });
        }
        if least_bytes(&value) > MAX_WORKFLOW_BYTES {
            return Err(Refusal::TooLarge { limit_bytes: MAX_WORKFLOW_BYTES });
        }
        let Value::Object(nodes) = value else {
            return Err(Refusal::NotAnObject);
        };
        if nodes.is_empty() {
            return Err(Refusal::NoNodes);
        }
        if nodes.len() > MAX_NODES {
            return Err(Refusal::TooManyNodes { limit: MAX_NODES });
        }
        for (id, node) in &nodes {
            let Some(body) = node.as_object() else {
                return Err(Refusal::NotANode { node: id.clone() });
            };
            if body.get("inputs").is_some_and(|inputs| !inputs.is_object()) {
                return Err(Refusal::NotANode { node: id.clone() });
            }
            if body.get("class_type").and_then(Value::as_str).is_none_or(str::is_empty) {
                return Err(Refusal::NoClass { node: id.clone() });
            }
        }
        Ok(Self { nodes })
    }

    /// Returns it as it is sent.
    pub fn to_value(&self) -> Value {
        Value::Object(self.nodes.clone())
    }

    /// Returns the nodes as they stand in the file, by their ids.
    pub fn map(&self) -> &Map<String, Value> {
        &self.nodes
    }

    /// The nodes in no particular order.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, Node<'_>)> {
        self.nodes
            .iter()
            .filter_map(|(id, node)| Some((NodeId::new(id), Node { body: node.as_object()? })))
    }

    /// Returns a node; `None` where there is none of this id.
    pub fn node(&self, id: &NodeId) -> Option<Node<'_>> {
        let body = self.nodes.get(id.as_str())?.as_object()?;
        Some(Node { body })
    }

    /// Returns the value of an input; `None` where the node or the input is not there. `lora_1.on`
    /// is also the part `on` of an input `lora_1` that is an object.
    pub fn input(&self, key: &FieldKey) -> Option<&Value> {
        let node = self.node(&key.node)?;
        node.input(&key.input).or_else(|| {
            let (whole, part) = key.input.rsplit_once('.')?;
            node.input(whole)?.as_object()?.get(part)
        })
    }

    /// Sets an input of a node, or a part of one, whether the input was there or not. `false`: there
    /// is no such node.
    #[must_use]
    pub fn set(&mut self, key: &FieldKey, value: Value) -> bool {
        let Some(Value::Object(body)) = self.nodes.get_mut(key.node.as_str()) else {
            return false;
        };
        let inputs = body.entry("inputs").or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(inputs) = inputs else {
            return false;
        };
        if !inputs.contains_key(&key.input)
            && let Some((whole, part)) = key.input.rsplit_once('.')
            && let Some(Value::Object(whole)) = inputs.get_mut(whole)
            && let Some(part) = whole.get_mut(part)
        {
            *part = value;
        } else {
            inputs.insert(key.input.clone(), value);
        }
        true
    }

    /// Returns the workflow without these nodes and inputs.
    #[must_use]
    pub fn without(&self, nodes: &BTreeSet<NodeId>, inputs: &[FieldKey]) -> Self {
        let mut left = self.clone();
        left.nodes.retain(|id, _| !nodes.contains(&NodeId::new(id)));
        for key in inputs {
            let node = left.nodes.get_mut(key.node.as_str());
            let inputs = node.and_then(|node| node.get_mut("inputs")?.as_object_mut());
            if let Some(inputs) = inputs {
                inputs.remove(&key.input);
            }
        }
        left
    }

    /// The inputs that are other than in `base`: set there, they make this of it. `None` when more
    /// than inputs is another.
    pub fn beside(&self, base: &Self) -> Option<Vec<(FieldKey, Value)>> {
        let mut differing = Vec::new();
        if self.nodes.len() != base.nodes.len() {
            return None;
        }
        for (id, node) in &self.nodes {
            let of_base = base.nodes.get(id)?;
            if node == of_base {
                continue;
            }
            let (node, of_base) = (node.as_object()?, of_base.as_object()?);
            let is_same = |(name, value): (&String, &Value)| {
                name == "inputs" || of_base.get(name) == Some(value)
            };
            if node.len() != of_base.len() || !node.iter().all(is_same) {
                return None;
            }
            let (inputs, of_base) = (Node { body: node }, Node { body: of_base });
            if inputs.inputs().count() != of_base.inputs().count() {
                return None;
            }
            for (input, value) in inputs.inputs() {
                if of_base.input(input)? != value {
                    differing.push((FieldKey::new(id, input), value.clone()));
                }
            }
        }
        Some(differing)
    }
}

impl<'a> Node<'a> {
    /// Returns the name of its class.
    pub fn class(self) -> &'a str {
        self.body.get("class_type").and_then(Value::as_str).unwrap_or_default()
    }

    /// What its author called it, else its class.
    pub fn title(self) -> &'a str {
        self.body
            .get("_meta")
            .and_then(|meta| meta.get("title"))
            .and_then(Value::as_str)
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| self.class())
    }

    /// Returns its inputs with their values, in the order of the file.
    pub fn inputs(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let inputs = self.body.get("inputs").and_then(Value::as_object);
        inputs.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the value of an input; `None` where it has none of this name.
    pub fn input(self, name: &str) -> Option<&'a Value> {
        self.body.get("inputs")?.get(name)
    }
}

/// Reads an input's value as a link, `["4", 0]`. A list that means a list is wrapped in an object
/// by the editor, so the two cannot be confused.
pub fn link(value: &Value) -> Option<Link> {
    let [Value::String(node), slot] = value.as_array()?.as_slice() else {
        return None;
    };
    Some(Link { node: NodeId::new(node), slot: slot.as_u64()? })
}

fn deeper_than(value: &Value, limit: usize) -> bool {
    let within = |inner: &Value| limit == 0 || deeper_than(inner, limit - 1);
    match value {
        Value::Array(list) => list.iter().any(within),
        Value::Object(map) => map.values().any(within),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// What a value takes as text at least: its texts, and for each value a sign and a comma.
fn least_bytes(value: &Value) -> usize {
    2 + match value {
        Value::String(text) => text.len(),
        Value::Array(list) => list.iter().map(least_bytes).sum(),
        Value::Object(map) => map.iter().map(|(key, value)| key.len() + least_bytes(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_fixtures::workflow as recorded;
    use serde_json::json;

    #[track_caller]
    fn check_refused(text: &str, expected: Refusal) {
        assert_eq!(Workflow::parse(text), Err(expected));
    }

    #[test]
    fn what_is_not_a_workflow_is_refused() {
        check_refused("", Refusal::NotJson { line: 1, column: 0 });
        check_refused("{\"1\":", Refusal::NotJson { line: 1, column: 5 });
        check_refused("{\"1\":\n NaN}", Refusal::NotJson { line: 2, column: 2 });
        check_refused("[]", Refusal::NotAnObject);
        check_refused("{}", Refusal::NoNodes);
        check_refused("{\"1\":\"x\"}", Refusal::NotANode { node: "1".into() });
        check_refused(
            "{\"1\":{\"class_type\":\"A\",\"inputs\":[]}}",
            Refusal::NotANode { node: "1".into() },
        );
        check_refused("{\"1\":{\"inputs\":{}}}", Refusal::NoClass { node: "1".into() });
        check_refused("{\"1\":{\"class_type\":\"\"}}", Refusal::NoClass { node: "1".into() });
        check_refused(
            &" ".repeat(MAX_WORKFLOW_BYTES + 1),
            Refusal::TooLarge { limit_bytes: MAX_WORKFLOW_BYTES },
        );
        let deep = format!(
            "{{\"1\":{{\"class_type\":\"A\",\"inputs\":{{\"x\":{}{}}}}}}}",
            "[".repeat(100),
            "]".repeat(100)
        );
        check_refused(&deep, Refusal::TooDeep { limit: MAX_DEPTH });
        let many: Map<String, Value> =
            (0..=MAX_NODES).map(|n| (n.to_string(), json!({"class_type": "A"}))).collect();
        check_refused(&json!(many).to_string(), Refusal::TooManyNodes { limit: MAX_NODES });
    }

    #[test]
    fn what_was_read_comes_out_as_it_went_in() {
        for text in [
            recorded("janus-text-to-image"),
            recorded("janus-image-understanding"),
            r#"{"8:7:2":{"class_type":"A","is_changed":[1],"_meta":{"cnr_id":"x"}}}"#.into(),
            r#"{"1":{"class_type":"A","inputs":{"seed":18446744073709551615,"low":-9223372036854775808}}}"#.into(),
        ] {
            let value: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(Workflow::parse(&text).map(|flow| flow.to_value()), Ok(value));
        }
        let seed = r#"{"1":{"class_type":"A","inputs":{"seed":18446744073709551615}}}"#;
        assert_eq!(
            Workflow::parse(seed).map(|flow| flow.to_value().to_string()),
            Ok(seed.to_owned())
        );
    }

    #[test]
    fn nodes_tell_class_title_and_links() {
        let flow =
            Workflow::parse(&recorded("janus-image-understanding")).expect("the guide's workflow");
        let node = flow.node(&NodeId::new("6")).expect("node 6");
        assert_eq!((node.class(), node.title()), ("ShowText|pysssss", "Show Text 🐍"));
        let text = node.input("text").and_then(link);
        assert_eq!(text, Some(Link { node: NodeId::new("4"), slot: 0 }));
        assert_eq!(node.inputs().count(), 2);
        assert_eq!(node.input("text2").and_then(link), None);
        assert_eq!(flow.nodes().count(), 5);
        let bare = Workflow::parse(r#"{"1":{"class_type":"A","_meta":{"title":" "}}}"#);
        let bare = bare.expect("a node without inputs is one");
        assert_eq!(bare.node(&NodeId::new("1")).map(Node::title), Some("A"));
    }

    #[test]
    fn an_input_is_set_where_there_is_a_node() {
        let mut flow = Workflow::parse(r#"{"1":{"class_type":"A"}}"#).expect("a workflow");
        assert!(flow.set(&FieldKey::new("1", "seed"), json!(u64::MAX)));
        assert!(!flow.set(&FieldKey::new("2", "seed"), json!(1)));
        assert_eq!(
            flow.to_value().to_string(),
            r#"{"1":{"class_type":"A","inputs":{"seed":18446744073709551615}}}"#
        );
        assert_eq!(flow.input(&FieldKey::new("1", "seed")), Some(&json!(u64::MAX)));
    }

    #[test]
    fn a_part_of_an_input_is_read_and_set() {
        let text = r#"{"1":{"class_type":"A","inputs":{"a.b":1,"row":{"on":true}}}}"#;
        let mut flow = Workflow::parse(text).expect("a workflow");
        assert_eq!(flow.input(&FieldKey::new("1", "row.on")), Some(&json!(true)));
        assert_eq!(flow.input(&FieldKey::new("1", "row.off")), None);
        assert!(flow.set(&FieldKey::new("1", "row.on"), json!(false)));
        assert!(flow.set(&FieldKey::new("1", "a.b"), json!(2)));
        assert_eq!(
            flow.to_value(),
            json!({"1": {"class_type": "A", "inputs": {"a.b": 2, "row": {"on": false}}}})
        );
    }

    #[track_caller]
    fn check_beside(base: &str, other: &str, expected: Option<&[&str]>) {
        let base = Workflow::parse(base).expect("a workflow");
        let other = Workflow::parse(other).expect("another");
        let differing = other.beside(&base);
        let names: Option<Vec<String>> =
            differing.as_ref().map(|all| all.iter().map(|(key, _)| key.to_string()).collect());
        assert_eq!(names, expected.map(|all| all.iter().map(|key| (*key).to_owned()).collect()));
        if let Some(differing) = differing {
            let mut made = base;
            assert!(differing.into_iter().all(|(key, value)| made.set(&key, value)));
            assert_eq!(made, other);
        }
    }

    #[test]
    fn a_workflow_is_told_by_the_inputs_that_differ() {
        let base =
            r#"{"1":{"class_type":"A","inputs":{"a":1,"b":["2",0]}},"2":{"class_type":"B"}}"#;
        let of = |inputs: &str| {
            let nodes =
                [r#"{"1":{"class_type":"A","inputs":"#, inputs, r#"},"2":{"class_type":"B"}}"#];
            nodes.concat()
        };
        check_beside(base, base, Some(&[]));
        check_beside(base, &of(r#"{"a":2,"b":["2",0]}"#), Some(&["1.a"]));
        check_beside(base, &of(r#"{"b":5,"a":"x"}"#), Some(&["1.a", "1.b"]));
        check_beside(base, &of(r#"{"a":1}"#), None);
        check_beside(base, &of(r#"{"a":1,"c":["2",0]}"#), None);
        check_beside(base, &base.replace("\"B\"", "\"C\""), None);
        check_beside(base, &base.replace("\"2\":", "\"3\":"), None);
        check_beside(base, &base.replace(r#""B"}"#, r#""B","_meta":{}}"#), None);
        check_beside(base, r#"{"1":{"class_type":"A"}}"#, None);
    }
}

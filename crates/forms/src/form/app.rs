//! What an author selected for the editor's app mode: `extra.linearData` of the editor's JSON.
//! Invariant: a selection names inputs and nodes that the workflow has; the rest is passed over.
//!
//! The ids are those of the editor, so a node inside a subgraph is named `27` there and `57:27` in
//! the workflow (seen in two published templates; see `fixtures/ui-to-api`).

use super::{FieldKey, NodeId};
use pilotlight_comfy::number::shown;
use pilotlight_comfy::workflow::{Workflow, link};
use serde_json::Value;

/// More than anybody puts in front of people.
const MAX_SELECTED: usize = 50;

/// What the author of a workflow selected for the editor's app mode: inputs, and nodes whose
/// results are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppMode {
    inputs: Vec<(String, String)>,
    outputs: Vec<String>,
}

impl AppMode {
    /// Reads the selection out of the editor's JSON; `None` when there is none, or an empty one.
    pub fn read(editor: &Value) -> Option<Self> {
        let data = editor.get("extra")?.get("linearData")?;
        let list = |key: &str| {
            let list = data.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            list.iter().take(MAX_SELECTED)
        };
        let input = |entry: &Value| Some((id(entry.get(0)?)?, entry.get(1)?.as_str()?.to_owned()));
        let inputs: Vec<_> = list("inputs").filter_map(input).collect();
        let outputs: Vec<_> = list("outputs").filter_map(id).collect();
        (!inputs.is_empty() || !outputs.is_empty()).then_some(Self { inputs, outputs })
    }

    /// The selected inputs that hold a value, in the author's order.
    pub(super) fn inputs(&self, flow: &Workflow) -> Vec<FieldKey> {
        let mut keys: Vec<FieldKey> = Vec::new();
        for (id, input) in &self.inputs {
            let holds = |key: &FieldKey| flow.input(key).is_some_and(|value| link(value).is_none());
            let key = |node: NodeId| FieldKey { node, input: input.clone() };
            let mut found = vec![key(NodeId::new(id))];
            if !holds(&found[0]) {
                found = within(flow, id, false).into_iter().map(key).filter(holds).collect();
            }
            if found.is_empty() {
                // A subgraph shows an input of a node inside it under the same name.
                found = within(flow, id, true).into_iter().map(key).filter(holds).collect();
                found.truncate(if found.len() == 1 { 1 } else { 0 });
            }
            found.retain(|key| !keys.contains(key));
            keys.append(&mut found);
        }
        keys
    }

    /// The selected nodes.
    pub(super) fn outputs(&self, flow: &Workflow) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = Vec::new();
        for id in &self.outputs {
            let exact = NodeId::new(id);
            let known = flow.node(&exact).is_some();
            let mut found = if known { vec![exact] } else { within(flow, id, false) };
            found.retain(|node| !nodes.contains(node));
            nodes.append(&mut found);
        }
        nodes
    }
}

/// The nodes inside subgraphs whose own id this is, or that stand inside the subgraph of this id.
fn within(flow: &Workflow, id: &str, inside: bool) -> Vec<NodeId> {
    let is = |path: &str| {
        let parts = if inside { path.split_once(':') } else { path.rsplit_once(':') };
        parts.is_some_and(|(first, last)| id == if inside { first } else { last })
    };
    let found = flow.nodes().filter(|(node, _)| is(node.as_str()));
    found.map(|(node, _)| node).take(MAX_SELECTED).collect()
}

/// The editor writes ids as numbers or as texts.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(shown(id)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

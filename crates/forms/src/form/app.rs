//! What an author arranged in the editor: the inputs selected for its app mode
//! (`extra.linearData`), what they are called, and what is said of them.
//! Invariant: a selection names inputs and nodes that the workflow has; the rest is passed over.

mod placed;

use super::labels::input_label;
use super::{FieldKey, NodeId};
use pilotlight_comfy::language::Label;
use pilotlight_comfy::workflow::{Workflow, link};
use placed::{Placed, id};
use serde_json::Value;

/// More than anybody puts in front of people.
const MAX_SELECTED: usize = 50;
/// More than anybody names.
const MAX_NAMED: usize = 1_000;
const MAX_LABEL_CHARS: usize = 60;
const MAX_HINT_CHARS: usize = 300;

/// What the author of a workflow selected for the editor's app mode: inputs, and nodes whose
/// results are shown; and what the author called inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppMode {
    inputs: Vec<Selected>,
    outputs: Vec<String>,
    names: Vec<(FieldKey, Label)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Selected {
    /// The id of the node, as the editor has it.
    id: String,
    input: String,
    /// What it is in the workflow that runs, as far as the editor's file tells.
    places: Vec<FieldKey>,
    hint: Option<Label>,
}

impl AppMode {
    /// Reads the editor's JSON; `None` when nothing is selected and nothing is named.
    pub fn read(editor: &Value) -> Option<Self> {
        let data = editor.get("extra").and_then(|extra| extra.get("linearData"));
        let list = |key: &str| {
            let list = data.and_then(|data| data.get(key)).and_then(Value::as_array);
            list.map_or(&[][..], Vec::as_slice).iter().take(MAX_SELECTED)
        };
        let placed = Placed::of(editor);
        let input = |entry: &Value| {
            let (id, input) = selected(entry)?;
            let hint = entry.get(2).and_then(|more| more.get("description")?.as_str());
            Some(Selected {
                places: placed.places(&id, &input),
                hint: hint.and_then(|hint| Label::line(hint, MAX_HINT_CHARS)),
                id,
                input,
            })
        };
        let inputs: Vec<_> = list("inputs").filter_map(input).collect();
        let outputs: Vec<_> = list("outputs").filter_map(id).map(|id| own_id(&id)).collect();
        let mut names: Vec<(FieldKey, Label)> = Vec::new();
        for (key, label) in placed.named(MAX_NAMED) {
            names.extend(name(label).map(|label| (key, label)));
        }
        let any = !inputs.is_empty() || !outputs.is_empty() || !names.is_empty();
        any.then_some(Self { inputs, outputs, names })
    }

    /// The selected inputs that hold a value, in the author's order, with what is said of them.
    pub(super) fn inputs(&self, flow: &Workflow) -> Vec<(FieldKey, Option<&Label>)> {
        let mut keys: Vec<(FieldKey, Option<&Label>)> = Vec::new();
        for selected in &self.inputs {
            for key in selected.found(flow) {
                if !keys.iter().any(|(known, _)| *known == key) {
                    keys.push((key, selected.hint.as_ref()));
                }
            }
        }
        keys
    }

    /// What the author called an input.
    pub(super) fn name(&self, key: &FieldKey) -> Option<&Label> {
        self.names.iter().find_map(|(named, label)| (named == key).then_some(label))
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

/// What an author called an input. A name as programs write it is said in words.
fn name(label: &str) -> Option<Label> {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    match label.chars().all(is_word) {
        true => Some(input_label(label)),
        false => Label::line(label, MAX_LABEL_CHARS),
    }
}

impl Selected {
    fn found(&self, flow: &Workflow) -> Vec<FieldKey> {
        let holds = |key: &FieldKey| flow.input(key).is_some_and(|value| link(value).is_none());
        let mut found: Vec<FieldKey> =
            self.places.iter().filter(|key| holds(key)).cloned().collect();
        if !found.is_empty() {
            return found;
        }
        let key = |node: NodeId| FieldKey { node, input: self.input.clone() };
        found.push(key(NodeId::new(&self.id)));
        if !holds(&found[0]) {
            found = within(flow, &self.id, false).into_iter().map(key).filter(holds).collect();
        }
        if found.is_empty() {
            // A subgraph shows an input of a node inside it under the same name.
            found = within(flow, &self.id, true).into_iter().map(key).filter(holds).collect();
            found.truncate(if found.len() == 1 { 1 } else { 0 });
        }
        found
    }
}

/// The node and the input that an entry names: `[3, "steps"]`, or as newer editors write it,
/// `["graph:3:steps", "steps"]`, each part as in an address. The graph's id may be a former one.
fn selected(entry: &Value) -> Option<(String, String)> {
    let input = entry.get(1).and_then(Value::as_str);
    let first = entry.get(0)?;
    let text = first.as_str().filter(|text| text.matches(':').count() >= 2);
    let parts: Vec<String> =
        text.into_iter().flat_map(|text| text.split(':').map(unescaped)).collect();
    match parts.as_slice() {
        // A path of numbers is the id of a node inside subgraphs.
        [graph, middle @ .., widget] if graph.parse::<u64>().is_err() => {
            let input = input.filter(|_| widget.is_empty()).unwrap_or(widget);
            Some((middle.join(":"), input.to_owned()))
        }
        _ => Some((id(first)?, input?.to_owned())),
    }
}

/// The node's own id in `graph:3`.
fn own_id(text: &str) -> String {
    match text.split_once(':') {
        Some((graph, node)) if graph.len() == 36 => unescaped(node),
        Some(_) | None => text.to_owned(),
    }
}

fn unescaped(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
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

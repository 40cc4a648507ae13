//! What the editor's file comes to: graphs of nodes, slots and links, within the limits.

use super::bounds::Bounds;
use super::class::Class;
use super::index::Index;
use super::raw::{Link, Port, Slot};
use super::widgets::Filled;
use serde_json::{Map, Value};

/// The id that stands for a subgraph's own inputs in its links; for its outputs it is −20.
pub(super) const INPUTS: &str = "-10";
pub(super) const OUTPUTS: &str = "-20";

pub(super) struct File<'a> {
    /// The workflow itself first.
    pub(super) graphs: Vec<Graph<'a>>,
}

pub(super) struct Graph<'a> {
    pub(super) name: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    /// The places of nodes by their ids.
    pub(super) ids: Index,
    /// Sorted by id.
    pub(super) links: Vec<Link>,
    /// The places of nodes that had another id in the file, by that id.
    pub(super) renamed: Index,
    /// The places of nodes that keep something under a name, by it.
    pub(super) setters: Index,
    pub(super) inputs: Vec<Port<'a>>,
    pub(super) outputs: Vec<Port<'a>>,
}

pub(super) struct Node<'a> {
    pub(super) id: String,
    pub(super) role: Role<'a>,
    pub(super) mode: Mode,
    /// As its author called it; empty for none.
    pub(super) title: &'a str,
    /// Of an instance they are the subgraph's inputs, in their order.
    pub(super) slots: Vec<Slot>,
    pub(super) outputs: Vec<String>,
    pub(super) widgets: Vec<Filled>,
    /// Values that were saved and that no widget takes.
    pub(super) untaken: Vec<&'a Value>,
    /// Of a primitive node: those of all numbers that it writes.
    pub(super) bounds: Option<Bounds>,
    pub(super) properties: Option<&'a Map<String, Value>>,
    pub(super) values: Option<&'a Value>,
}

pub(super) enum Role<'a> {
    Class {
        name: &'a str,
        class: Option<&'a Class>,
        known: bool,
    },
    Reroute,
    Note,
    Primitive,
    /// Keeps what it is fed under a name.
    Set(&'a str),
    /// Gives what is kept under a name.
    Get(&'a str),
    /// Of the subgraph at this place of `File::graphs`.
    Instance(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Runs,
    Muted,
    Bypassed,
}

impl Graph<'_> {
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.ids.get(id)
    }

    pub(super) fn link(&self, id: i64) -> Option<&Link> {
        let at = self.links.binary_search_by_key(&id, |link| link.id).ok()?;
        self.links.get(at)
    }

    /// The place of the node that has this id in the file.
    pub(super) fn place_in_file(&self, id: &str) -> Option<usize> {
        self.renamed.get(id).or_else(|| self.ids.get(id))
    }

    /// The first node that keeps something under this name.
    pub(super) fn setter(&self, name: &str) -> Option<usize> {
        self.setters.get(name).filter(|_| !name.is_empty())
    }

    /// The link that feeds an output of this subgraph.
    pub(super) fn feeding(&self, output: usize) -> Option<&Link> {
        self.link(*self.outputs.get(output)?.links.first()?)
    }
}

impl Node<'_> {
    pub(super) fn widget(&self, name: &str) -> Option<&Filled> {
        self.widgets.iter().find(|widget| widget.name == name)
    }

    /// What a person would call it.
    pub(super) fn label(&self) -> &str {
        match &self.role {
            _ if !self.title.is_empty() => self.title,
            Role::Class { name, class, .. } => class.map_or(name, |class| class.title.as_str()),
            Role::Reroute
            | Role::Note
            | Role::Primitive
            | Role::Set(_)
            | Role::Get(_)
            | Role::Instance(_) => &self.id,
        }
    }
}

/// About as many bytes as a value takes.
pub(super) fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 4,
        Value::Array(list) => list.iter().map(weight).sum::<usize>() + 4,
        Value::Object(map) => {
            map.iter().map(|(key, value)| key.len() + weight(value)).sum::<usize>() + 4
        }
    }
}

//! The editor's file as graphs of nodes, slots and links: the workflow itself and its subgraphs.
//! Invariant: whatever has a wrong type is left out or refused here, so that nothing behind this
//! module meets it; every number and list is within its limit.

use super::class::{Class, Classes};
use super::ids::Ids;
use super::raw;
use super::slots;
use super::widgets::{self, Filled};
use super::{GraphRefusal, MAX_SLOTS};
use crate::workflow::MAX_NODES;
use serde_json::{Map, Value};

/// The id that stands for a subgraph's own inputs in its links; for its outputs it is −20.
pub(super) const INPUTS: &str = "-10";
const OUTPUTS: &str = "-20";

pub(super) struct Graph<'a> {
    pub(super) name: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    /// Ids with the places of their nodes, sorted.
    pub(super) ids: Vec<(String, usize)>,
    /// Sorted by id.
    pub(super) links: Vec<Link>,
    /// Ids of the file with those that its nodes have instead, sorted.
    pub(super) renamed: Vec<(String, String)>,
    /// Nodes that keep something under a name, sorted by it.
    setters: Vec<(&'a str, usize)>,
    pub(super) inputs: Vec<Port<'a>>,
    pub(super) outputs: Vec<Port<'a>>,
}

/// An input or output of a subgraph.
pub(super) struct Port<'a> {
    pub(super) name: &'a str,
    pub(super) kind: String,
    pub(super) links: Vec<i64>,
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

pub(super) struct Slot {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) link: Option<i64>,
    /// The widget that the file says it stands for.
    pub(super) widget: Option<String>,
}

pub(super) struct Link {
    pub(super) id: i64,
    /// `None`: the file has an entry of this id that says nothing of use.
    pub(super) from: Option<(String, u64)>,
    pub(super) to: String,
    pub(super) to_slot: u64,
}

pub(super) struct File<'a> {
    /// The workflow itself first.
    pub(super) graphs: Vec<Graph<'a>>,
}

impl<'a> File<'a> {
    pub(super) fn read(root: &'a Value, classes: &'a Classes) -> Result<Self, GraphRefusal> {
        let mut definitions = vec![root];
        let mut names: Vec<(&str, usize)> = Vec::new();
        let mut waiting: Vec<&Value> =
            raw::list(root.get("definitions"), "subgraphs").iter().rev().collect();
        while let Some(definition) = waiting.pop() {
            waiting.extend(raw::list(definition.get("definitions"), "subgraphs").iter().rev());
            if let Some(id) = definition.get("id").and_then(Value::as_str) {
                names.push((id, definitions.len()));
                definitions.push(definition);
            }
        }
        // The first of several with one id is the one that counts.
        names.sort_unstable();
        names.dedup_by(|other, kept| other.0 == kept.0);
        let mut ports = Vec::with_capacity(definitions.len());
        for definition in &definitions {
            ports.push((raw::ports(definition, "inputs")?, raw::ports(definition, "outputs")?));
        }
        let groups = root.get("extra").and_then(|extra| extra.get("groupNodes"));
        let reader = Reader { classes, names, groups, ports: &ports };
        let mut graphs = Vec::with_capacity(definitions.len());
        let mut count = 0;
        let mut ids = Ids::of(root);
        for (at, definition) in definitions.iter().enumerate() {
            let mut graph = Graph {
                name: raw::text(definition, "name"),
                nodes: Vec::new(),
                ids: Vec::new(),
                links: raw::links(definition, at == 0)?,
                setters: Vec::new(),
                renamed: Vec::new(),
                inputs: Vec::new(),
                outputs: Vec::new(),
            };
            let Some(nodes) = definition.get("nodes").and_then(Value::as_array) else {
                return Err(GraphRefusal::NotAGraph);
            };
            count += nodes.len();
            if count > MAX_NODES {
                return Err(GraphRefusal::TooManyNodes { limit: MAX_NODES });
            }
            for node in nodes {
                let node = reader.node(node, &graph)?;
                graph.nodes.push(node);
            }
            graph.ids = graph.nodes.iter().map(|node| node.id.clone()).zip(0..).collect();
            graph.ids.sort_unstable();
            // A link that is not there counts as none.
            for node in &mut graph.nodes {
                for slot in &mut node.slots {
                    let links = &graph.links;
                    slot.link.take_if(|id| links.binary_search_by_key(id, |link| link.id).is_err());
                }
            }
            for (at, node) in graph.nodes.iter().enumerate() {
                if let Role::Set(name) = node.role {
                    graph.setters.push((name, at));
                }
            }
            graph.setters.sort_unstable();
            let twice = graph.ids.windows(2).find(|pair| pair[0].0 == pair[1].0);
            if let Some(pair) = twice {
                return Err(GraphRefusal::SameId { node: pair[0].0.clone() });
            }
            ids.tell_apart(&mut graph, at == 0);
            graphs.push(graph);
        }
        for (graph, (inputs, outputs)) in graphs.iter_mut().zip(ports) {
            (graph.inputs, graph.outputs) = (inputs, outputs);
        }
        Ok(Self { graphs })
    }
}

impl Graph<'_> {
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        let at = self.ids.binary_search_by(|(other, _)| other.as_str().cmp(id)).ok()?;
        self.ids.get(at).map(|(_, place)| *place)
    }

    pub(super) fn link(&self, id: i64) -> Option<&Link> {
        let at = self.links.binary_search_by_key(&id, |link| link.id).ok()?;
        self.links.get(at)
    }

    /// The id that a node of this id has now.
    pub(super) fn renamed<'i>(&'i self, id: &'i str) -> &'i str {
        let at = self.renamed.binary_search_by(|(old, _)| old.as_str().cmp(id));
        at.ok().and_then(|at| self.renamed.get(at)).map_or(id, |(_, new)| new)
    }

    /// The first node that keeps something under this name.
    pub(super) fn setter(&self, name: &str) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        let at = self.setters.partition_point(|(other, _)| *other < name);
        let (other, place) = self.setters.get(at)?;
        (*other == name).then_some(*place)
    }

    /// The link that feeds an output of this subgraph.
    pub(super) fn feeding(&self, output: usize) -> Option<&Link> {
        let named = self.outputs.get(output)?.links.iter().find_map(|id| self.link(*id));
        named.or_else(|| {
            let mut links = self.links.iter();
            links.find(|link| link.to == OUTPUTS && link.to_slot == output as u64)
        })
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

type Ports<'a> = (Vec<Port<'a>>, Vec<Port<'a>>);

struct Reader<'a, 'p> {
    classes: &'a Classes,
    /// Subgraphs by id, sorted.
    names: Vec<(&'a str, usize)>,
    groups: Option<&'a Value>,
    ports: &'p [Ports<'a>],
}

impl<'a> Reader<'a, '_> {
    fn node(&self, body: &'a Value, graph: &Graph) -> Result<Node<'a>, GraphRefusal> {
        let kind = body.get("type").and_then(Value::as_str);
        let (Some(id), Some(kind)) = (body.get("id").and_then(raw::id), kind) else {
            let node = body.get("id").and_then(raw::id).unwrap_or_default();
            return Err(GraphRefusal::NotANode { node });
        };
        let mut node = Node {
            id,
            role: Role::Note,
            mode: match body.get("mode").and_then(Value::as_f64) {
                Some(2.0) => Mode::Muted,
                Some(4.0) => Mode::Bypassed,
                Some(_) | None => Mode::Runs,
            },
            title: raw::text(body, "title"),
            slots: raw::slots(body)?,
            outputs: Vec::new(),
            widgets: Vec::new(),
            properties: body.get("properties").and_then(Value::as_object),
            values: body.get("widgets_values").filter(|values| !values.is_null()),
        };
        let first = || node.values.and_then(|values| values.get(0)).and_then(Value::as_str);
        node.role = match kind {
            "Note" | "MarkdownNote" => Role::Note,
            "Reroute" => Role::Reroute,
            "PrimitiveNode" => Role::Primitive,
            "SetNode" => Role::Set(first().unwrap_or_default()),
            "GetNode" => Role::Get(first().unwrap_or_default()),
            _ => match self.names.binary_search_by(|(name, _)| (*name).cmp(kind)) {
                Ok(at) => Role::Instance(self.names.get(at).map_or(0, |(_, place)| *place)),
                Err(_) => Role::Class { name: kind, class: self.classes.get(kind), known: true },
            },
        };
        let given = raw::list(body, "outputs");
        if given.len() > MAX_SLOTS {
            return Err(GraphRefusal::TooManySlots { node: node.id, limit: MAX_SLOTS });
        }
        node.outputs = given.iter().map(raw::socket).collect();
        match node.role {
            Role::Instance(at) => {
                let (inputs, outputs) =
                    self.ports.get(at).map_or((&[][..], &[][..]), |ports| (&ports.0, &ports.1));
                node.slots = matched(std::mem::take(&mut node.slots), inputs);
                node.outputs = outputs.iter().map(|port| port.kind.clone()).collect();
            }
            Role::Class { name, class: Some(class), .. } => {
                node.widgets = widgets::fill(class, name, body);
                node.slots =
                    slots::slots(class, &node.widgets, std::mem::take(&mut node.slots), graph);
                for (at, kind) in class.outputs.iter().enumerate() {
                    match node.outputs.get_mut(at) {
                        // A dynamic output is what the file says it became.
                        Some(given) if super::fits(kind, given) && kind != "*" => {
                            *given = kind.clone()
                        }
                        Some(_) => {}
                        None => node.outputs.push(kind.clone()),
                    }
                }
            }
            Role::Class { name, class: None, .. } => {
                let group = name.strip_prefix("workflow>").or(name.strip_prefix("workflow/"));
                if group
                    .is_some_and(|group| self.groups.is_some_and(|all| all.get(group).is_some()))
                {
                    return Err(GraphRefusal::GroupNode { node: node.id });
                }
                let guessed = widgets::guess(body, &node.slots);
                let known = guessed.is_some();
                node.widgets = guessed.unwrap_or_default();
                node.role = Role::Class { name, class: None, known };
            }
            Role::Reroute | Role::Note | Role::Primitive | Role::Set(_) | Role::Get(_) => {}
        }
        Ok(node)
    }
}

/// Puts an instance's slots into the order of its subgraph's inputs: those of the same name and
/// type first, then those of the same name.
fn matched(mut given: Vec<Slot>, inputs: &[Port]) -> Vec<Slot> {
    let mut slots: Vec<Slot> =
        inputs.iter().map(|port| Slot::empty(port.name, &port.kind)).collect();
    let mut taken = vec![false; slots.len()];
    for slot in &mut given {
        let free = |at: &usize| !taken[*at] && slots[*at].name == slot.name;
        let place = (0..slots.len())
            .find(|at| free(at) && slots[*at].kind == slot.kind)
            .or_else(|| (0..slots.len()).find(free));
        if let Some(at) = place {
            taken[at] = true;
            slots[at].link = slot.link.take();
        }
    }
    slots
}

impl Slot {
    pub(super) fn empty(name: &str, kind: &str) -> Self {
        Self { name: name.to_owned(), kind: kind.to_owned(), link: None, widget: None }
    }
}

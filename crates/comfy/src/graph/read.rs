//! The editor's file, read: the workflow itself and its subgraphs.
//! Invariant: whatever has a wrong type is left out or refused here, so that nothing behind this
//! module meets it; every number and list is within its limit.

use super::align::{Incoming, align};
use super::bounds::Bounds;
use super::class::Classes;
use super::editor_only::{EditorOnly, editor_only, group_name};
use super::everywhere::Everywhere;
use super::file::{File, Graph, Mode, Node, OUTPUTS, Role, weight};
use super::ids::Ids;
use super::index::Index;
use super::raw::{self, Link, Port, Slot};
use super::slots;
use super::widgets::{self, Filled};
use super::{GraphRefusal, MAX_PROMPT_BYTES, MAX_SLOTS};
use crate::workflow::MAX_NODES;
use serde_json::{Map, Value};

impl<'a> File<'a> {
    /// `values`: what widgets hold instead of what is saved on their nodes, by node and widget.
    pub(super) fn read(
        root: &'a Value,
        classes: &'a Classes,
        values: &Map<String, Value>,
    ) -> Result<Self, GraphRefusal> {
        let mut definitions = vec![root];
        let mut names = Index::default();
        let mut waiting: Vec<&Value> =
            raw::list(root.get("definitions"), "subgraphs").iter().rev().collect();
        while let Some(definition) = waiting.pop() {
            waiting.extend(raw::list(definition.get("definitions"), "subgraphs").iter().rev());
            let id = definition.get("id").and_then(Value::as_str);
            if id.is_some_and(|id| names.put(id, definitions.len())) {
                definitions.push(definition);
            }
        }
        let mut ports = Vec::with_capacity(definitions.len());
        for definition in &definitions {
            ports.push((raw::ports(definition, "inputs")?, raw::ports(definition, "outputs")?));
        }
        let reader = Reader { classes, names, values, ports: &ports };
        let mut graphs = Vec::with_capacity(definitions.len());
        let (mut count, mut room) = (0, MAX_PROMPT_BYTES);
        let mut ids = Ids::of(root);
        for (at, definition) in definitions.iter().enumerate() {
            let mut graph = Graph {
                name: raw::text(definition, "name"),
                nodes: Vec::new(),
                ids: Index::default(),
                links: raw::links(definition, at == 0)?,
                setters: Index::default(),
                renamed: Index::default(),
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
            let everywhere = Everywhere::read(definition, &mut graph.links);
            let incoming = Incoming::of(&graph.links, nodes);
            for node in nodes {
                let body = node;
                let node = reader.node(body, &everywhere, (&graph, &incoming))?;
                room = room.checked_sub(cost(&node, body)).ok_or(GraphRefusal::TooMuch)?;
                if let Role::Set(name) = node.role {
                    graph.setters.put(name, graph.nodes.len());
                }
                if !graph.ids.put(&node.id, graph.nodes.len()) {
                    return Err(GraphRefusal::SameId { node: node.id });
                }
                graph.nodes.push(node);
            }
            bound(&mut graph);
            ids.tell_apart(&mut graph, at == 0);
            graphs.push(graph);
        }
        for (graph, (inputs, mut outputs)) in graphs.iter_mut().zip(ports) {
            // The first link to an output feeds it, if the output names any link at all.
            let mut feeding: Vec<Option<&Link>> = vec![None; outputs.len()];
            for link in graph.links.iter().filter(|link| link.to == OUTPUTS) {
                let first = usize::try_from(link.to_slot).ok().and_then(|at| feeding.get_mut(at));
                if let Some(first) = first.filter(|f| f.is_none_or(|f| link.place < f.place)) {
                    *first = Some(link);
                }
            }
            for (port, link) in outputs.iter_mut().zip(feeding) {
                let named = port.links.iter().any(|id| graph.link(*id).is_some());
                port.links = link.filter(|_| named).map(|link| link.id).into_iter().collect();
            }
            (graph.inputs, graph.outputs) = (inputs, outputs);
        }
        Ok(Self { graphs })
    }
}

/// Gives each primitive node the bounds of all numbers that it writes.
fn bound(graph: &mut Graph) {
    let mut found: Vec<(usize, Bounds)> = Vec::new();
    for node in &graph.nodes {
        for slot in &node.slots {
            let link = slot.link.and_then(|id| graph.link(id));
            let from = link.and_then(|link| graph.place(&link.from.as_ref()?.0));
            let place = from.filter(|at| matches!(graph.nodes[*at].role, Role::Primitive));
            let widget = slot.widget.as_ref().filter(|_| place.is_some());
            let bounds = widget.and_then(|widget| node.widget(widget)?.bounds);
            found.extend(place.zip(bounds));
        }
    }
    for (place, bounds) in found {
        let primitive = &mut graph.nodes[place].bounds;
        *primitive = Some(primitive.map_or(bounds, |known| known.with(bounds)));
    }
}

/// What is made of it: bytes, and as many steps as it takes to fit what stands in the file to
/// its slots.
fn cost(node: &Node, body: &Value) -> usize {
    let slots = node.slots.iter().map(|slot| slot.name.len());
    let value = |widget: &Filled| widget.value.as_ref().map_or(0, weight);
    let widgets = node.widgets.iter().map(|widget| widget.name.len() + value(widget));
    let fitted = node.widgets.len()
        + raw::list(body, "inputs").len()
        + raw::list(body.get("properties"), "proxyWidgets").len();
    slots.chain(widgets).sum::<usize>() + node.slots.len() * fitted
}

type Ports<'a> = (Vec<Port<'a>>, Vec<Port<'a>>);

struct Reader<'a, 'p> {
    classes: &'a Classes,
    /// The places of subgraphs by their ids.
    names: Index,
    values: &'p Map<String, Value>,
    ports: &'p [Ports<'a>],
}

impl<'a> Reader<'a, '_> {
    fn node(
        &self,
        body: &'a Value,
        everywhere: &Everywhere,
        around: (&Graph, &Incoming),
    ) -> Result<Node<'a>, GraphRefusal> {
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
            untaken: Vec::new(),
            bounds: None,
            properties: body.get("properties").and_then(Value::as_object),
            values: body.get("widgets_values").filter(|values| !values.is_null()),
        };
        everywhere.name(&node.id, &mut node.slots);
        let first = || node.values.and_then(|values| values.get(0)).and_then(Value::as_str);
        node.role = match editor_only(kind) {
            Some(EditorOnly::LeftOut) => Role::Note,
            Some(EditorOnly::PassesThrough) => Role::Reroute,
            Some(EditorOnly::Primitive) => Role::Primitive,
            Some(EditorOnly::Set) => Role::Set(first().unwrap_or_default()),
            Some(EditorOnly::Get) => Role::Get(first().unwrap_or_default()),
            None => match self.names.get(kind) {
                Some(place) => Role::Instance(place),
                None => Role::Class { name: kind, class: self.classes.get(kind), known: true },
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
                let given = std::mem::take(&mut node.slots);
                let places = matched(&given, inputs);
                node.slots = inputs.iter().map(|port| Slot::empty(port.name, &port.kind)).collect();
                align(&node.id, &mut node.slots, &given, &places, around);
                node.outputs = outputs.iter().map(|port| port.kind.clone()).collect();
            }
            Role::Class { name, class: Some(class), .. } => {
                (node.widgets, node.untaken) = widgets::fill(class, name, body);
                if let Some(values) = self.values.get(&node.id) {
                    for widget in &mut node.widgets {
                        let value = values.get(&widget.name).cloned();
                        widget.value = value.or_else(|| widget.value.take());
                    }
                }
                let given = std::mem::take(&mut node.slots);
                let (mut fresh, places) = slots::fresh(class, &node.widgets, &given);
                align(&node.id, &mut fresh, &given, &places, around);
                node.slots = slots::slots(class, &node.widgets, fresh, around.0);
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
                if group_name(name).is_some() && node.mode == Mode::Runs {
                    return Err(GraphRefusal::GroupNode { node: node.id });
                }
                let guessed = widgets::guess(name, body, &node.slots);
                let known = guessed.is_some();
                node.widgets = guessed.unwrap_or_default();
                node.role = Role::Class { name, class: None, known };
                in_place(&mut node, around);
            }
            Role::Reroute | Role::Note | Role::Primitive | Role::Set(_) | Role::Get(_) => {
                in_place(&mut node, around);
            }
        }
        Ok(node)
    }
}

/// The slots of the file are those of the node.
fn in_place(node: &mut Node, around: (&Graph, &Incoming)) {
    let given: Vec<Slot> = node.slots.clone();
    let places: Vec<_> = (0..given.len()).map(Some).collect();
    align(&node.id, &mut node.slots, &given, &places, around);
}

/// Where an instance's slots go among its subgraph's inputs: to those of the same name and type
/// first, then to those of the same name.
fn matched(given: &[Slot], inputs: &[Port]) -> Vec<Option<usize>> {
    let mut taken = vec![false; inputs.len()];
    let mut place = |slot: &Slot| {
        let free = |at: &usize| !taken[*at] && inputs[*at].name == slot.name;
        let same = (0..inputs.len()).find(|at| free(at) && inputs[*at].kind == slot.kind);
        let place = same.or_else(|| (0..inputs.len()).find(free))?;
        taken[place] = true;
        Some(place)
    };
    given.iter().map(&mut place).collect()
}

//! What is typed on the instances of subgraphs, and for which inner widgets it stands.
//! Invariant: one subgraph is looked at once, however many instances of it there are.

use super::MAX_SLOTS;
use super::file::{File, Graph, Node, Role};
use serde_json::Value;
use std::rc::Rc;

/// Deeper than any instance may be opened.
const MAX_DEPTH: usize = 40;

/// What an instance's level needs of it.
#[derive(Clone, Default)]
pub(super) struct Promoted<'f> {
    /// One for each input of the subgraph.
    values: Vec<Option<&'f Value>>,
    /// Inner widgets that are shown on the instance without an input of the subgraph.
    shown: Vec<Shown<'f>>,
}

#[derive(Clone)]
struct Shown<'f> {
    node: usize,
    widget: String,
    /// `None`: what the inner widget holds.
    value: Option<&'f Value>,
}

/// The inner widget that an input of a subgraph stands for.
#[derive(Clone)]
struct Reach<'f> {
    node: usize,
    /// What the input is called there, and what the widget behind it.
    input: String,
    widget: String,
    value: Option<&'f Value>,
}

type Host<'f> = Rc<Promoted<'f>>;

pub(super) struct Promoter<'f, 'a> {
    file: &'f File<'a>,
    /// By graph, then by input.
    reaches: Vec<Option<Rc<Vec<Option<Reach<'f>>>>>>,
    /// By graph, then by node.
    hosts: Vec<Vec<Option<Host<'f>>>>,
}

impl<'f> Promoted<'f> {
    /// What is typed for an input of the subgraph.
    pub(super) fn value(&self, input: usize) -> Option<&'f Value> {
        self.values.get(input).copied().flatten()
    }

    /// Whether an inner widget is shown on the instance, and what is typed there.
    pub(super) fn shown(&self, node: usize, widget: &str) -> Option<Option<&'f Value>> {
        let shown = self.shown.iter().find(|shown| shown.node == node && shown.widget == widget);
        shown.map(|shown| shown.value)
    }

    fn shown_on(&self, node: usize) -> impl Iterator<Item = &Shown<'f>> {
        self.shown.iter().filter(move |shown| shown.node == node)
    }
}

impl<'f, 'a> Promoter<'f, 'a> {
    pub(super) fn new(file: &'f File<'a>) -> Self {
        let hosts = file.graphs.iter().map(|graph| vec![None; graph.nodes.len()]).collect();
        Self { file, reaches: vec![None; file.graphs.len()], hosts }
    }

    /// What the level of an instance needs; `above` is what is shown on the level it stands on.
    pub(super) fn level(
        &mut self,
        graph: usize,
        place: usize,
        above: &Promoted<'f>,
    ) -> Promoted<'f> {
        let mut promoted = (*self.host(graph, place, 0)).clone();
        let node = self.file.graphs.get(graph).and_then(|graph| graph.nodes.get(place));
        let Some(Role::Instance(inner)) = node.map(|node| &node.role) else {
            return promoted;
        };
        let reaches = self.reaches(*inner, 0);
        for shown in above.shown_on(place) {
            let ports = self.file.graphs.get(*inner).map_or(&[][..], |graph| &graph.inputs);
            let named = ports.iter().position(|port| port.name == shown.widget).or_else(|| {
                let named = |reach: &Option<Reach>| {
                    reach.as_ref().is_some_and(|reach| reach.widget == shown.widget)
                };
                reaches.iter().position(named)
            });
            let value = named.and_then(|at| promoted.values.get_mut(at));
            if let (Some(value), Some(typed)) = (value, shown.value) {
                *value = Some(typed);
            }
        }
        promoted
    }

    fn reaches(&mut self, graph: usize, depth: usize) -> Rc<Vec<Option<Reach<'f>>>> {
        if let Some(Some(known)) = self.reaches.get(graph) {
            return Rc::clone(known);
        }
        // A subgraph that stands in itself finds nothing here; it is refused when it is opened.
        self.reaches[graph] = Some(Rc::default());
        let body: &'f Graph<'a> = &self.file.graphs[graph];
        let mut reaches = Vec::with_capacity(body.inputs.len());
        for port in &body.inputs {
            let mut found = None;
            for id in &port.links {
                let place = body.link(*id).and_then(|link| body.place(&link.to));
                let Some((place, node)) = place.and_then(|at| Some((at, body.nodes.get(at)?)))
                else {
                    continue;
                };
                if let Some(slot) = node.slots.iter().position(|slot| slot.link == Some(*id)) {
                    found = self.reach(graph, place, node, slot, depth);
                }
                if found.is_some() {
                    break;
                }
            }
            reaches.push(found);
        }
        let reaches = Rc::new(reaches);
        self.reaches[graph] = Some(Rc::clone(&reaches));
        reaches
    }

    fn reach(
        &mut self,
        graph: usize,
        place: usize,
        node: &'f Node<'a>,
        slot: usize,
        depth: usize,
    ) -> Option<Reach<'f>> {
        let input = node.slots.get(slot)?;
        match node.role {
            Role::Class { .. } => {
                let widget = input.widget.as_ref()?;
                let filled = node.widget(widget);
                Some(Reach {
                    node: place,
                    input: input.name.clone(),
                    widget: widget.clone(),
                    value: filled.and_then(|filled| filled.value.as_ref()),
                })
            }
            Role::Instance(inner) if depth < MAX_DEPTH => {
                let behind = self.reaches(inner, depth + 1).get(slot)?.clone()?;
                let value = self.host(graph, place, depth + 1).value(slot);
                Some(Reach { node: place, input: input.name.clone(), value, ..behind })
            }
            Role::Instance(_)
            | Role::Reroute
            | Role::Note
            | Role::Primitive
            | Role::Set(_)
            | Role::Get(_) => None,
        }
    }

    /// What is typed on an instance, whatever level it stands on.
    fn host(&mut self, graph: usize, place: usize, depth: usize) -> Host<'f> {
        if let Some(Some(known)) = self.hosts.get(graph).and_then(|nodes| nodes.get(place)) {
            return Rc::clone(known);
        }
        let node: &'f Node<'a> = &self.file.graphs[graph].nodes[place];
        let Role::Instance(inner) = node.role else {
            return Host::default();
        };
        let reaches = self.reaches(inner, depth + 1);
        let host = Rc::new(typed(node, &self.file.graphs[inner], &reaches));
        self.hosts[graph][place] = Some(Rc::clone(&host));
        host
    }
}

fn typed<'f>(node: &'f Node, inner: &Graph, reaches: &[Option<Reach<'f>>]) -> Promoted<'f> {
    let list = node.values.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut values: Vec<Option<&Value>> =
        reaches.iter().map(|reach| reach.as_ref().and_then(|reach| reach.value)).collect();
    let proxies = node.properties.and_then(|all| all.get("proxyWidgets")).and_then(Value::as_array);
    let proxies = proxies.map_or(&[][..], |all| all.get(..MAX_SLOTS).unwrap_or(all));
    let mut left = list.iter();
    for (value, _) in values.iter_mut().zip(reaches).filter(|(_, reach)| reach.is_some()) {
        *value = left.next().or(*value);
    }
    let mut shown = Vec::new();
    for (at, proxy) in proxies.iter().enumerate() {
        let part = |at| proxy.get(at).and_then(Value::as_str);
        let (Some(id), Some(name)) = (part(0), part(1)) else { continue };
        // What holds nothing leaves what the inner widget holds.
        let typed = list.get(at).filter(|typed| !typed.is_null());
        let mut bare = name;
        while let Some((_, rest)) = bare.split_once(": ") {
            bare = rest;
        }
        let place = inner.place_in_file(id);
        let input = if id == "-1" {
            inner.inputs.iter().position(|port| port.name == name)
        } else {
            let stands = |reach: &Option<Reach>| {
                reach.as_ref().is_some_and(|reach| {
                    Some(reach.node) == place
                        && (reach.input == name || reach.widget == name || reach.widget == bare)
                })
            };
            reaches.iter().position(stands)
        };
        match input.and_then(|at| values.get_mut(at)) {
            Some(value) => *value = typed.or(*value),
            None => {
                if let Some(node) = place.filter(|_| !name.starts_with("$$")) {
                    shown.push(Shown { node, widget: bare.to_owned(), value: typed });
                }
            }
        }
    }
    // What an editor could not place is kept for the input of that name.
    let kept = node.properties.and_then(|all| all.get("proxyWidgetErrorQuarantine"));
    for kept in kept.and_then(Value::as_array).into_iter().flatten().rev().take(MAX_SLOTS) {
        let part = |at| kept.get("originalEntry")?.get(at)?.as_str();
        let place = inner
            .inputs
            .iter()
            .position(|port| part(0) == Some("-1") && part(1) == Some(port.name));
        let value = place.filter(|at| reaches.get(*at).is_some_and(Option::is_some));
        if let (Some(value), Some(typed)) =
            (value.and_then(|at| values.get_mut(at)), kept.get("hostValue"))
        {
            *value = Some(typed);
        }
    }
    Promoted { values, shown }
}

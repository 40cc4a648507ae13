//! Group nodes, which editors had before there were subgraphs: a node of the type
//! `workflow>NAME` stands for the nodes that `extra.groupNodes` lists under its name. Each is
//! replaced by its nodes, with ids `GROUP:INDEX`, as the editor does it when it queues.
//! Invariant: what is made of a file is bounded, and a definition that cannot be understood is
//! refused.

mod outline;

use super::class::Classes;
use super::editor_only::group_name;
use super::file::weight;
use super::index::Index;
use super::raw;
use super::untaken::Untaken;
use super::widgets::Filled;
use super::{GraphRefusal, MAX_PROMPT_BYTES, MAX_SLOTS};
use crate::json;
use crate::workflow::MAX_NODES;
use outline::{Outline, Port};
use serde_json::{Map, Value};

/// A workflow without group nodes that run.
#[derive(Default)]
pub(super) struct Ungrouped {
    pub(super) graph: Value,
    /// The values that widgets of inner nodes have on the group node: by node, then by widget.
    pub(super) values: Map<String, Value>,
    /// Values saved on a group node that none of its widgets takes.
    pub(super) untaken: Vec<Untaken>,
}

/// Returns the definition of the group that a node of this type stands for.
pub(super) fn definition<'a>(root: &'a Value, kind: &str) -> Option<&'a Value> {
    root.get("extra")?.get("groupNodes")?.get(group_name(kind)?)
}

/// A group node and what it stands for.
struct Group<'a> {
    id: String,
    slots: &'a [Value],
    /// Whether a link was led to each of the slots.
    taken: Vec<bool>,
    outline: Outline<'a>,
    /// The inner nodes as they are put into the workflow.
    nodes: Vec<Value>,
}

/// Replaces the group nodes that run; `None` where there is none.
///
/// # Errors
/// `GroupNode` for a definition that is damaged, `MissingClasses` for classes that it needs, and
/// the limits of size.
pub(super) fn ungroup(root: &Value, classes: &Classes) -> Result<Option<Ungrouped>, GraphRefusal> {
    let mut found = Ungrouped::default();
    let (mut groups, mut nodes, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    let (mut room, mut count) = (MAX_PROMPT_BYTES, 0);
    for body in raw::list(root, "nodes") {
        let kind = raw::text(body, "type");
        let runs = !matches!(body.get("mode").and_then(Value::as_f64), Some(2.0 | 4.0));
        let id = body.get("id").and_then(raw::id);
        let named = group_name(kind).filter(|_| runs && classes.get(kind).is_none());
        let (Some(_), Some(id)) = (named, id) else {
            nodes.push(body);
            continue;
        };
        let damaged = || GraphRefusal::GroupNode { node: id.clone() };
        let definition = definition(root, kind).ok_or_else(damaged)?;
        room = room.checked_sub(weight(definition)).ok_or(GraphRefusal::TooMuch)?;
        count += raw::list(definition, "nodes").len();
        if count > MAX_NODES {
            return Err(GraphRefusal::TooManyNodes { limit: MAX_NODES });
        }
        let outline = Outline::read(definition, classes, &mut missing).ok_or_else(damaged)?;
        let nodes = outline.nodes.iter().map(|node| (*node).clone()).collect();
        let slots = raw::list(body, "inputs");
        if slots.len() > MAX_SLOTS {
            return Err(GraphRefusal::TooManySlots { node: id, limit: MAX_SLOTS });
        }
        let mut group = Group { id, slots, taken: vec![false; slots.len()], outline, nodes };
        found.take_values(&mut group, body);
        groups.push(group);
    }
    if !missing.is_empty() {
        missing.sort();
        missing.dedup();
        return Err(GraphRefusal::MissingClasses { classes: missing });
    }
    if groups.is_empty() {
        return Ok(None);
    }
    let links = linked(root, &mut groups);
    let mut nodes: Vec<Value> = nodes.into_iter().cloned().collect();
    nodes.extend(groups.into_iter().flat_map(|group| group.nodes));
    found.graph = root.clone();
    if let Value::Object(graph) = &mut found.graph {
        graph.insert("nodes".to_owned(), Value::Array(nodes));
        graph.insert("links".to_owned(), Value::Array(links));
    }
    Ok(Some(found))
}

impl Ungrouped {
    /// Gives the inner nodes their ids and the values that stand on the group node.
    fn take_values(&mut self, group: &mut Group, body: &Value) {
        for (place, node) in group.nodes.iter_mut().enumerate() {
            if let Value::Object(node) = node {
                node.insert("id".to_owned(), inner(&group.id, place).into());
            }
        }
        let (filled, untaken) = group.outline.filled(body);
        for (at, Filled { name, value, .. }) in filled {
            let (Some(field), Some(value)) = (group.outline.field(at), value) else { continue };
            // A choice may bring widgets of its own: `model.seed`.
            let part = name.strip_prefix(field.name.as_str()).unwrap_or_default();
            if field.is_primitive {
                let values = Value::Array(vec![value]);
                if let Some(Value::Object(node)) = group.nodes.get_mut(field.node) {
                    node.insert("widgets_values".to_owned(), values);
                }
                continue;
            }
            let values = self.values.entry(group.inner(field.node));
            if let Value::Object(values) = values.or_insert_with(|| Map::new().into()) {
                values.insert([field.input.as_str(), part].concat(), value);
            }
        }
        let title = match raw::text(body, "title") {
            "" => group_name(raw::text(body, "type")).unwrap_or_default(),
            title => title,
        };
        self.untaken
            .extend(untaken.into_iter().filter_map(|value| Untaken::of(&group.id, title, value)));
    }
}

impl Group<'_> {
    fn inner(&self, place: usize) -> String {
        inner(&self.id, place)
    }

    /// Returns the inner node and its slot that a link ends at which leads to a slot of the group
    /// node; the slot is added where the node does not have it.
    fn end(&mut self, link: i64, slot: Option<usize>) -> Option<(String, usize)> {
        let named = |slot: &Value| slot.get("link").and_then(raw::link_id);
        let own = self.slots.iter().position(|slot| named(slot) == Some(link));
        let free = |at: &usize| self.slots.get(*at).is_none_or(|slot| named(slot).is_none());
        let at = own.or(slot.filter(free))?;
        if let Some(taken) = self.taken.get_mut(at)
            && std::mem::replace(taken, true)
        {
            return None;
        }
        let name = self.slots.get(at).map(|slot| raw::text(slot, "name"));
        let Port { node, input, .. } = self.outline.port(name, at)?;
        let place = node;
        let body = self.nodes.get_mut(place)?.as_object_mut()?;
        let slots = body.entry("inputs").or_insert_with(|| Value::Array(Vec::new()));
        if !slots.is_array() {
            *slots = Value::Array(Vec::new());
        }
        let slots = slots.as_array_mut()?;
        let is_it = |slot: &Value| raw::text(slot, "name") == input;
        let slot = slots.iter().position(is_it).unwrap_or_else(|| {
            slots.push(json::object(vec![("name", input.into()), ("type", "*".into())]));
            slots.len() - 1
        });
        if let Some(Value::Object(slot)) = slots.get_mut(slot) {
            slot.insert("link".to_owned(), link.into());
        }
        Some((inner(&self.id, place), slot))
    }
}

/// Returns the id of a node within a group node.
fn inner(group: &str, place: usize) -> String {
    [group, ":", &place.to_string()].concat()
}

/// Returns all links: those of the workflow, led to inner nodes, and those within the groups.
fn linked(root: &Value, groups: &mut [Group]) -> Vec<Value> {
    let lists = raw::has_lists(root);
    let mut links: Vec<Value> = raw::all_links(root).into_iter().cloned().collect();
    let (mut last, mut places) = (0, Index::default());
    for (place, group) in groups.iter().enumerate() {
        places.put(&group.id, place);
    }
    for link in &mut links {
        let Some(id) = raw::part(link, 0, "id").and_then(raw::link_id) else { continue };
        last = last.max(id);
        let [from_slot, to_slot] = [(2, "origin_slot"), (4, "target_slot")].map(|(at, key)| {
            let slot = raw::part(link, at, key).and_then(raw::link_id);
            slot.and_then(|slot| usize::try_from(slot).ok())
        });
        let [from, to] = [(1, "origin_id"), (3, "target_id")].map(|(at, key)| {
            let id = raw::part(link, at, key).and_then(raw::id);
            id.and_then(|id| places.get(&id))
        });
        let start = from.and_then(|at| {
            let group = groups.get(at)?;
            let (node, slot) = group.outline.outputs.get(from_slot?)?;
            Some((group.inner(*node), *slot))
        });
        if let Some((node, slot)) = start {
            set(link, (1, "origin_id"), node.into());
            set(link, (2, "origin_slot"), slot.into());
        }
        let end = to.and_then(|at| groups.get_mut(at)?.end(id, to_slot));
        if let Some((node, slot)) = end {
            set(link, (3, "target_id"), node.into());
            set(link, (4, "target_slot"), slot.into());
        }
    }
    for group in groups {
        for link in &group.outline.links {
            last = last.saturating_add(1);
            let (from, to) = (inner(&group.id, link.from.0), inner(&group.id, link.to.0));
            let node = group.nodes.get_mut(link.to.0);
            let slot = node.and_then(|node| node.get_mut("inputs")?.get_mut(link.to.1));
            if let Some(Value::Object(slot)) = slot {
                slot.insert("link".to_owned(), last.into());
            }
            let parts = [
                ("id", last.into()),
                ("origin_id", from.into()),
                ("origin_slot", link.from.1.into()),
                ("target_id", to.into()),
                ("target_slot", link.to.1.into()),
                ("type", link.kind.into()),
            ];
            links.push(if lists {
                Value::Array(parts.into_iter().map(|(_, part)| part).collect())
            } else {
                json::object(parts.into())
            });
        }
    }
    links
}

fn set(link: &mut Value, (at, key): (usize, &str), value: Value) {
    let part = match link {
        Value::Array(parts) => parts.get_mut(at),
        Value::Object(parts) => parts.get_mut(key),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    if let Some(part) = part {
        *part = value;
    }
}

//! The parts of the editor's file, one by one.
//! Invariant: whatever has a wrong type is left out here, or refused where that would change what
//! is sent.

use super::{GraphRefusal, MAX_SLOTS};
use crate::number::{integer, shown};
use serde_json::Value;

/// An input or output of a subgraph.
pub(super) struct Port<'a> {
    pub(super) name: &'a str,
    pub(super) kind: String,
    pub(super) links: Vec<i64>,
}

#[derive(Clone)]
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
    /// Its place in the file.
    pub(super) place: usize,
}

impl Slot {
    pub(super) fn empty(name: &str, kind: &str) -> Self {
        Self { name: name.to_owned(), kind: kind.to_owned(), link: None, widget: None }
    }
}

pub(super) fn slots(body: &Value) -> Result<Vec<Slot>, GraphRefusal> {
    let given = list(body, "inputs");
    if given.len() > MAX_SLOTS {
        let node = body.get("id").and_then(id).unwrap_or_default();
        return Err(GraphRefusal::TooManySlots { node, limit: MAX_SLOTS });
    }
    let slots = given.iter().filter_map(|slot| {
        Some(Slot {
            name: slot.get("name")?.as_str()?.to_owned(),
            kind: socket(slot),
            link: slot.get("link").and_then(link_id),
            widget: slot
                .get("widget")
                .and_then(|widget| widget.get("name"))
                .and_then(Value::as_str)
                .map(str::to_owned),
        })
    });
    Ok(slots.collect())
}

pub(super) fn ports<'a>(definition: &'a Value, key: &str) -> Result<Vec<Port<'a>>, GraphRefusal> {
    let given = list(definition, key);
    if given.len() > MAX_SLOTS {
        let node = text(definition, "name").to_owned();
        return Err(GraphRefusal::TooManySlots { node, limit: MAX_SLOTS });
    }
    let port = |port| Port {
        name: text(port, "name"),
        kind: socket(port),
        links: list(port, "linkIds").iter().filter_map(link_id).collect(),
    };
    Ok(given.iter().map(port).collect())
}

/// Version 0.4 writes the links of the workflow itself as lists, later ones as objects; those of
/// subgraphs are objects.
pub(super) fn links(definition: &Value, root: bool) -> Result<Vec<Link>, GraphRefusal> {
    let lists = has_lists(definition);
    let given = all_links(definition);
    let mut links = Vec::with_capacity(given.len());
    for (place, link) in given.into_iter().enumerate() {
        let part = |at, key| part(link, at, key);
        // Old editors left gaps where links were removed, and passed over them.
        if link.is_null() {
            continue;
        }
        if !link.is_array() && !link.is_object() {
            return Err(GraphRefusal::NotALink);
        }
        if root && link.is_array() != lists {
            return Err(GraphRefusal::OtherVersion);
        }
        let Some(id_of_link) = part(0, "id").and_then(link_id) else {
            continue;
        };
        let node = |at, key| part(at, key).and_then(id);
        let slot =
            |at, key| part(at, key).and_then(link_id).and_then(|slot| u64::try_from(slot).ok());
        links.push(Link {
            id: id_of_link,
            from: node(1, "origin_id").zip(slot(2, "origin_slot")),
            to: node(3, "target_id").unwrap_or_default(),
            to_slot: slot(4, "target_slot").unwrap_or(u64::MAX),
            place,
        });
    }
    // The first of several with one id is the one that counts.
    links.sort_by_key(|link: &Link| link.id);
    links.dedup_by_key(|link| link.id);
    Ok(links)
}

/// Whether the links of a workflow are lists, as its version says.
pub(super) fn has_lists(definition: &Value) -> bool {
    definition.get("version").and_then(Value::as_f64) == Some(0.4)
}

/// Returns the links as they stand in the file.
pub(super) fn all_links(definition: &Value) -> Vec<&Value> {
    match definition.get("links") {
        Some(Value::Array(links)) => links.iter().collect(),
        Some(Value::Object(links)) => links.values().collect(),
        Some(_) | None => Vec::new(),
    }
}

/// Returns a part of a link: a member of its list, or of its object.
pub(super) fn part<'a>(link: &'a Value, at: usize, key: &str) -> Option<&'a Value> {
    match link {
        Value::Array(parts) => parts.get(at),
        Value::Object(parts) => parts.get(key),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// A node's id, which is a number or a text.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(shown(number)),
        Value::String(text) if !text.is_empty() && text.len() <= 256 => Some(text.clone()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// The id of a link, or the number of a slot.
pub(super) fn link_id(value: &Value) -> Option<i64> {
    match value {
        Value::Number(_) => i64::try_from(integer(value)?).ok(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The type of a slot; what is no text fits everything.
pub(super) fn socket(slot: &Value) -> String {
    let kind = slot.get("type").and_then(Value::as_str);
    kind.filter(|kind| !kind.is_empty()).unwrap_or("*").to_owned()
}

pub(super) fn list<'a>(value: impl Into<Option<&'a Value>>, key: &str) -> &'a [Value] {
    value
        .into()
        .and_then(|value| value.get(key))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

//! Where the values of a prompt stand in the editor's workflow, and how others are put there.
//! Invariant: a value is put in a place only if the editor then sends exactly this value; whatever
//! else the workflow contains stays as it was.

use super::bounds::Bounds;
use super::file::File;
use super::origin::{How, Origin, Written};
use super::sent::{Way, wrapped};
use super::words::{self, Draw};
use crate::json;
use crate::workflow::FieldKey;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ptr;

/// The places of a prompt's values, by input. Inputs without a place are fed by links, hold
/// defaults that the workflow does not contain, or decide more than their own value.
pub type Places = BTreeMap<FieldKey, Place>;

/// The place of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// A JSON pointer (RFC 6901).
    at: String,
    how: How,
    bounds: Option<Bounds>,
    /// Newer editors save the values of a node by name as well: the name there.
    name: Option<String>,
}

/// Returns the places of values that were written, the last for each input, in the file `root`.
pub(super) fn find(root: &Value, file: &File, written: Vec<(FieldKey, Written)>) -> Places {
    // What a widget holds is a copy of what was saved.
    let widgets = file.graphs.iter().flat_map(|graph| &graph.nodes).flat_map(|node| &node.widgets);
    let copies: BTreeMap<*const Value, Origin> = widgets
        .filter_map(|widget| Some((ptr::from_ref(widget.value.as_ref()?), widget.origin)))
        .collect();
    let written: BTreeMap<FieldKey, Written> = written.into_iter().collect();
    let original = |origin: *const Value| copies.get(&origin).copied().unwrap_or(Some(origin));
    let mut pointers: BTreeMap<*const Value, Option<String>> =
        written.values().filter_map(|written| Some((original(written.origin?)?, None))).collect();
    point(root, &mut String::new(), &mut pointers);
    let place = |(key, written): (FieldKey, Written)| {
        let at = pointers.get(&original(written.origin?)?)?.clone()?;
        let is_named = !key.node.as_str().is_empty() && !key.input.is_empty();
        let name = name(root, &at, &key.input);
        is_named.then_some((key, Place { at, how: written.how, bounds: written.bounds, name }))
    };
    written.into_iter().filter_map(place).collect()
}

/// Where a node saves its values by name.
const BY_NAME: &str = "widgets_values_named";

/// Returns the pointer of the node that has a value in its list.
fn node_of(at: &str) -> Option<&str> {
    at.rsplit_once("/widgets_values/").map(|(node, _)| node)
}

/// Returns the name under which a node saves the value at `at` as well: that of the input, else the
/// only one with the same value.
fn name(root: &Value, at: &str, input: &str) -> Option<String> {
    let saved = root.pointer(at)?;
    let named = root.pointer(node_of(at)?)?.get(BY_NAME)?.as_object()?;
    if named.get(input) == Some(saved) {
        return Some(input.to_owned());
    }
    let mut names = named.iter().filter(|(_, value)| *value == saved).map(|(name, _)| name);
    names.next().filter(|_| names.next().is_none()).cloned()
}

/// Fills in the pointers of those values that are asked for.
fn point(value: &Value, path: &mut String, found: &mut BTreeMap<*const Value, Option<String>>) {
    if let Some(pointer) = found.get_mut(&ptr::from_ref(value)) {
        *pointer = Some(path.clone());
    }
    let length = path.len();
    let mut within = |key: &str, value: &Value| {
        path.push('/');
        path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        point(value, path, found);
        path.truncate(length);
    };
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| within(&at.to_string(), value));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| within(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

impl Place {
    /// Returns its stored form.
    pub fn to_value(&self) -> Value {
        let how = How::ALL.into_iter().find(|(how, _)| *how == self.how).map(|(_, name)| name);
        let mut fields = vec![("at", self.at.as_str().into())];
        fields.extend(how.map(|how| ("how", how.into())));
        fields.extend(self.bounds.map(|bounds| ("bounds", bounds.to_value())));
        fields.extend(self.name.as_deref().map(|name| ("name", name.into())));
        json::object(fields)
    }

    /// Reads the stored form; `None` for anything else.
    pub fn read(value: &Value) -> Option<Self> {
        let text = |key| value.get(key).and_then(Value::as_str);
        let how = How::ALL.into_iter().find(|(_, name)| text("how") == Some(*name))?.0;
        let bounds = match value.get("bounds") {
            Some(bounds) => Some(Bounds::of_value(bounds)?),
            None => None,
        };
        let name = text("name").map(str::to_owned);
        Some(Self { at: text("at")?.to_owned(), how, bounds, name })
    }

    /// Returns its JSON pointer.
    pub fn pointer(&self) -> &str {
        &self.at
    }

    /// Puts in the workflow what the editor sends as `value`; what does that already stays. `false`
    /// if nothing does, or the workflow has no such place.
    #[must_use]
    pub fn put(&self, workflow: &mut Value, value: &Value) -> bool {
        let Some(saved) = workflow.pointer_mut(&self.at) else { return false };
        let is_literal = self.how == How::Named && saved == value;
        if is_literal || self.sends(saved, value) {
            return true;
        }
        let mut candidates = self.candidates(saved, value).into_iter();
        let Some(other) = candidates.find(|other| self.sends(other, value)) else { return false };
        *saved = other.clone();
        let node = node_of(&self.at).and_then(|node| workflow.pointer_mut(node)?.as_object_mut());
        if let Some(node) = node {
            let named = node.get_mut(BY_NAME).and_then(Value::as_object_mut);
            match (named, &self.name) {
                (Some(named), Some(name)) => drop(named.insert(name.clone(), other)),
                // Rather none than the former value.
                (Some(_), None) => drop(node.remove(BY_NAME)),
                (None, _) => {}
            }
        }
        true
    }

    /// What may be sent as `value`.
    fn candidates(&self, saved: &Value, value: &Value) -> Vec<Value> {
        let inner = value.get("__value__").filter(|_| self.how == How::Curve || is_list(value));
        let mut candidates = vec![inner.unwrap_or(value).clone()];
        match (self.how, value, saved) {
            (How::Dynamic, Value::String(text), _) => {
                let signs = text.chars().map(|sign| match sign {
                    '{' | '}' | '|' => ['\\', sign].iter().collect(),
                    _ => sign.to_string(),
                });
                candidates.push(Value::String(signs.collect()));
            }
            // Members that are not sent stay.
            (How::Plain, Value::Object(sent), Value::Object(saved)) => {
                let mut merged = saved.clone();
                merged.extend(sent.iter().map(|(key, value)| (key.clone(), value.clone())));
                candidates.insert(0, Value::Object(merged));
            }
            (How::Plain | How::Dynamic | How::Named | How::Curve, _, _) => {}
        }
        candidates
    }

    /// Whether the editor sends `saved` as `value`, whenever it is asked.
    fn sends(&self, saved: &Value, value: &Value) -> bool {
        let saved = match self.bounds {
            Some(bounds) => bounds.apply(saved.clone()),
            None => saved.clone(),
        };
        let sent = match (self.how, saved) {
            (How::Dynamic, Value::String(text)) => {
                let mut draw = Draw(0);
                let sent = words::dynamic(&text, &mut draw);
                // Nothing is chosen at random.
                sent.filter(|_| draw.0 == 0).map(Value::String)
            }
            (How::Named, Value::String(text)) => {
                (!names_more(&text)).then_some(Value::String(text))
            }
            (How::Curve, saved) => Some(wrapped(saved, Way::Curve)),
            (How::Plain | How::Dynamic | How::Named, saved) => Some(wrapped(saved, Way::AsIs)),
        };
        sent.is_some_and(|sent| same(&sent, value))
    }
}

/// Whether a name of a file may contain something that the editor replaces: `%date:…%` or
/// `%Node.widget%`.
fn names_more(text: &str) -> bool {
    let is_replaced = |part: &str| part.contains('.') || part.starts_with("date:");
    text.split('%').skip(1).any(is_replaced)
}

/// Whether a value is a list, as it is sent.
fn is_list(value: &Value) -> bool {
    let only = value.as_object().filter(|map| map.len() == 1);
    only.and_then(|map| map.get("__value__")).is_some_and(Value::is_array)
}

/// Whether two values are the same to a server: `1.0` is `1`, and members that are null may be
/// absent from a row.
fn same(saved: &Value, sent: &Value) -> bool {
    match (saved, sent) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => {
            one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let absent =
                |(key, value): (&String, &Value)| value.is_null() && !other.contains_key(key);
            one.iter().filter(|member| !absent(*member)).count() == other.len()
                && other.iter().all(|(key, other)| one.get(key).is_some_and(|one| same(one, other)))
        }
        (one, other) => one == other,
    }
}

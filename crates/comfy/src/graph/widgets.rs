//! What a node's widgets hold.
//! Invariant: the saved values are given out in the order in which the editor made the widgets,
//! none of them changed, clamped or rounded.

use super::bounds::Bounds;
use super::class::{Class, Form, Input, Widget, WidgetKind};
use super::ordered::truthy;
use super::origin::Origin;
use super::raw::Slot;
use super::rows::{self, Row};
use super::sent::Way;
use crate::json;
use crate::number::shown;
use serde_json::Value;
use std::ptr;

/// A widget with its value.
pub(super) struct Filled {
    pub(super) name: String,
    /// `None` is what JSON does not write.
    pub(super) value: Option<Value>,
    pub(super) way: Way,
    /// Whether whatever it is given turns into text.
    pub(super) lines: bool,
    /// Of a number.
    pub(super) bounds: Option<Bounds>,
    /// The saved value that it was read from; `None` where changing that would change more than
    /// this widget.
    pub(super) origin: Origin,
}

impl Filled {
    fn plain(name: String, value: Option<Value>) -> Self {
        Self { name, value, way: Way::AsIs, lines: false, bounds: None, origin: None }
    }

    fn saved(name: String, value: &Value) -> Self {
        Self { origin: Some(ptr::from_ref(value)), ..Self::plain(name, Some(value.clone())) }
    }

    fn rows(rows: Vec<Row>) -> Vec<Self> {
        let filled =
            |row: Row| Self { origin: row.origin, ..Self::plain(row.name, Some(row.value)) };
        rows.into_iter().map(filled).collect()
    }

    /// What it holds after it was given a value.
    pub(super) fn held(&self, value: Value) -> Value {
        if self.lines { Value::String(as_text(&value)) } else { value }
    }
}

/// A value as JavaScript writes it into a field of several lines.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) => json::text(value),
        Value::Number(number) => shown(number),
        Value::Array(list) => list.iter().map(as_text).collect::<Vec<_>>().join(","),
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// What the editor may do with a number after a run, as it saves it behind the number.
pub(super) const CONTROLS: [&str; 5] =
    ["fixed", "increment", "decrement", "randomize", "increment-wrap"];

/// Saved values that are left.
struct Saved<'s, 'v>(&'s [&'v Value]);

impl<'v> Saved<'_, 'v> {
    fn next(&mut self) -> Option<&'v Value> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn take(&mut self) -> Option<Value> {
        self.next().cloned()
    }

    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }
}

/// The widgets of a node of a known class, and the values that none of them takes.
pub(super) fn fill<'v>(
    class: &Class,
    name: &str,
    body: &'v Value,
) -> (Vec<Filled>, Vec<&'v Value>) {
    let given = body.get("widgets_values");
    let list = given.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut filled = Vec::new();
    if name == SHOW_TEXT {
        return (shown_texts(list, body), Vec::new());
    }
    if let Some(rows) = rows::read(name, list) {
        return (Filled::rows(rows), Vec::new());
    }
    // Editors before 1.16 saved a value for each input that may only be linked.
    let forced = class.forced.len() == list.len() && class.forced.contains(&true);
    let is_kept = |at: usize| !forced || class.forced.get(at) == Some(&false);
    let kept = list.iter().enumerate().filter(|(at, _)| is_kept(*at));
    let list: Vec<&Value> = kept.map(|(_, value)| value).collect();
    let mut saved = Saved(&list);
    for input in &class.inputs {
        place(input, input.name.clone(), &mut saved, &mut filled);
        if name == "CustomCombo" && input.name == "choice" {
            options(&mut saved, &mut filled);
        }
    }
    let mut untaken = saved.0.to_vec();
    if let Some(Value::Object(named)) = given {
        let by_name = name.starts_with("VHS_");
        for widget in &mut filled {
            match named.get(&widget.name) {
                Some(value) if by_name => {
                    (widget.value, widget.origin) =
                        (Some(value.clone()), Some(ptr::from_ref(value)));
                }
                Some(value) if widget.value.as_ref() != Some(value) => untaken.push(value),
                Some(_) | None => {}
            }
        }
    }
    if matches!(name, "KSampler" | "KSamplerAdvanced") {
        // What samplers were called in the very first workflows.
        let sampler = filled.iter_mut().find(|widget| widget.name == "sampler_name");
        if let Some(Filled { value: Some(Value::String(sampler)), .. }) = sampler
            && let Some(today) = sampler.strip_prefix("sample_")
        {
            *sampler = today.to_owned();
        }
    }
    (filled, untaken)
}

/// A widget of a group node: its name there, and the input of an inner node that it is made for.
pub(super) struct Outer<'c> {
    pub(super) name: String,
    /// `None`: it takes any value, and nothing where none is saved.
    pub(super) input: Option<&'c Input>,
    /// Values that are saved behind its own and those of its class.
    pub(super) spare: usize,
}

/// The widgets of a group node, each with the place of what it belongs to, and the values that
/// none of them takes.
pub(super) fn fill_group<'v, 'c>(
    fields: impl Iterator<Item = Outer<'c>>,
    body: &'v Value,
) -> (Vec<(usize, Filled)>, Vec<&'v Value>) {
    let given = body.get("widgets_values");
    let list: Vec<&Value> = given.and_then(Value::as_array).into_iter().flatten().collect();
    let (mut saved, mut all) = (Saved(&list), Vec::new());
    for (at, Outer { name, input, spare }) in fields.enumerate() {
        let mut filled = Vec::new();
        match (input, given.and_then(|named| named.get(&name))) {
            (_, Some(value)) => filled.push(Filled::plain(name, Some(value.clone()))),
            (Some(input), None) => place(input, name, &mut saved, &mut filled),
            (None, None) => filled.push(Filled::plain(name, saved.take())),
        }
        saved.skip(spare);
        all.extend(filled.into_iter().map(|filled| (at, filled)));
    }
    (all, saved.0.to_vec())
}

fn place(input: &Input, name: String, saved: &mut Saved, filled: &mut Vec<Filled>) {
    let Form::Widget(widget) = &input.form else {
        return;
    };
    let taken = if widget.saved { saved.next() } else { None };
    // The editor writes a value more behind inputs of these names, whatever their class says.
    let seed = widget.seed_by_name && matches!(name.as_str(), "seed" | "noise_seed");
    saved.skip(widget.spare + usize::from(seed));
    let way = match &widget.kind {
        WidgetKind::Unsent => return,
        WidgetKind::Plain | WidgetKind::Choice(_) | WidgetKind::Branches(_) => Way::AsIs,
        WidgetKind::DynamicText => Way::DynamicText,
        WidgetKind::Curve => Way::Curve,
    };
    let empty = matches!(taken, Some(Value::Null));
    // Another option would bring other inputs.
    let is_alone = !matches!(widget.kind, WidgetKind::Branches(_));
    let origin = taken.filter(|_| is_alone).map(ptr::from_ref);
    let value = match (&widget.kind, taken) {
        // A choice that was saved as nothing takes its first option.
        (WidgetKind::Choice(Some(first)), Some(Value::Null)) => Some(first.clone()),
        (WidgetKind::Branches(_), Some(Value::Null)) => {
            widget.default.clone().or(Some(Value::Null))
        }
        (_, taken) => taken.cloned().or_else(|| widget.default.clone()),
    };
    let branch = branch(widget, value.as_ref());
    let lines = widget.lines;
    let bounds = widget.bounds;
    let mut held = Filled { name: name.clone(), value: None, way, lines, bounds, origin };
    held.value = value.map(|value| held.held(value));
    filled.push(held);
    for part in branch {
        // Nothing was saved for the parts of what was saved as nothing.
        let mut none = Saved(&[]);
        let saved = if empty { &mut none } else { &mut *saved };
        place(part, [&name, ".", &part.name].concat(), saved, filled);
    }
}

/// The inputs that the chosen option of a dynamic choice brings.
pub(super) fn branch<'c>(widget: &'c Widget, value: Option<&Value>) -> &'c [Input] {
    let WidgetKind::Branches(branches) = &widget.kind else {
        return &[];
    };
    let chosen = match value {
        Some(Value::String(chosen)) => chosen.clone(),
        Some(Value::Null) | None => return &[],
        Some(other) => json::text(other),
    };
    let branch = branches.iter().find(|(key, _)| *key == chosen);
    branch.map_or(&[], |(_, inputs)| inputs)
}

/// The options of a choice that its user makes: one more than are filled in.
fn options(saved: &mut Saved, filled: &mut Vec<Filled>) {
    saved.skip(1);
    filled.push(Filled { way: Way::Index, ..Filled::plain("index".to_owned(), None) });
    let mut first = None;
    for number in 1.. {
        let value = saved.take();
        let more = value.as_ref().is_some_and(truthy);
        if more && first.is_none() {
            first.clone_from(&value);
        }
        let value = value.or_else(|| Some(Value::String(String::new())));
        filled.push(Filled::plain(format!("option{number}"), value));
        if !more {
            break;
        }
    }
    let Some(choice) = filled.first_mut() else { return };
    // Its place among the options is sent as well.
    choice.origin = None;
    if first.is_some() && empty(choice) {
        choice.value = first;
    }
}

fn empty(widget: &Filled) -> bool {
    matches!(widget.value, Some(Value::Null) | None)
}

/// Keeps the texts that it showed last among its inputs.
const SHOW_TEXT: &str = "ShowText|pysssss";

/// The former results that this node shows go out with it.
fn shown_texts(list: &[Value], body: &Value) -> Vec<Filled> {
    let slot = body.get("inputs").and_then(|inputs| inputs.get(0));
    let converted = slot.and_then(|slot| slot.get("widget")).is_some_and(truthy);
    let list = match list {
        [_, rest @ ..] if converted && !rest.is_empty() => rest,
        _ => list,
    };
    let list = match list {
        [first, rest @ ..] if !truthy(first) => rest,
        _ => list,
    };
    let mut filled: Vec<Filled> = Vec::new();
    for item in list {
        for text in item.as_array().map_or(std::slice::from_ref(item), Vec::as_slice) {
            let name = format!("text_{}", filled.len());
            filled.push(Filled::plain(name, Some(text.clone())));
        }
    }
    filled
}

/// Classes of well-known packs that take links only; what is saved of them was shown last.
const SHOWING: [&str; 6] = [
    "Display Any (rgthree)",
    "Display Int (rgthree)",
    "FancyTimerNode",
    "Image Comparer (rgthree)",
    "easy showAnything",
    "easy showAnythingLazy",
];

/// The widgets of a node whose class nobody described; `None`: it cannot be done without.
pub(super) fn guess(class: &str, body: &Value, slots: &[Slot]) -> Option<Vec<Filled>> {
    let plain = |name: &str, value: &Value| Filled::saved(name.to_owned(), value);
    let by_name = |named: &Value| {
        let named = named.as_object()?;
        let sent = named.iter().filter(|(name, _)| !name.starts_with("control_"));
        Some(sent.map(|(name, value)| plain(name, value)).collect::<Vec<_>>())
    };
    let list = match body.get("widgets_values") {
        _ if SHOWING.contains(&class) => return Some(Vec::new()),
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(Value::Array(list)) if list.is_empty() => return Some(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(other) => return by_name(other),
    };
    if class == SHOW_TEXT {
        return Some(shown_texts(list, body));
    }
    if let Some(rows) = rows::read(class, list) {
        return Some(Filled::rows(rows));
    }
    let by_slots = by_slots(list, slots);
    let Some(mut named) = body.get("widgets_values_named").and_then(by_name) else {
        return by_slots;
    };
    // The editor reads the list.
    for widget in &mut named {
        let same = |other: &&Filled| other.name == widget.name && other.value == widget.value;
        widget.origin = by_slots.iter().flatten().find(same).and_then(|other| other.origin);
    }
    Some(named)
}

/// Newer files have a slot for each widget, in their order.
fn by_slots(list: &[Value], slots: &[Slot]) -> Option<Vec<Filled>> {
    let mut rest = list;
    let mut filled = Vec::new();
    for slot in slots {
        let Some(name) = &slot.widget else { continue };
        let (value, after) = rest.split_first()?;
        filled.push(Filled::saved(name.clone(), value));
        let control = after.first().and_then(Value::as_str);
        let controlled = value.is_number() && control.is_some_and(|word| CONTROLS.contains(&word));
        rest = after.get(usize::from(controlled)..)?;
    }
    rest.is_empty().then_some(filled)
}

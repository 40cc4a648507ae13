//! One input of a workflow with what surrounds it: its description, and what its value feeds.
//! Invariant: every part of the crate that makes a field asks here for its widget.

use super::Widget;
use super::widget::last;
use pilotlight_comfy::schema::{Class, Kind};
use pilotlight_comfy::seed::is_seed;
use pilotlight_comfy::workflow::{FieldKey, Node, Workflow, link};
use serde_json::Value;

/// Finds the description of a class by its name.
pub(super) type Find<'f, 'c> = &'f dyn Fn(&str) -> Option<&'c Class>;

/// Returns what is known of an input.
pub(super) fn kind<'c>(flow: &Workflow, key: &FieldKey, find: Find<'_, 'c>) -> Option<&'c Kind> {
    let node = flow.node(&key.node)?;
    let own = find(node.class()).and_then(|class| class.input_of(&key.input, node));
    own.map(|input| &input.kind).or_else(|| row_kind(node, &key.input, find))
}

/// The part of a row that names a LoRA is one of the choices that the loader of one has.
fn row_kind<'c>(node: Node<'_>, input: &str, find: Find<'_, 'c>) -> Option<&'c Kind> {
    let (row, "lora") = input.rsplit_once('.')? else { return None };
    let _row = node.input(row).filter(|row| is_row(row))?;
    Some(&find("LoraLoader")?.input("lora_name")?.kind)
}

/// Whether a value is a row of a list of LoRAs, whose parts are fields.
pub(super) fn is_row(value: &Value) -> bool {
    let part = |name: &str| value.get(name);
    part("lora").is_some_and(Value::is_string)
        && part("on").is_some_and(Value::is_boolean)
        && part("strength").is_some_and(Value::is_number)
}

/// Returns the widget of an input; `None` where the workflow has no such input.
pub(super) fn widget(flow: &Workflow, key: &FieldKey, find: Find<'_, '_>) -> Option<Widget> {
    let (node, value) = (flow.node(&key.node)?, flow.input(key)?);
    let widget = Widget::of(&key.input, value, node, kind(flow, key, find));
    let Widget::Int { min, max, .. } = widget else { return Some(widget) };
    let seed = holds_alone(node, &key.input).then(|| seed(flow, key, find)).flatten();
    Some(match seed {
        Some((low, high)) => {
            let (low, high) = (min.unwrap_or(low).max(low), max.unwrap_or(high).min(high));
            if low < high { Widget::Seed { min: low, max: high } } else { widget }
        }
        None => widget,
    })
}

/// Whether a node does nothing but hold this number.
fn holds_alone(node: Node<'_>, input: &str) -> bool {
    node.inputs()
        .all(|(name, value)| link(value).is_none() && (name == input || !value.is_number()))
}

/// The bounds of all seeds that a node feeds; `None` if it feeds anything else, or nothing.
fn seed(flow: &Workflow, key: &FieldKey, find: Find<'_, '_>) -> Option<(i128, i128)> {
    let (mut low, mut high, mut any) = (0, i128::from(u64::MAX), false);
    let feeds = |value: &Value| {
        value.as_array().and_then(|link| link.first()?.as_str()) == Some(key.node.as_str())
    };
    for (_, node) in flow.nodes() {
        for (name, value) in node.inputs().filter(|(_, value)| feeds(value)) {
            let described = find(node.class()).and_then(|class| class.input_of(name, node));
            let described = described.map(|input| &input.kind);
            let has_control =
                matches!(described, Some(Kind::Int { control_after_generate: true, .. }));
            if link(value).is_none() || !is_seed(last(name), has_control) {
                return None;
            }
            any = true;
            if let Some(Kind::Int { min, max, .. }) = described {
                low = min.unwrap_or(low).max(low);
                high = max.unwrap_or(high).min(high);
            }
        }
    }
    any.then_some((low, high))
}

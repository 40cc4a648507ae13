//! One field: label, hint, widget, and what is wrong with it.
//! Invariant: what is wrong is named right under the widget, which points to it.

use pilotlight_comfy::language::Label;
use pilotlight_comfy::problem::Warning;
use pilotlight_forms::form::{Draft, Field, Widget};

use super::button::icon;
use super::slot::{Slot, id};
use super::{choice, drop, number, seed, switch, text};
use crate::app::{Page, Sheet};
use crate::dom::{El, el};
use leptos::prelude::*;

pub(super) fn field(
    page: Page,
    sheet: &'static Sheet,
    field: &'static Field,
    warnings: Memo<Vec<Warning>>,
) -> El {
    let slot = Slot { page, sheet, field, warnings };
    let (name, widget) = widgets(slot);
    let reason = move || field.reason().map(|why| why.get(page.language.get()).to_owned());
    let state = move || match (slot.error(), slot.warning()) {
        (Some(_), _) => Some("error".to_owned()),
        (None, Some(_)) => Some("warning".to_owned()),
        (None, None) => None,
    };
    el("div", "field")
        .set("data-widget", name)
        .attr("data-state", state)
        .put(head(slot))
        .put_all(widget)
        .remade({
            // A note that stays is not written again: it would be read out again.
            let said = Memo::new(move |_| (slot.error(), slot.warning().or_else(reason)));
            move || said.with(|(error, warning)| note(slot, error.as_deref(), warning.as_deref()))
        })
}

/// The widget of a field, and what style knows it by.
fn widgets(slot: Slot) -> (&'static str, Vec<El>) {
    let one = |name, widget| (name, vec![widget]);
    match &slot.field.widget {
        Widget::LongText => one("text", text::long(slot)),
        Widget::Text | Widget::ReadOnly(_) => one("text", text::short(slot)),
        Widget::Int { .. } => one("number", number::number(slot, "numeric")),
        Widget::Float { .. } => one("number", number::number(slot, "decimal")),
        Widget::Seed { .. } => one("seed", seed::seed(slot)),
        Widget::Switch => one("switch", switch::switch(slot)),
        Widget::Choice { options } => ("choice", choice::choice(slot, options)),
        Widget::Picture => one("picture", drop::drop(slot, "image")),
        Widget::Video => one("picture", drop::drop(slot, "video")),
        Widget::Sound => one("picture", drop::drop(slot, "audio")),
    }
}

fn head(slot: Slot) -> El {
    let field = slot.field;
    let id = id(&field.key);
    // A picture's control has a name of its own: what pressing it does.
    let label = match matches!(field.default, Draft::Picture(_)) {
        true => el("span", "field-label"),
        false => el("label", "field-label").set("for", &id),
    };
    let bounds = bounds(field);
    let hover = field.hint.clone().filter(|_| bounds.is_some());
    let hint = bounds.or_else(|| field.hint.clone()).or_else(|| field.reason());
    let language = slot.page.language;
    let in_language = move |label: &Option<Label>| {
        label.as_ref().map(|label| label.get(language.get()).to_owned())
    };
    let hint = el("span", "field-hint")
        .set("id", &format!("{id}-hint"))
        .says(move || in_language(&hint).unwrap_or_default());
    el("div", "field-head")
        .attr("title", move || in_language(&hover))
        .put(label.says(move || slot.label()))
        .put(hint)
}

/// The bounds of a number say more in little room than its hint, which is there to hover over.
/// Those of a seed only say that it has 64 bits.
fn bounds(field: &Field) -> Option<Label> {
    if matches!(field.widget, Widget::Seed { .. }) {
        return None;
    }
    let range = field.widget.range();
    let (min, max) = range.min.zip(range.max)?;
    Some(Label::plain(&format!("{min}–{max}")))
}

fn note(slot: Slot, error: Option<&str>, warning: Option<&str>) -> Option<El> {
    let is_error = error.is_some();
    let text = error.or(warning)?;
    let note = el("p", "field-note")
        .set("id", &format!("{}-note", id(&slot.field.key)))
        .put(icon(if is_error { "#alert" } else { "#info" }))
        .put(el("span", "").text(text));
    Some(if is_error { note.set("role", "alert") } else { note })
}

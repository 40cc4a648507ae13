//! What an author can set of one field.

use std::rc::Rc;

use pilotlight_comfy::language::{Label, Language};
use pilotlight_forms::form::{Draft, Edit, Field, FieldKey, Range, Widget};
use pilotlight_i18n::text::{EditorText, FormText};

use super::super::word;
use super::{Desk, pair};
use crate::browser;
use crate::dom::{El, el};

pub(super) fn settings(desk: Desk, n: u32) -> Option<El> {
    let key = desk.candidate(n)?.key.clone();
    let widget = desk.field(n, |field| field.widget.clone())?;
    let label =
        |part: &str, name, make: fn(FieldKey, Label) -> Edit, read: fn(&Field) -> Option<Label>| {
            let key = key.clone();
            let change = Rc::new(move |label| make(key.clone(), label));
            let now = Rc::new(move || desk.field(n, read).flatten());
            pair(desk, &format!("edit-{n}-{part}"), name, "input", change, now)
        };
    let is_number =
        matches!(widget, Widget::Int { .. } | Widget::Float { .. } | Widget::Seed { .. });
    let is_text = matches!(widget, Widget::LongText | Widget::Text);
    let heading = label(
        "group",
        EditorText::Heading,
        |key, label| Edit::Group(key, some(label)),
        |field| field.group.clone(),
    );
    let body = el("div", "editor-body")
        .put(label("name", EditorText::Name, Edit::Name, |field| Some(field.label.clone())))
        .put(label(
            "hint",
            EditorText::Hint,
            |key, label| Edit::Hint(key, some(label)),
            |field| field.hint.clone(),
        ))
        .put_all(begins(desk, n, &key, &widget))
        .put_all(is_number.then(|| bounds(desk, n, &key)))
        .put(check(
            desk,
            n,
            "fold",
            EditorText::UnderAdvanced,
            |field| field.advanced,
            Edit::Advanced,
        ))
        .put_all(is_text.then(|| {
            check(desk, n, "required", EditorText::Required, |field| field.required, Edit::Required)
        }))
        .put(
            heading.flag("hidden", move || !desk.field(n, |field| field.advanced).unwrap_or(false)),
        );
    Some(body)
}

/// An empty one is none.
fn some(label: Label) -> Option<Label> {
    label.texts().iter().any(|text| !text.trim().is_empty()).then_some(label)
}

fn check(
    desk: Desk,
    n: u32,
    part: &str,
    name: EditorText,
    read: fn(&Field) -> bool,
    make: fn(FieldKey, bool) -> Edit,
) -> El {
    let id = format!("edit-{n}-{part}");
    let own = id.clone();
    let is_on = move || desk.field(n, read).unwrap_or(false);
    let input = el("input", "").set("type", "checkbox").set("id", &id).flag("checked", is_on).on(
        "change",
        move |_| {
            if let Some(one) = desk.candidate(n) {
                desk.edit(&own, make(one.key.clone(), !is_on()));
                // It may stand in another list now.
                browser::focus_soon(own.clone());
            }
        },
    );
    el("label", "switch").put(input).put(el("span", "").says(desk.says(name)))
}

/// The smallest and the largest number.
fn bounds(desk: Desk, n: u32, key: &FieldKey) -> El {
    let at = format!("edit-{n}-bounds");
    let range = move || desk.field(n, |field| field.widget.range()).unwrap_or_default();
    let bound = |name: EditorText, read: fn(Range) -> Option<String>, is_min: bool| {
        let (key, place) = (key.clone(), at.clone());
        let input = el("input", "box")
            .set("autocomplete", "off")
            .set("inputmode", "decimal")
            .set("aria-describedby", &format!("{at}-note"))
            .attr("aria-label", desk.says(name))
            .value(move || read(range()).unwrap_or_default())
            .on("change", move |event| {
                let other = range();
                let [min, max] = match is_min {
                    true => [Some(event.value()), other.max],
                    false => [other.min, Some(event.value())],
                };
                let edit =
                    Edit::Bounds(key.clone(), min.unwrap_or_default(), max.unwrap_or_default());
                desk.edit(&place, edit);
            });
        el("span", "editor-side")
            .put(el("span", "field-label").set("aria-hidden", "true").says(desk.says(name)))
            .put(input)
    };
    el("div", "editor-pair")
        .put(bound(EditorText::Min, |range| range.min, true))
        .put(bound(EditorText::Max, |range| range.max, false))
        .put(desk.note(&at))
}

/// What the field begins with; a text in each language.
fn begins(desk: Desk, n: u32, key: &FieldKey, widget: &Widget) -> Option<El> {
    let at = format!("edit-{n}-begins");
    let key = key.clone();
    let set = move |draft| Edit::Default(key.clone(), draft);
    match widget {
        Widget::LongText | Widget::Text => {
            let tag = if *widget == Widget::LongText { "textarea" } else { "input" };
            let own = desk.candidate(n)?.key.clone();
            let change = Rc::new(move |label: Label| {
                if label.is_same() {
                    set(Draft::Text(label.get(Language::English).to_owned()))
                } else {
                    Edit::Start(own.clone(), Some(label))
                }
            });
            let now = Rc::new(move || desk.field(n, begins_with));
            Some(pair(desk, &at, EditorText::Default, tag, change, now))
        }
        Widget::Switch => {
            let set = |key, on| Edit::Default(key, Draft::Switch(on));
            let read = |field: &Field| field.default == Draft::Switch(true);
            Some(check(desk, n, "begins", EditorText::Default, read, set))
        }
        Widget::Int { .. } | Widget::Float { .. } | Widget::Seed { .. } | Widget::Choice { .. } => {
            let place = at.clone();
            let options =
                if let Widget::Choice { options } = widget { options } else { &Vec::new() };
            let tag = if options.is_empty() { "input" } else { "select" };
            let random = matches!(widget, Widget::Seed { .. });
            let control = desk
                .control(el(tag, "box"), &at)
                .set("autocomplete", "off")
                .attr("placeholder", move || random.then(word(desk.page, FormText::Random)))
                .put_all(
                    options
                        .iter()
                        .map(|one| el("option", "").set("value", &one.text).text(&one.text)),
                )
                .value(move || {
                    desk.field(n, |field| begins_with(field).get(Language::English).to_owned())
                        .unwrap_or_default()
                })
                .on("change", move |event| desk.edit(&place, set(Draft::Text(event.value()))));
            let name =
                el("label", "field-label").set("for", &at).says(desk.says(EditorText::Default));
            Some(el("div", "editor-one").put(name).put(control).put(desk.note(&at)))
        }
        Widget::Picture | Widget::Video | Widget::Sound | Widget::ReadOnly(_) => None,
    }
}

fn begins_with(field: &Field) -> Label {
    match (&field.start, &field.default) {
        (Some(start), _) => start.clone(),
        (None, Draft::Text(text)) => Label::plain(text),
        (None, Draft::Switch(_) | Draft::Picture(_)) => Label::plain(""),
    }
}

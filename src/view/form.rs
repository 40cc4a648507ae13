//! The form of the current tab. Invariant: an Enter that belongs to an input method runs nothing.

use std::ptr;

use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::problem::Problem;
use pilotlight_forms::form::{Draft, Field, FieldKey, Form};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{self, FormText};

use super::button::{icon, quiet_button};
use super::{field, runbar, slot, tabs, word};
use crate::app::{Deed, Dialog, Page, Sheet};
use crate::browser;
use crate::dom::{El, Heard, el};
use crate::live::{Live, follow};

pub(super) fn form(page: Page) -> El {
    let form = el("form", "form")
        .set("id", "form")
        .set("novalidate", "")
        .on("submit", move |event| {
            event.prevent();
            page.ask_for(Deed::Run);
        })
        .on("keydown", move |event| pressed(page, &event))
        .keyed(
            // Made anew for another tab, and when its form was edited.
            move || {
                let tab = page.tab.get();
                page.sheets.with(|all| all.get(tab).map_or(0, |sheet| ptr::from_ref(*sheet).addr()))
            },
            move |_| {
                let tab = page.tab.now();
                let parts = |sheet| [body(page, tab, sheet), runbar::runbar(page, tab, sheet)];
                page.sheet(tab).map(parts).into_iter().flatten()
            },
        )
        // Behind everything, so that nothing moves when it comes.
        .remade(move || page.later.get().map(|later| (later.more)(page)));
    form.set("role", "tabpanel").attr("aria-labelledby", move || tabs::id(page.tab.get()))
}

fn pressed(page: Page, event: &Heard) {
    if event.key() != "Enter" {
        return;
    }
    if event.is_composing() {
        event.prevent();
    } else if event.is("ctrlKey") || event.is("metaKey") {
        event.prevent();
        page.ask_for(Deed::Run);
    }
}

fn body(page: Page, tab: usize, sheet: &'static Sheet) -> El {
    let form = &sheet.form;
    let warnings = Live::from(move || {
        let later = page.later.get();
        later.map_or(Vec::new(), |later| sheet.drafts.with(|drafts| (later.warnings)(form, drafts)))
    });
    let fields = move |advanced: bool| {
        let mut group = None;
        let mut shown = Vec::new();
        for field in form.fields.iter().filter(|field| field.advanced == advanced) {
            if advanced && field.group != group {
                group.clone_from(&field.group);
                shown.extend(field.group.as_ref().map(|label| heading(page, label)));
            }
            shown.push(field::field(page, sheet, field, warnings));
        }
        shown
    };
    let advanced = form.fields.iter().filter(|field| field.advanced).count();
    focus_when_asked(page, tab, form);
    let last = match advanced {
        0 => more(page),
        _ => folded(page, sheet, advanced, move || fields(true)).put(more(page)),
    };
    let front = el("div", "fields").put_all(fields(false));
    el("div", "form-body").put(front).put(last).remade(move || {
        let is_elsewhere = |problem: &&Problem| {
            problem.place.as_ref().is_none_or(|place| form.field(place).is_none())
        };
        sheet.problems.with(|problems| {
            problems
                .iter()
                .filter(is_elsewhere)
                .map(|one| elsewhere(page, form, one))
                .collect::<Vec<_>>()
        })
    })
}

/// What those ask for who use a form often, or made it.
fn more(page: Page) -> El {
    let open =
        |name, dialog| quiet_button(page, "", name, move || page.ask_for(Deed::Open(dialog)));
    el("div", "form-more")
        .put(open(FormText::Presets, Dialog::Presets))
        .put(open(FormText::Edit, Dialog::Editor).set("id", "edit-form"))
}

fn heading(page: Page, label: &'static Label) -> El {
    el("h3", "fields-group").says(move || label.get(page.language.get()).to_owned())
}

/// What is wrong with no field that the form shows.
fn elsewhere(page: Page, form: &Form, problem: &Problem) -> El {
    let said = present::named_problem(problem, Some(form), page.language.get());
    el("div", "notice")
        .set("data-kind", "error")
        .set("role", "alert")
        .put(icon("#alert"))
        .put(el("div", "notice-body").put(el("p", "").text(&said)))
}

/// Goes to the field that is to be mended, once what hides it is open.
fn focus_when_asked(page: Page, tab: usize, form: &'static Form) {
    follow(move || {
        let Some(key) = page.focus.get() else { return };
        if form.field(&key).is_some() && page.tab.now() == tab {
            page.focus.set(None);
            leptos::prelude::request_animation_frame(move || browser::focus(&slot::id(&key)));
        }
    });
}

/// Most forms fold away fewer fields than this; of more each costs time before the form is shown.
const MADE_AT_ONCE: usize = 24;

/// What is folded away; of many fields only a text while they are folded, for those who search the
/// page: the browser unfolds what it finds.
fn folded(
    page: Page,
    sheet: &'static Sheet,
    count: usize,
    fields: impl Fn() -> Vec<El> + 'static,
) -> El {
    let open = sheet.is_unfolded;
    let form = &sheet.form;
    follow(move || {
        let inside = |key: &FieldKey| form.field(key).is_some_and(|field| field.advanced);
        let is_inside = |one: &Problem| one.place.as_ref().is_some_and(inside);
        if sheet.problems.with(|all| all.iter().any(is_inside)) {
            open.set(true);
        }
    });
    let values = move || {
        let language = page.language.get();
        let folded = form.fields.iter().filter(|field| field.advanced);
        let values = sheet.drafts.with(|all| {
            folded.map(|field| value(field, all.get(&field.key), language)).collect::<Vec<_>>()
        });
        text::list(&values, language)
    };
    let is_made = move || usize::from(count <= MADE_AT_ONCE || open.get());
    let inside = el("div", "fields").keyed(is_made, move |is_made| match is_made {
        0 => vec![el("p", "unseen").says(values)],
        _ => fields(),
    });
    let summary = el("summary", "")
        .put(icon("#chevron"))
        .says(word(page, FormText::Advanced))
        .put(el("span", "advanced-values").says(values));
    el("details", "advanced")
        .flag("open", move || open.get())
        .on("toggle", move |event| open.set(event.target().is_some_and(|it| it.is("open"))))
        .put(summary)
        .put(inside)
}

/// A field and what it holds, in few words.
fn value(field: &Field, draft: Option<&Draft>, language: Language) -> String {
    let label = field.label.get(language).to_ascii_lowercase();
    let value = match draft.unwrap_or(&field.default) {
        Draft::Text(text) if text.is_empty() => FormText::Random.say(language),
        Draft::Text(text) => text,
        Draft::Switch(on) => if *on { FormText::On } else { FormText::Off }.say(language),
        Draft::Picture(picture) => picture.as_ref().map_or("–", |picture| picture.name.as_str()),
    };
    format!("{label} {value}")
}

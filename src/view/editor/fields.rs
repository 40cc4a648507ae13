//! The fields in their order. Invariant: a field that moves keeps the focus.

use pilotlight_forms::form::Edit;
use pilotlight_i18n::text::{EditorText, FormText, labeled};

use super::super::button::{bare, icon};
use super::super::word;
use super::{Desk, settings};
use crate::browser;
use crate::dom::{El, el};
use crate::live::Live;

/// Rows that are made before each frame, so that the dialog of a long form opens at once.
const ROWS: usize = 24;

pub(super) fn fields(desk: Desk) -> El {
    let made = Live::new(ROWS);
    make_more(made, desk.form(|form| form.fields.len()).unwrap_or(0));
    let list = |advanced: bool| {
        el("ul", "editor-list")
            .set("role", "list")
            .attr("aria-label", move || match advanced {
                true => desk.page.word(FormText::Advanced).to_owned(),
                false => desk.says(EditorText::Fields)(),
            })
            .each(
                move || {
                    let list = desk.list(advanced).get();
                    list.get(..made.get()).map(<[u32]>::to_vec).unwrap_or(list)
                },
                move |n| Some(row(desk, n)),
            )
    };
    let heading =
        move || (!desk.list(true).with(Vec::is_empty)).then(word(desk.page, FormText::Advanced));
    let nothing = move || {
        let empty = desk.form(|form| form.fields.is_empty()).unwrap_or(false);
        let why = if desk.all.is_empty() { EditorText::NoInputs } else { EditorText::NoFields };
        empty.then(desk.says(why))
    };
    el("div", "editor-part")
        .line("p", "dialog-hint", nothing)
        .put(list(false))
        .line("h3", "dialog-legend", heading)
        .put(list(true))
}

fn make_more(made: Live<usize>, most: usize) {
    let so_far = made.now();
    if so_far < most {
        leptos::prelude::request_animation_frame(move || {
            made.set(so_far + ROWS);
            make_more(made, most);
        });
    }
}

/// Where a field stands in its list, and those beside it.
fn place(desk: Desk, n: u32) -> (usize, Vec<u32>) {
    let list = desk.list(desk.field(n, |field| field.advanced).unwrap_or(false)).get();
    (list.iter().position(|one| *one == n).unwrap_or(0), list)
}

fn row(desk: Desk, n: u32) -> El {
    let is_unfolded = move || desk.unfolded.get() == Some(n);
    let source = desk.candidate(n).map(|one| [one.title.as_str(), " · ", &one.key.input].concat());
    let name = bare(move || desk.unfolded.set((!is_unfolded()).then_some(n)))
        .set("class", "editor-name")
        .set("id", &format!("edit-{n}-open"))
        .attr("aria-expanded", move || is_unfolded().to_string())
        .put(icon("#chevron"))
        .put(el("span", "editor-label").says(move || desk.label(n)))
        .put(
            el("span", "editor-source")
                .set("aria-hidden", "true")
                .text(&source.unwrap_or_default()),
        );
    let line = el("div", "editor-line")
        .put(name)
        .put(mover(desk, n, true))
        .put(mover(desk, n, false))
        .put(hider(desk, n));
    el("li", "editor-row").put(line).put(desk.note(&format!("edit-{n}"))).keyed(
        move || usize::from(is_unfolded()),
        move |open| (open > 0).then(|| settings::settings(desk, n)).flatten(),
    )
}

/// An icon that is named by what it does and by the field.
fn action(
    desk: Desk,
    n: u32,
    id: &str,
    href: &str,
    does: EditorText,
    press: impl Fn() + 'static,
) -> El {
    let name = move || labeled(&desk.says(does)(), &desk.label(n), desk.page.language.get());
    bare(press)
        .set("id", id)
        .set("data-kind", "icon")
        .attr("aria-label", name)
        .attr("title", desk.says(does))
        .put(icon(href))
}

fn mover(desk: Desk, n: u32, up: bool) -> El {
    let (id, does) = match up {
        true => (format!("edit-{n}-up"), EditorText::MoveUp),
        false => (format!("edit-{n}-down"), EditorText::MoveDown),
    };
    let is_last = move || {
        let (at, list) = place(desk, n);
        if up { at == 0 } else { at + 1 >= list.len() }
    };
    let own = id.clone();
    let press = move || {
        let Some(key) = desk.candidate(n).map(|one| one.key.clone()).filter(|_| !is_last()) else {
            return;
        };
        desk.edit(&format!("edit-{n}"), if up { Edit::Up(key) } else { Edit::Down(key) });
        // What is moved in the document loses the focus.
        browser::focus_soon(own.clone());
    };
    action(desk, n, &id, "#chevron", does, press)
        .set("data-turn", if up { "up" } else { "down" })
        // It stays where it is, so that the focus does.
        .attr("aria-disabled", move || is_last().then(|| "true".to_owned()))
}

fn hider(desk: Desk, n: u32) -> El {
    let press = move || {
        let (at, list) = place(desk, n);
        let neighbour = list.get(at + 1).or_else(|| list.get(at.checked_sub(1)?)).copied();
        let Some(one) = desk.candidate(n) else { return };
        desk.edit(&format!("edit-{n}"), Edit::Drop(one.key.clone()));
        browser::focus_soon(
            neighbour.map_or("edit-title-en".to_owned(), |n| format!("edit-{n}-open")),
        );
    };
    action(desk, n, &format!("edit-{n}-hide"), "#minus", EditorText::Hide, press)
}

//! Every input that can be a field, under the titles of their nodes, to choose from.

use pilotlight_comfy::json;
use pilotlight_forms::form::{Candidate, Edit};
use pilotlight_i18n::text::{EditorText, StepText};
use serde_json::Value;

use super::Desk;
use crate::dom::{El, el};
use crate::live::Live;

/// More than these are found by searching.
const LISTED: usize = 120;
const VALUE_CHARS: usize = 40;

pub(super) fn inputs(desk: Desk) -> El {
    let wanted = Live::new(String::new());
    let search = el("input", "box")
        .set("id", "edit-search")
        .set("autocomplete", "off")
        .attr("aria-label", desk.says(EditorText::SearchInputs))
        .attr("placeholder", desk.says(EditorText::SearchInputs))
        .on("input", move |event| wanted.set(event.value()));
    el("div", "editor-part").put(search).remade(move || found(desk, &wanted.get()))
}

fn found(desk: Desk, wanted: &str) -> Vec<El> {
    let wanted = wanted.trim().to_ascii_lowercase();
    let fits = |one: &&Candidate| {
        let texts = one.label.texts().iter().chain([&one.title, &one.key.input]);
        texts.into_iter().any(|text| text.to_ascii_lowercase().contains(&wanted))
    };
    let all: Vec<(u32, &Candidate)> =
        (0..).zip(desk.all).filter(|(_, one)| wanted.is_empty() || fits(one)).collect();
    let listed = all.get(..LISTED).unwrap_or(&all);
    let mut shown: Vec<El> = listed
        .chunk_by(|(_, one), (_, next)| one.key.node == next.key.node)
        .map(|node| {
            let title = node.first().map_or("", |(_, one)| one.title.as_str());
            el("fieldset", "editor-node")
                .put(el("legend", "fields-group").text(title))
                .put_all(node.iter().map(|(n, one)| input(desk, *n, one)))
        })
        .collect();
    let rest = all.len() - listed.len();
    let said = match (rest, all.is_empty(), desk.all.is_empty()) {
        (0, false, _) => return shown,
        (0, true, true) => EditorText::NoInputs.say(desk.page.language.get()).to_owned(),
        (0, true, false) => EditorText::NoMatches.say(desk.page.language.get()).to_owned(),
        _ => StepText::MoreInputs { count: rest }.say(desk.page.language.get()),
    };
    shown.push(el("p", "dialog-hint").set("role", "status").text(&said));
    shown
}

fn input(desk: Desk, n: u32, one: &'static Candidate) -> El {
    let at = format!("edit-{n}");
    let place = at.clone();
    let is_field = move || desk.field(n, |_| ()).is_some();
    let check =
        el("input", "").set("type", "checkbox").flag("checked", is_field).on("change", move |_| {
            let key = one.key.clone();
            desk.edit(&place, if is_field() { Edit::Drop(key) } else { Edit::Choose(key) });
        });
    let value = move || {
        desk.form(|form| form.workflow().input(&one.key).map(short)).flatten().unwrap_or_default()
    };
    let label = el("label", "switch").put(check).put(el("span", "").says(move || desk.label(n)));
    el("div", "editor-input")
        .put(label)
        .put(el("span", "editor-source").says(value))
        .put(desk.note(&at))
}

/// Enough of a value to know it by.
fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| json::text(value), str::to_owned);
    let mut line: String = text.chars().take(VALUE_CHARS).collect();
    if line.len() < text.len() {
        line.push('…');
    }
    line
}

//! The list of all inputs that can be a field, grouped by node.

use pilotlight_comfy::json;
use pilotlight_forms::form::{Candidate, Edit};
use pilotlight_i18n::text::{EditorText, StepText};
use serde_json::Value;

use crate::features::workflows::editor::context::FormEditor;
use crate::features::workflows::editor::note::Note;
use leptos::prelude::*;

/// The most inputs that are listed; others are found by searching.
const LISTED: usize = 120;
const VALUE_CHARS: usize = 40;

#[component]
pub fn Inputs(editor: FormEditor) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    view! {
        <div class="editor-part">
            <input
                class="box"
                id="edit-search"
                autocomplete="off"
                aria-label=editor.says(EditorText::SearchInputs)
                placeholder=editor.says(EditorText::SearchInputs)
                bind:value=wanted
            />
            {move || view! { <Found editor wanted=wanted.get()/> }.into_any()}
        </div>
    }
}

/// The inputs that match the search text.
#[component]
fn Found(editor: FormEditor, wanted: String) -> impl IntoView {
    let wanted = wanted.trim().to_ascii_lowercase();
    let fits = |one: &&Candidate| {
        let texts = one.label.texts().iter().chain([&one.title, &one.key.input]);
        texts.into_iter().any(|text| text.to_ascii_lowercase().contains(&wanted))
    };
    let (nodes, rest) = editor.inputs.with_value(|inputs| {
        let all: Vec<(u32, &Candidate)> =
            (0..).zip(&inputs.all).filter(|(_, one)| wanted.is_empty() || fits(one)).collect();
        let listed = all.get(..LISTED).unwrap_or(&all);
        let node = |node: &[(u32, &Candidate)]| {
            let title = node.first().map_or(String::new(), |(_, one)| one.title.clone());
            (title, node.iter().map(|(n, _)| *n).collect::<Vec<_>>())
        };
        let nodes = listed.chunk_by(|(_, one), (_, next)| one.key.node == next.key.node).map(node);
        (nodes.collect::<Vec<_>>(), all.len() - listed.len())
    });
    let is_empty = nodes.is_empty();
    let hint = move || {
        let language = editor.page.language.get();
        let said = match (rest, is_empty, editor.has_no_inputs()) {
            (0, false, _) => return None,
            (0, true, true) => EditorText::NoInputs.say(language).to_owned(),
            (0, true, false) => EditorText::NoMatches.say(language).to_owned(),
            _ => StepText::MoreInputs { count: rest }.say(language),
        };
        Some(view! { <p class="dialog-hint" role="status">{said}</p> }.into_any())
    };
    let node = |(title, inputs): (String, Vec<u32>)| {
        let input = |n: u32| view! { <Input editor n/> }.into_any();
        view! {
            <fieldset class="editor-node">
                <legend class="fields-group">{title}</legend>
                {inputs.into_iter().map(input).collect_view()}
            </fieldset>
        }
        .into_any()
    };
    view! {
        {nodes.into_iter().map(node).collect_view()}
        {move || hint().into_any()}
    }
}

/// An input, with a checkbox that makes it a field.
#[component]
fn Input(editor: FormEditor, n: u32) -> impl IntoView {
    let at = format!("edit-{n}");
    let place = at.clone();
    let is_field = move || editor.field(n, |_| ()).is_some();
    let change = move |_| {
        let Some(key) = editor.key(n) else { return };
        let edit = if untrack(is_field) { Edit::Drop(key) } else { Edit::Choose(key) };
        editor.edit(&place, edit);
    };
    let value = move || {
        let key = editor.key(n)?;
        editor.form(|form| form.workflow().input(&key).map(short)).flatten()
    };
    view! {
        <div class="editor-input">
            <label class="switch">
                <input type="checkbox" prop:checked=is_field on:change=change/>
                <span>{move || editor.label(n)}</span>
            </label>
            <span class="editor-source">{move || value().unwrap_or_default()}</span>
            <Note editor at/>
        </div>
    }
}

/// Returns the beginning of a value, at most 40 characters.
fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| json::text(value), str::to_owned);
    let mut line: String = text.chars().take(VALUE_CHARS).collect();
    if line.len() < text.len() {
        line.push('…');
    }
    line
}

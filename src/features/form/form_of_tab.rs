//! The form of the current tab. Invariant: Enter in an input method does not start a run.

use crate::events::{has_command_key, is_composing};
use leptos::ev::KeyboardEvent;
use std::sync::Arc;

use leptos::prelude::*;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::problem::{Problem, Warning};
use pilotlight_forms::form::{Draft, Field as FormField, FieldKey, Form};
use pilotlight_i18n::text::{self, FormText};

use crate::app::{Page, Sheet};
use crate::browser;
use crate::command::{Dialog, DialogCommand, RunCommand};
use crate::components::follow;
use crate::components::{Icon, QuietButton};
use crate::features::form::field::Field;
use crate::features::form::handle::{self, FieldHandle};
use crate::features::form::runbar::Runbar;
use crate::features::workflows::tabs;

#[component]
pub fn FormOfTab() -> impl IntoView {
    let page = expect_context::<Page>();
    // Changes with the tab, and when its form was edited.
    let sheet = Memo::new(move |_| {
        let at = page.tab.get();
        Some((at, page.sheets.with(|sheets| sheets.get(at).cloned())?))
    });
    // This comes last, so that nothing moves when the second bundle is loaded.
    let more =
        move || page.second_bundle.get().map(|second_bundle| (second_bundle.more)()).into_any();
    view! {
        <div
            class="panel-of-tab"
            id="form"
            role="tabpanel"
            aria-labelledby=move || tabs::id(page.tab.get())
        >
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                page.send(RunCommand::Start);
            }
            on:keydown=move |event| pressed(page, event)
        >
            {move || {
                let sheet = sheet.get().map(|(at, sheet)| {
                    view! {
                        <Body tab=at sheet=sheet.clone()/>
                        <Runbar tab=at sheet/>
                    }
                    .into_any()
                });
                sheet.into_any()
            }}
            {more}
        </form>
        </div>
    }
}

fn pressed(page: Page, event: KeyboardEvent) {
    if event.key() != "Enter" {
        return;
    }
    if is_composing(&event) {
        event.prevent_default();
    } else if has_command_key(&event) {
        event.prevent_default();
        page.send(RunCommand::Start);
    }
}

#[component]
fn Body(tab: usize, sheet: Sheet) -> impl IntoView {
    let page = expect_context::<Page>();
    let (form, drafts) = (sheet.form.clone(), sheet.drafts);
    let warnings = Memo::new(move |_| {
        let second_bundle = page.second_bundle.get();
        second_bundle.map_or(Vec::new(), |second_bundle| {
            drafts.with(|drafts| (second_bundle.warnings)(&form, drafts))
        })
    });
    let advanced = sheet.form.fields.iter().filter(|field| field.advanced).count();
    focus_when_asked(page, tab, sheet.form.clone());
    let fields = sheet.fields().filter(|field| !field.advanced);
    let field = |field| view! { <Field handle=FieldHandle::new(page, field, warnings)/> };
    let fields = fields.map(|it| field(it).into_any()).collect_view();
    let last = match advanced {
        0 => view! { <Tools/> }.into_any(),
        _ => view! {
            <Advanced sheet=sheet.clone() count=advanced warnings>
                <Tools/>
            </Advanced>
        }
        .into_any(),
    };
    let elsewhere = move || {
        page.second_bundle
            .get()
            .map(|second_bundle| (second_bundle.elsewhere)(sheet.clone()))
            .into_any()
    };
    view! {
        <div class="form-body">
            <div class="fields">
                {fields}
            </div>
            {last}
            {elsewhere}
        </div>
    }
}

/// The buttons for presets and the form editor.
#[component]
fn Tools() -> impl IntoView {
    let page = expect_context::<Page>();
    let presets = move || page.send(DialogCommand::Open(Dialog::Presets));
    let edit = move || page.send(DialogCommand::Open(Dialog::Editor));
    view! {
        <div class="form-more">
            <QuietButton name=FormText::Presets on_press=presets/>
            <QuietButton name=FormText::Edit id="edit-form" on_press=edit/>
        </div>
    }
}

/// Focuses the field that `page.focus` names, in the next frame, after *Advanced* has opened.
fn focus_when_asked(page: Page, tab: usize, form: Arc<Form>) {
    follow(move || {
        let Some(key) = page.focus.get() else { return };
        if form.field(&key).is_some() && page.tab.get_untracked() == tab {
            page.focus.set(None);
            request_animation_frame(move || browser::focus_in_middle(&handle::id(&key)));
        }
    });
}

/// With more advanced fields than this, they are created only when *Advanced* is unfolded.
const MADE_AT_ONCE: usize = 24;

/// The advanced fields, which can be unfolded. If there are many, a text with their values stands
/// in for them until then, so that the browser's search finds it and unfolds them.
#[component]
fn Advanced(
    sheet: Sheet,
    /// The number of advanced fields.
    count: usize,
    warnings: Memo<Vec<Warning>>,
    children: Children,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let (open, problems, drafts) = (sheet.is_unfolded, sheet.problems, sheet.drafts);
    let form = sheet.form.clone();
    follow(move || {
        let inside = |key: &FieldKey| form.field(key).is_some_and(|field| field.advanced);
        let is_inside = |one: &Problem| one.place.as_ref().is_some_and(inside);
        if problems.with(|all| all.iter().any(is_inside)) {
            open.set(true);
        }
    });
    let form = sheet.form.clone();
    let values = Memo::new(move |_| {
        let language = page.language.get();
        let folded = form.fields.iter().filter(|field| field.advanced);
        let values = drafts.with(|drafts| {
            let values = folded.map(|field| value(field, drafts.get(&field.key), language));
            values.collect::<Vec<_>>()
        });
        text::list(&values, language)
    });
    let is_made = Memo::new(move |_| count <= MADE_AT_ONCE || open.get());
    let inside = move || match is_made.get() {
        true => view! { <AdvancedFields sheet=sheet.clone() warnings/> }.into_any(),
        false => view! { <p class="unseen">{move || values.get()}</p> }.into_any(),
    };
    view! {
        <details
            class="advanced"
            prop:open=move || open.get()
            on:toggle:target=move |event| open.set(event.target().open())
        >
            <summary>
                <Icon href="#chevron"/>
                {move || page.word(FormText::Advanced)}
                <span class="advanced-values">{move || values.get()}</span>
            </summary>
            <div class="fields">{inside}</div>
            {children()}
        </details>
    }
}

/// The advanced fields, under the headings of their groups.
#[component]
fn AdvancedFields(sheet: Sheet, warnings: Memo<Vec<Warning>>) -> impl IntoView {
    let page = expect_context::<Page>();
    let mut group = None;
    let fields = sheet.fields().filter(|field| field.advanced);
    let fields = fields.map(|field| {
        let heading = field.group.clone().filter(|_| field.group != group);
        group.clone_from(&field.group);
        view! {
            {heading.map(|label| view! { <Heading label/> }.into_any())}
            <Field handle=FieldHandle::new(page, field, warnings)/>
        }
        .into_any()
    });
    fields.collect_view()
}

#[component]
fn Heading(label: Label) -> impl IntoView {
    let page = expect_context::<Page>();
    view! { <h3 class="fields-group">{move || label.get(page.language.get()).to_owned()}</h3> }
}

/// Returns a field's label and value as a short text.
fn value(field: &FormField, draft: Option<&Draft>, language: Language) -> String {
    let label = field.label.get(language).to_ascii_lowercase();
    let value = match draft.unwrap_or(&field.default) {
        Draft::Text(text) if text.is_empty() => FormText::Random.say(language),
        Draft::Text(text) => text,
        Draft::Switch(on) => if *on { FormText::On } else { FormText::Off }.say(language),
        Draft::Picture(picture) => picture.as_ref().map_or("–", |picture| picture.name.as_str()),
    };
    format!("{label} {value}")
}

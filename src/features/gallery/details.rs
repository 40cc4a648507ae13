//! The details of a result: its values, and the durations of its run.

use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_forms::form::{Draft, Field, FieldKey, Form};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{FormText, GalleryText, clock, span};
use pilotlight_runs::cost::Cost;
use pilotlight_runs::results::{Record, ResultRow};

use crate::app::Page;
use crate::features::gallery::actions;
use crate::features::gallery::actions::Shown;

#[component]
pub fn Details(is_open: RwSignal<bool>) -> impl IntoView {
    let page = expect_context::<Page>();
    let all = move || {
        let shown = is_open.get().then(|| actions::shown().get()).flatten();
        shown.map(|shown| all(page, &shown)).into_any()
    };
    view! {
        <section
            class="viewer-details"
            aria-label=move || page.word(GalleryText::Details)
            hidden=move || !is_open.get()
        >
            {all}
        </section>
    }
}

fn all(page: Page, shown: &Shown) -> AnyView {
    let language = page.language.get();
    let row = &shown.output.row;
    let Some(record) = &shown.record else {
        return view! {
            <Pairs pairs=of_row(row, language)/>
            <p class="dialog-hint">{page.word(GalleryText::SettingsUnknown)}</p>
        }
        .into_any();
    };
    let sheets = page.sheets.get();
    let form = sheets.iter().map(|sheet| &*sheet.form).find(|form| form.id == record.form);
    let title = form.map_or(record.workflow_title.as_str(), |form| form.title.get(language));
    let mut facts = vec![(GalleryText::Workflow.say(language).to_owned(), title.to_owned())];
    facts.extend(of_row(row, language));
    facts.extend(of_run(page, record, language));
    view! {
        <Pairs pairs=facts/>
        <h3 class="dialog-legend">{page.word(GalleryText::Settings)}</h3>
        <Pairs pairs=values(record, form, language)/>
    }
    .into_any()
}

fn of_row(row: &ResultRow, language: Language) -> Vec<(String, String)> {
    let named = |word: GalleryText, text| (word.say(language).to_owned(), text);
    let mut facts = vec![
        named(GalleryText::Run, row.number.to_string()),
        named(GalleryText::Requested, actions::moment(row.at, language)),
    ];
    facts.extend(row.seed.map(|seed| named(GalleryText::Seed, seed.to_string())));
    facts
}

/// Returns what is known of the run: durations, cost, server, failure.
fn of_run(page: Page, record: &Record, language: Language) -> Vec<(String, String)> {
    let spent = record.spent;
    let used = Cost::of_spent(&spent, page.config.idle_ms());
    let cost = page.config.price().map(|price| present::cost_said(&used, Some(price), language));
    let parts = [
        (GalleryText::Waking, spent.waking_ms.map(|ms| span(ms, language))),
        (GalleryText::Queued, spent.in_line_ms.map(|ms| clock(ms, language))),
        (GalleryText::Ran, spent.running_ms.map(|ms| clock(ms, language))),
        (GalleryText::Cost, cost),
        (GalleryText::Server, record.server.clone()),
        (GalleryText::Failure, record.failure.clone()),
    ];
    let text = parts.into_iter().filter_map(|(word, text)| Some((word.say(language), text?)));
    text.map(|(word, text)| (word.to_owned(), text)).collect()
}

/// Returns the entered values: first the fields of the form, if it is still there, then the others
/// by node and input.
fn values(record: &Record, form: Option<&Form>, language: Language) -> Vec<(String, String)> {
    let fields: &[Field] = form.map_or(&[], |form| &form.fields);
    let of_field = |field: &Field| {
        let draft = record.drafts.get(&field.key)?;
        Some((field.label.get(language).to_owned(), text(draft, language)))
    };
    let mut values: Vec<(String, String)> = fields.iter().filter_map(of_field).collect();
    for (key, draft) in record.drafts.iter() {
        if !fields.iter().any(|field| field.key == *key) {
            values.push((name(record, key), text(draft, language)));
        }
    }
    values.retain(|(_, text)| !text.is_empty());
    values
}

fn name(record: &Record, key: &FieldKey) -> String {
    let node = record.workflow.node(&key.node);
    let title = node.map_or(key.node.as_str(), |node| node.title());
    [title, " · ", &key.input].concat()
}

fn text(draft: &Draft, language: Language) -> String {
    match draft {
        Draft::Text(text) => text.clone(),
        Draft::Switch(true) => FormText::On.say(language).to_owned(),
        Draft::Switch(false) => FormText::Off.say(language).to_owned(),
        Draft::Picture(picture) => {
            picture.as_ref().map(|picture| picture.name.clone()).unwrap_or_default()
        }
    }
}

/// A list of names and values.
#[component]
fn Pairs(pairs: Vec<(String, String)>) -> impl IntoView {
    let pair = |(name, text): (String, String)| {
        view! {
            <dt>{name}</dt>
            <dd>{text}</dd>
        }
        .into_any()
    };
    view! { <dl class="viewer-pairs">{pairs.into_iter().map(pair).collect_view()}</dl> }
}

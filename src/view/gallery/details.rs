//! What a result was made from, and how long it took.

use pilotlight_comfy::language::Language;
use pilotlight_forms::form::{Draft, Field, FieldKey, Form};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{FormText, GalleryText, clock, span};
use pilotlight_runs::kept::{Record, Row};

use super::says;
use crate::app::Page;
use crate::dom::{El, el};
use crate::later::gallery::{self, Shown};
use crate::live::Live;

pub(super) fn details(page: Page, is_open: Live<bool>) -> El {
    el("section", "viewer-details")
        .attr("aria-label", says(page, GalleryText::Details))
        .flag("hidden", move || !is_open.get())
        .remade(move || {
            let shown = is_open.get().then(|| gallery::shown().get()).flatten();
            shown.map(|shown| all(page, &shown)).unwrap_or_default()
        })
}

fn all(page: Page, shown: &Shown) -> Vec<El> {
    let language = page.language.get();
    let row = &shown.finding.row;
    let Some(record) = &shown.record else {
        let facts = pairs(of_row(row, language));
        return vec![facts, el("p", "dialog-hint").says(says(page, GalleryText::SettingsUnknown))];
    };
    let sheets = page.sheets.get();
    let form = sheets.iter().map(|sheet| &sheet.form).find(|form| form.id == record.form);
    let title = form.map_or(record.workflow_title.as_str(), |form| form.title.get(language));
    let mut facts = vec![(GalleryText::Workflow.say(language).to_owned(), title.to_owned())];
    facts.extend(of_row(row, language));
    facts.extend(of_run(page, record, language));
    let heading = el("h3", "dialog-legend").says(says(page, GalleryText::Settings));
    vec![pairs(facts), heading, pairs(values(record, form, language))]
}

fn of_row(row: &Row, language: Language) -> Vec<(String, String)> {
    let named = |word: GalleryText, said| (word.say(language).to_owned(), said);
    let mut facts = vec![
        named(GalleryText::Run, row.number.to_string()),
        named(GalleryText::Requested, gallery::moment(row.at, language)),
    ];
    facts.extend(row.seed.map(|seed| named(GalleryText::Seed, seed.to_string())));
    facts
}

/// What the run took, as far as it is known: of its nodes the server tells no times.
fn of_run(page: Page, record: &Record, language: Language) -> Vec<(String, String)> {
    let spent = record.spent;
    let used_ms = spent.waking_ms.unwrap_or(0) + spent.running_ms.unwrap_or(0);
    let cost = page.config.price().map(|price| present::amount(used_ms, Some(price), language));
    let parts = [
        (GalleryText::Waking, spent.waking_ms.map(|ms| span(ms, language))),
        (GalleryText::Queued, spent.in_line_ms.map(|ms| clock(ms, language))),
        (GalleryText::Ran, spent.running_ms.map(|ms| clock(ms, language))),
        (GalleryText::Cost, cost),
        (GalleryText::Server, record.server.clone()),
        (GalleryText::Failure, record.failure.clone()),
    ];
    let said = parts.into_iter().filter_map(|(word, said)| Some((word.say(language), said?)));
    said.map(|(word, said)| (word.to_owned(), said)).collect()
}

/// As they were filled in: by the titles of the form's fields where it is still there, then what
/// it does not know by node and input.
fn values(record: &Record, form: Option<&Form>, language: Language) -> Vec<(String, String)> {
    let fields: &[Field] = form.map_or(&[], |form| &form.fields);
    let of_field = |field: &Field| {
        let draft = record.drafts.get(&field.key)?;
        Some((field.label.get(language).to_owned(), said(draft, language)))
    };
    let mut values: Vec<(String, String)> = fields.iter().filter_map(of_field).collect();
    for (key, draft) in record.drafts.iter() {
        if !fields.iter().any(|field| field.key == *key) {
            values.push((name(record, key), said(draft, language)));
        }
    }
    values.retain(|(_, said)| !said.is_empty());
    values
}

fn name(record: &Record, key: &FieldKey) -> String {
    let node = record.workflow.node(&key.node);
    let title = node.map_or(key.node.as_str(), |node| node.title());
    [title, " · ", &key.input].concat()
}

fn said(draft: &Draft, language: Language) -> String {
    match draft {
        Draft::Text(text) => text.clone(),
        Draft::Switch(true) => FormText::On.say(language).to_owned(),
        Draft::Switch(false) => FormText::Off.say(language).to_owned(),
        Draft::Picture(picture) => {
            picture.as_ref().map(|picture| picture.name.clone()).unwrap_or_default()
        }
    }
}

fn pairs(pairs: Vec<(String, String)>) -> El {
    let pair =
        |(name, said): (String, String)| [el("dt", "").text(&name), el("dd", "").text(&said)];
    el("dl", "viewer-pairs").put_all(pairs.into_iter().flat_map(pair))
}

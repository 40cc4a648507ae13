//! Stored results: the records of their runs, and listing them after a reload.

use leptos::prelude::*;
use std::rc::Rc;

use pilotlight_comfy::json::Version;
use pilotlight_forms::form::Ready;
use pilotlight_i18n::present;
use pilotlight_i18n::text::StorageText;
use pilotlight_runs::results::{Record, ResultRow, Spent};
use pilotlight_runs::run::Stage;
use pilotlight_runs::server::HELD_MS;
use pilotlight_session::RunRequest;

use crate::app::{Output, Page, RunSource, RunView};
use crate::features::results::outputs;
use crate::framed;
use crate::runtime::database;
use crate::runtime::input_images;
use crate::{browser, form_state};

/// How many stored results are listed at the start.
const SHOWN: usize = 24;

/// Returns the record of a run, which is stored with its results.
pub fn record(page: Page, job: &RunView) -> Record {
    let run = job.run.read_untracked();
    let sheet = page.sheet(job.source.sheet);
    let length = |stage| run.span(stage).and_then(|span| Some(span.until?.since(span.from)));
    let ran_ms = run.brought().and_then(|ended| ended.ran_ms);
    Record {
        v: Version,
        id: run.id().clone(),
        number: job.number,
        endpoint: page.endpoint.get_untracked().map(|endpoint| endpoint.key()).unwrap_or_default(),
        form: sheet.as_ref().map(|sheet| sheet.form.id.clone()).unwrap_or_default(),
        workflow_title: sheet
            .map(|sheet| sheet.form.title.get(page.language.get_untracked()).to_owned())
            .unwrap_or_default(),
        title: job.source.title().to_owned(),
        drafts: job.source.drafts().clone(),
        workflow: job.source.ready().workflow.clone(),
        pressed: run.pressed(),
        ended: browser::now(),
        spent: Spent {
            waking_ms: length(Stage::Waking).filter(|ms| *ms > HELD_MS),
            in_line_ms: length(Stage::InLine),
            running_ms: ran_ms.or(length(Stage::Running)),
        },
        server: page.server.with_untracked(|server| server.facts.as_ref()?.version.clone()),
        failure: failure(page, job),
    }
}

/// Returns the title of the run's failure, if it failed; results before the failure are stored.
fn failure(page: Page, job: &RunView) -> Option<String> {
    let reader = leptos::prelude::untrack(|| page.reader(job.source.sheet));
    job.run.with_untracked(|run| present::card(run, &reader).failure.map(|failure| failure.title))
}

/// Returns the newest stored results, oldest first.
pub async fn earlier(page: Page) -> Vec<ResultRow> {
    database::newest(SHOWN).await.unwrap_or_else(|_| {
        form_state::add_storage_notice(page, StorageText::ResultsNotStored);
        Vec::new()
    })
}

/// Appends stored results to the list. Not in a frame, unless it shows the gallery.
pub async fn bring_back(page: Page, rows: &[ResultRow]) {
    if !framed::shows("gallery") {
        return;
    }
    let mut found = outputs(page, rows).await;
    page.outputs.update(|outputs| {
        // A resumed run may have listed its results meanwhile.
        found.retain(|one| !outputs.iter().any(|known| known.row.run == one.row.run));
        outputs.append(&mut found);
    });
}

/// Lists results that another tab stored, at the top. Not in a frame, unless it shows the gallery.
pub async fn show_from_elsewhere(page: Page, rows: &[ResultRow]) {
    if !framed::shows("gallery") {
        return;
    }
    let hashes: Vec<String> = rows.iter().flat_map(|row| row.pictures.iter().cloned()).collect();
    input_images::load(&hashes).await;
    let mut found = outputs(page, rows).await;
    page.outputs.update(|outputs| {
        found.retain(|one| !outputs.iter().any(|known| known.row.key == one.row.key));
        found.append(outputs);
        *outputs = found;
    });
}

/// Returns stored results as listed ones, newest first. `rows` are oldest first.
async fn outputs(page: Page, rows: &[ResultRow]) -> Vec<Output> {
    let mut found: Vec<Output> = Vec::new();
    for row in rows.iter().rev() {
        let known = found.iter().find(|one| one.row.run == row.run).map(|one| one.source.clone());
        let source = match known {
            Some(source) => source,
            None => match database::record(&row.run).await {
                Ok(Some(record)) => Rc::new(source(page, record)),
                Ok(None) | Err(_) => continue,
            },
        };
        let blob = match row.file_at() {
            Some(at) => database::file(&row.run, at).await.ok().flatten(),
            None => None,
        };
        found.push(Output {
            id: outputs::next(),
            job: row.number,
            source,
            content: outputs::content(row, blob.as_ref()),
            row: row.clone(),
            blob,
        });
    }
    found
}

/// Returns form and values of a stored run. The form may be gone; then there is no sheet.
pub fn source(page: Page, record: Record) -> RunSource {
    let is_of = |sheet: &crate::app::Sheet| sheet.form.id == record.form;
    let sheet = page.sheets.with_untracked(|sheets| sheets.iter().position(is_of));
    let ready = Ready {
        workflow: record.workflow,
        attachments: Vec::new(),
        seed: None,
        title: String::new(),
        warnings: Vec::new(),
    };
    let (title, drafts) = (record.title, record.drafts);
    RunSource {
        sheet: sheet.unwrap_or(usize::MAX),
        request: Rc::new(RunRequest { form: record.form, title, drafts, ready }),
    }
}

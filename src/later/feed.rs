//! What a run brought, as findings. Invariant: a finding keeps its bytes' address for as long as
//! the page lives.

use std::cell::Cell;

use pilotlight_engine::form::{Draft, Widget};
use pilotlight_engine::sighting::Ended;
use web_sys::Blob;

use crate::app::{Content, Finding, Job, Page};
use crate::{browser, pictures};

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// Shows what a run brought, before everything that came earlier.
pub fn show(page: Page, job: &Job, ended: &Ended) {
    let mut found = Vec::new();
    let mut came = job.hand.files.take();
    for (at, file) in ended.files().into_iter().enumerate() {
        let place = came.iter().position(|(of, _)| *of == at);
        let blob = place.map(|place| came.swap_remove(place).1);
        let media = file.media();
        let content = match blob.as_ref().and_then(browser::object_url) {
            Some(url) => Content::File { url, file_name: file.filename, media },
            None => Content::Gone,
        };
        found.push(finding(page, job, ended, content, blob));
    }
    for text in ended.texts() {
        let picture = job.order.ready.attachments.first();
        let picture = picture.and_then(|attached| pictures::url_of(&attached.picture.hash));
        let content = Content::Text { text: text.to_owned(), picture };
        found.push(finding(page, job, ended, content, None));
    }
    page.findings.update(|findings| {
        found.append(findings);
        *findings = found;
    });
}

fn finding(page: Page, job: &Job, ended: &Ended, content: Content, blob: Option<Blob>) -> Finding {
    let seed = ended.seeds.first().map(|(_, seed)| *seed).or(job.order.ready.seed);
    let (prompt, ran_ms) = (prompt(page, job), ended.ran_ms);
    let id = NEXT.replace(NEXT.get() + 1);
    Finding { id, job: job.number, order: job.order.clone(), prompt, content, seed, ran_ms, blob }
}

/// The whole text that stood in front: the prompt or the question.
fn prompt(page: Page, job: &Job) -> String {
    let Some(sheet) = page.sheet(job.order.sheet) else { return job.order.title.clone() };
    let front = |field: &&pilotlight_engine::form::Field| {
        matches!(field.widget, Widget::LongText) && !field.advanced
    };
    let key = sheet.form.fields.iter().find(front).map(|field| &field.key);
    match key.and_then(|key| job.order.drafts.get(key)) {
        Some(Draft::Text(text)) => text.trim().to_owned(),
        Some(Draft::Switch(_) | Draft::Picture(_)) | None => job.order.title.clone(),
    }
}

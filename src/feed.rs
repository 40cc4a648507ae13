//! What a run brought, as findings. Invariant: a finding keeps its bytes' address for as long as
//! the page lives.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use pilotlight_engine::form::{Draft, Widget};
use pilotlight_engine::sighting::Ended;
use web_sys::Blob;

use crate::app::{Content, Finding, Job, Page};
use crate::{browser, pictures};

thread_local! {
    /// Files that came, by job and place.
    static CAME: RefCell<BTreeMap<(u32, usize), Blob>> = const { RefCell::new(BTreeMap::new()) };
    static BLOBS: RefCell<BTreeMap<u32, Blob>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// Puts aside a file of a run until the run is done.
pub fn came(job: u32, at: usize, blob: Blob) {
    CAME.with_borrow_mut(|came| came.insert((job, at), blob));
}

/// The bytes behind a finding.
pub fn blob_of(finding: u32) -> Option<Blob> {
    BLOBS.with_borrow(|blobs| blobs.get(&finding).cloned())
}

/// Shows what a run brought, before everything that came earlier.
pub fn show(page: Page, job: &Job, ended: &Ended) {
    let mut found = Vec::new();
    let prompt = prompt(page, job);
    let mut add = |content, blob: Option<Blob>| {
        let id = NEXT.replace(NEXT.get() + 1);
        if let Some(blob) = blob {
            BLOBS.with_borrow_mut(|blobs| blobs.insert(id, blob));
        }
        let seed = ended.seeds.first().map(|(_, seed)| *seed).or(job.order.ready.seed);
        let (prompt, ran_ms) = (prompt.clone(), ended.ran_ms);
        found.push(Finding { id, job: job.number, prompt, content, seed, ran_ms });
    };
    for (at, file) in ended.files().into_iter().enumerate() {
        let blob = CAME.with_borrow_mut(|came| came.remove(&(job.number, at)));
        let url = blob.as_ref().and_then(browser::object_url);
        let media = file.media();
        match url {
            Some(url) => add(Content::File { url, file_name: file.filename, media }, blob),
            None => add(Content::Gone, None),
        }
    }
    for text in ended.texts() {
        let picture = job.order.ready.attachments.first();
        let picture = picture.and_then(|attached| pictures::url_of(&attached.picture.hash));
        add(Content::Text { text: text.to_owned(), picture }, None);
    }
    page.findings.update(|findings| {
        findings.splice(0..0, found);
    });
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

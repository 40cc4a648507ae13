//! What a run brought, as findings. Invariant: a finding keeps its bytes' address for as long as
//! the page lives.

use std::cell::Cell;

use pilotlight_engine::form::{Draft, NodeId, Widget};
use pilotlight_engine::sighting::{self, Ended, FileRef};
use web_sys::Blob;

use crate::app::{Content, Finding, Job, Page};
use crate::{browser, pictures};

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// Shows what a run brought, before everything that came earlier: by the titles of its nodes,
/// where there are several; pictures first.
pub fn show(page: Page, job: &Job, ended: &Ended) {
    let mut groups: Vec<(String, Vec<Finding>)> = Vec::new();
    let mut came = job.hand.files.take();
    let mut files = 0;
    for output in ended.results() {
        let (content, blob) = match &output.content {
            sighting::Content::File(file) => {
                let place = came.iter().position(|(of, _)| *of == files);
                files += 1;
                here(file, place.map(|place| came.swap_remove(place).1))
            }
            sighting::Content::Text(text) => (answer(job, text), None),
        };
        let finding = finding(page, job, ended, content, blob);
        let title = title(job, &output.node);
        match groups.iter_mut().find(|(known, _)| *known == title) {
            Some((_, group)) => group.push(finding),
            None => groups.push((title, vec![finding])),
        }
    }
    let is_divided = groups.len() > 1;
    let mut found = Vec::new();
    for (title, mut group) in groups {
        group.sort_by_key(|one| !one.content.is_picture());
        let group_of = |one| Finding { group: is_divided.then(|| title.clone()), ..one };
        found.extend(group.into_iter().map(group_of));
    }
    page.findings.update(|findings| {
        found.append(findings);
        *findings = found;
    });
}

fn here(file: &FileRef, blob: Option<Blob>) -> (Content, Option<Blob>) {
    let address = blob.as_ref().and_then(browser::object_url);
    let content = match address.zip(blob.as_ref()) {
        Some((url, blob)) => Content::File {
            url,
            file_name: file.filename.clone(),
            media: file.media(),
            size_bytes: blob.size() as u64,
            is_preview: file.is_preview(),
        },
        None => Content::Gone,
    };
    (content, blob)
}

fn answer(job: &Job, text: &str) -> Content {
    let picture = job.order.ready.attachments.first();
    let picture = picture.and_then(|attached| pictures::url_of(&attached.picture.hash));
    Content::Text { text: text.to_owned(), picture }
}

/// What the author calls a node.
fn title(job: &Job, node: &str) -> String {
    let known = job.order.ready.workflow.node(&NodeId::new(node));
    known.map_or(node, |node| node.title()).to_owned()
}

fn finding(page: Page, job: &Job, ended: &Ended, content: Content, blob: Option<Blob>) -> Finding {
    let seed = ended.seeds.first().map(|(_, seed)| *seed).or(job.order.ready.seed);
    Finding {
        id: NEXT.replace(NEXT.get() + 1),
        job: job.number,
        order: job.order.clone(),
        prompt: prompt(page, job),
        content,
        seed,
        ran_ms: ended.ran_ms,
        blob,
        group: None,
    }
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

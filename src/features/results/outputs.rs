//! Turns the output of runs into listed results. Invariant: the object URL of a result is valid as
//! long as the page lives, has a media type that executes nothing, and its name contains no path.

use leptos::prelude::*;
use std::cell::{Cell, RefCell};

use pilotlight_comfy::json::Version;
use pilotlight_comfy::media;
use pilotlight_comfy::run_status::{self, Ended, FileRef, Media};
use pilotlight_forms::form::{Draft, NodeId};
use pilotlight_runs::results::{Key, ResultContent, ResultRow};
use web_sys::Blob;

use crate::app::{Content, Output, Page, RunView};
use crate::{blobs, browser, pictures};

/// The state of this module.
#[derive(Default)]
struct State {
    last: Cell<u32>,
    /// The result that the gallery shows, which may not be in the list.
    lent: RefCell<Option<Output>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Adds the results of a run to the top of the list, grouped by node title if there are several
/// nodes, images first. `came` are its files, by index. Returns the rows to be stored.
pub fn show(
    page: Page,
    job: &RunView,
    ended: &Ended,
    mut came: Vec<(usize, Blob)>,
) -> Vec<ResultRow> {
    let mut groups: Vec<(String, Vec<Output>)> = Vec::new();
    let mut files = 0;
    for output in ended.results() {
        let (stored, blob) = match &output.content {
            run_status::Content::File(file) => {
                let at = files;
                files += 1;
                let place = came.iter().position(|(of, _)| *of == at);
                here(file, at, place.map(|place| came.swap_remove(place).1))
            }
            run_status::Content::Text(text) => (ResultContent::Text(text.clone()), None),
        };
        let title = title(job, &output.node);
        let row = row(page, job, ended, stored);
        let output = Output {
            id: next(),
            job: job.number,
            source: job.source.clone(),
            content: content(&row, blob.as_ref()),
            row,
            blob,
        };
        match groups.iter_mut().find(|(known, _)| *known == title) {
            Some((_, group)) => group.push(output),
            None => groups.push((title, vec![output])),
        }
    }
    let is_divided = groups.len() > 1;
    let mut found = Vec::new();
    for (title, mut group) in groups {
        group.sort_by_key(|one| !one.content.is_picture());
        for one in &mut group {
            one.row.group = is_divided.then(|| title.clone());
        }
        found.append(&mut group);
    }
    // Keys are ordered by age, and the first result of the run counts as its newest.
    let count = found.len();
    for (at, one) in found.iter_mut().enumerate() {
        one.row.key = Key::new(one.row.at, &one.row.run, count - 1 - at);
    }
    let rows = found.iter().map(|one| one.row.clone()).collect();
    page.outputs.update(|outputs| {
        found.append(outputs);
        *outputs = found;
    });
    rows
}

/// Returns a new id; ids are unique while the page lives.
pub fn next() -> u32 {
    state().last.set(state().last.get() + 1);
    state().last.get()
}

/// Sets the result of the gallery, so that commands can name it although it is not in the list.
pub fn lend(output: Option<Output>) {
    state().lent.replace(output);
}

pub fn lent() -> Option<Output> {
    state().lent.borrow().clone()
}

/// Updates the stars and pins of listed results.
pub fn mark(page: Page, rows: &[ResultRow]) {
    let is_shown =
        |all: &Vec<Output>| all.iter().any(|one| rows.iter().any(|row| row.key == one.row.key));
    if !page.outputs.with_untracked(is_shown) {
        return;
    }
    page.outputs.update(|all| {
        for one in all {
            if let Some(row) = rows.iter().find(|row| row.key == one.row.key) {
                one.row = row.clone();
                // A new id, so that the card is rebuilt.
                one.id = next();
            }
        }
    });
}

/// Returns the result with a copy of its bytes and an object URL of that copy.
pub fn with_copy(one: Output, copy: Blob) -> Output {
    Output { content: content(&one.row, Some(&copy)), blob: Some(copy), ..one }
}

/// Removes deleted results from the list.
pub fn leave_out(page: Page, keys: &[Key]) {
    page.outputs.update(|all| all.retain(|one| !keys.contains(&one.row.key)));
}

/// Returns the content of a result; `blob` are its bytes.
pub fn content(row: &ResultRow, blob: Option<&Blob>) -> Content {
    match &row.content {
        ResultContent::Gone => Content::Gone,
        ResultContent::Text(text) => Content::Text {
            text: text.clone(),
            picture: row.pictures.first().and_then(|hash| pictures::url_of(hash)),
        },
        ResultContent::File { at: _, name, media, size_bytes, is_preview } => {
            // Other files get a type that executes nothing when opened in a tab.
            let kind = if *media == Media::Other { media::UNKNOWN } else { media::type_of(name) };
            let blob = blob.and_then(|blob| blobs::typed(blob, kind));
            match blob.as_ref().and_then(browser::object_url) {
                Some(url) => Content::File {
                    url,
                    file_name: media::file_name(name),
                    media: *media,
                    size_bytes: *size_bytes,
                    is_preview: *is_preview,
                },
                None => Content::Gone,
            }
        }
    }
}

fn here(file: &FileRef, at: usize, blob: Option<Blob>) -> (ResultContent, Option<Blob>) {
    let Some(blob) = blob else { return (ResultContent::Gone, None) };
    // An image too large to be decoded is shown as a file; see `runtime::results`.
    let is_drawn = file.media() != Media::Image || blob.type_() != media::UNKNOWN;
    let media = if is_drawn { file.media() } else { Media::Other };
    let content = ResultContent::File {
        at,
        name: file.filename.clone(),
        media,
        size_bytes: blob.size() as u64,
        is_preview: file.is_preview(),
    };
    (content, Some(blob))
}

/// Returns the title of a node in the workflow, otherwise its id.
fn title(job: &RunView, node: &str) -> String {
    let known = job.source.ready().workflow.node(&NodeId::new(node));
    known.map_or(node, |node| node.title()).to_owned()
}

fn row(page: Page, job: &RunView, ended: &Ended, content: ResultContent) -> ResultRow {
    let (run, at) = job.run.with_untracked(|run| (run.id().clone(), run.pressed()));
    let form = page.sheet(job.source.sheet).map(|sheet| sheet.form.clone());
    let seed = match &form {
        Some(form) => form.seed_that_ran(ended),
        None => ended.seeds.first().map(|(_, seed)| *seed),
    };
    ResultRow {
        v: Version,
        key: Key::new(at, &run, 0),
        run,
        number: job.number,
        at,
        form: form.map(|form| form.id.clone()).unwrap_or_default(),
        prompt: prompt(page, job),
        seed: seed.or(job.source.ready().seed),
        ran_ms: ended.ran_ms,
        group: None,
        pictures: pictures_of(job),
        content,
        is_starred: false,
        is_pinned: false,
    }
}

fn pictures_of(job: &RunView) -> Vec<String> {
    job.source.ready().attachments.iter().map(|attached| attached.picture.hash.clone()).collect()
}

/// Returns the text of the form's main field: the prompt or question.
fn prompt(page: Page, job: &RunView) -> String {
    let Some(sheet) = page.sheet(job.source.sheet) else { return job.source.title().to_owned() };
    let field = sheet.form.front_text();
    match field.and_then(|field| job.source.drafts().get(&field.key)) {
        Some(Draft::Text(text)) => text.trim().to_owned(),
        Some(Draft::Switch(_) | Draft::Picture(_)) | None => job.source.title().to_owned(),
    }
}

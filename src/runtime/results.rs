//! Loads and stores input images, files and results.

use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::media;
use pilotlight_comfy::run_status::{FileRef, Media};
use pilotlight_forms::form::{Draft, FieldKey};
use pilotlight_i18n::text::StorageText;
use pilotlight_runs::results::{Record, ResultRow};
use pilotlight_session::{Event, RequestId, RunNumber, WriteId, WriteOutcome, pictures_of};
use web_sys::Blob;

use crate::app::{Page, Sheet};
use crate::runtime::input_images;
use crate::runtime::task;
use crate::runtime::{call, database, projection, quota, requests, room, tell};
use crate::{blobs, browser, form_state, pictures};

/// An upper bound for the size of a run's record and rows.
const ROWS_BYTES: u64 = 1_000_000;

thread_local! {
    /// The files of runs, by their indexes, until the run's results are shown.
    static FILES: RefCell<BTreeMap<PromptId, Vec<(usize, Blob)>>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// Loads the input images of these hashes and of all forms.
pub(super) fn load_pictures(page: Page, mut hashes: Vec<String>) {
    let sheets = page.sheets.get_untracked();
    for sheet in &sheets {
        hashes.extend(sheet.drafts.with_untracked(pictures_of));
    }
    task::spawn(async move {
        input_images::load(&hashes).await;
        for sheet in sheets {
            clear_missing_images(&sheet);
        }
        tell(page, Event::PicturesLoaded);
    });
}

/// Clears the image fields whose image is no longer stored.
fn clear_missing_images(sheet: &Sheet) {
    let is_lost = |draft: &Draft| match draft {
        Draft::Picture(Some(picture)) => pictures::blob_of(&picture.hash).is_none(),
        Draft::Picture(None) | Draft::Text(_) | Draft::Switch(_) => false,
    };
    let lost: Vec<FieldKey> = sheet.drafts.with_untracked(|drafts| {
        drafts.iter().filter(|(_, draft)| is_lost(draft)).map(|(key, _)| key.clone()).collect()
    });
    for key in lost {
        sheet.drafts.update(|drafts| drafts.set(key, Draft::Picture(None)));
    }
}

pub(super) fn load_files(page: Page, run: PromptId) {
    task::spawn(async move {
        let files = database::files(&run).await.unwrap_or_default();
        let places = files.iter().map(|(place, _)| *place).collect();
        FILES.with_borrow_mut(|all| all.insert(run.clone(), files));
        tell(page, Event::FilesLoaded { run, places });
    });
}

pub(super) fn store_file(
    page: Page,
    id: WriteId,
    from: RequestId,
    run: PromptId,
    place: usize,
    file: FileRef,
) {
    let Some(blob) = requests::take(from) else { return };
    task::spawn(async move {
        let blob = typed(&file, blob).await;
        let write = async || database::put_file(&run, place, &blob).await;
        let outcome = room::write(page, blob.size() as u64, write).await;
        FILES.with_borrow_mut(|all| all.entry(run).or_default().push((place, blob)));
        tell(page, Event::FileStored { id, outcome });
    });
}

/// Returns the file with the media type of its name's extension. The server's type is ignored;
/// images too large to be decoded get no type.
async fn typed(file: &FileRef, blob: Blob) -> Blob {
    let kind = match file.media() {
        Media::Image if browser::is_too_large(&blob).await => media::UNKNOWN,
        Media::Image | Media::Audio | Media::Video | Media::Other => media::type_of(&file.filename),
    };
    blobs::typed(&blob, kind).unwrap_or(blob)
}

/// Shows the results of a run and stores them.
pub(super) fn store(page: Page, id: WriteId, run: RunNumber) {
    let Some(job) = projection::run(page, run) else { return };
    let (prompt_id, ended) =
        job.run.with_untracked(|run| (run.id().clone(), run.brought().cloned()));
    let Some(ended) = ended else { return };
    let files = FILES.with_borrow_mut(|all| all.remove(&prompt_id)).unwrap_or_default();
    let shown = call(|handlers| {
        let rows = (handlers.show_results)(page, &job, &ended, files);
        (rows, (handlers.record)(page, &job))
    });
    let Some((rows, record)) = shown else { return };
    task::spawn(async move {
        let write = async || database::put_run(&record, &rows, &[]).await;
        let outcome = room::write(page, ROWS_BYTES, write).await;
        tell(page, Event::ResultsStored { id, outcome });
        if outcome == WriteOutcome::Stored {
            // This comes last: some browsers ask the user and wait for the answer.
            quota::ask_to_persist().await;
        }
    });
}

/// Stores deleted results of a run again, with their files (by index) and the run's input images,
/// which may have been deleted meanwhile. Returns `false` if they could not be stored.
pub async fn restore_result(
    page: Page,
    record: &Record,
    rows: &[ResultRow],
    files: &[(usize, Blob)],
) -> bool {
    let bytes: f64 = files.iter().map(|(_, blob)| blob.size()).sum();
    let write = async || database::put_run(record, rows, files).await;
    let outcome = room::write(page, bytes as u64 + ROWS_BYTES, write).await;
    if outcome != WriteOutcome::Stored {
        form_state::add_storage_notice(page, StorageText::ResultsNotStored);
    }
    for hash in rows.iter().flat_map(|row| &row.pictures) {
        input_images::keep(hash).await;
    }
    outcome == WriteOutcome::Stored
}

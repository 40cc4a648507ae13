//! What is kept and belongs to nothing any more: files of runs that were cancelled while they were
//! fetched, pictures that were exchanged. Invariant: the order of looking matters. Whatever is here
//! was named by a form, a run or a result before it came, so what is listed first and still unnamed
//! at the end is nobody's, in whatever tab.

use std::collections::BTreeSet;

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_forms::form::Drafts;
use pilotlight_runs::kept::Key;
use pilotlight_session::{NamedByRuns, pictures_of};

use crate::features::form::input_images;
use crate::runtime::database;
use crate::storage;

/// So many results are looked at before the page goes on with what else there is to do.
const AT_ONCE: usize = 250;

pub async fn forget() {
    let (Ok(files), Ok(pictures)) = (database::file_keys().await, database::picture_keys().await)
    else {
        return;
    };
    let Ok(rows) = database::row_keys().await else { return };
    // Of other endpoints and other tabs, too.
    let named = NamedByRuns::read(&storage::Stored);
    let mut runs: BTreeSet<&str> = rows.iter().filter_map(|key| Key::run_of(key)).collect();
    runs.extend(named.runs.iter().map(PromptId::as_str));
    let _forgotten = database::forget_others(&files, &runs).await;

    let mut unnamed = pictures;
    let typed = storage::all("drafts.");
    let typed = typed.iter().filter_map(|text| json::from_text::<Drafts>(text));
    let mut pictures = named.pictures;
    pictures.extend(typed.flat_map(|drafts| pictures_of(&drafts)));
    unnamed.retain(|name| !pictures.contains(input_images::hash_of(name)));
    for slice in rows.chunks(AT_ONCE) {
        let (Some(first), Some(last)) = (slice.first(), slice.last()) else { return };
        if unnamed.is_empty() {
            return;
        }
        let Ok(rows) = database::rows_between(first, last).await else { return };
        for hash in rows.iter().flat_map(|row| &row.pictures) {
            unnamed.retain(|name| input_images::hash_of(name) != hash);
        }
    }
    let _forgotten = database::forget_pictures(&unnamed).await;
}

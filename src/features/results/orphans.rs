//! Deletes stored data that nothing refers to: files of canceled runs, replaced input images.
//! Invariant: data is listed before references are read. Since a reference is always written before
//! its data, data that was listed first and has no reference afterwards is unused, also by other
//! tabs.

use std::collections::BTreeSet;

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_forms::form::Drafts;
use pilotlight_runs::results::Key;
use pilotlight_session::{NamedByRuns, pictures_of};

use crate::runtime::database;
use crate::runtime::input_images;
use crate::storage;

/// How many results are read at once; other tasks run in between.
const AT_ONCE: usize = 250;

pub async fn forget() {
    let (Ok(files), Ok(pictures)) = (database::file_keys().await, database::picture_keys().await)
    else {
        return;
    };
    let Ok(rows) = database::row_keys().await else { return };
    // These include runs of other servers and other tabs.
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

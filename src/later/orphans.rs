//! What is kept and belongs to nothing any more: files of runs that were cancelled while they were
//! fetched, pictures that were exchanged. Invariant: the order of looking matters. Whatever is here
//! was named by a form, a run or a result before it came, so what is listed first and still unnamed
//! at the end is nobody's, in whatever tab.

use pilotlight_engine::form::{Draft, Drafts};
use pilotlight_engine::json;
use pilotlight_engine::kept::Key;
use pilotlight_engine::order::order;
use serde_json::Value;

use super::{album, database, records};
use crate::storage;

/// So many results are looked at before the page goes on with what else there is to do.
const AT_ONCE: usize = 250;

pub async fn forget() {
    let (Ok(files), Ok(pictures)) = (database::file_keys().await, database::picture_keys().await)
    else {
        return;
    };
    // Of other endpoints and other tabs, too.
    let live: Vec<Value> = values("run.");
    let Ok(rows) = database::row_keys().await else { return };
    let mut runs: Vec<&str> = rows.iter().filter_map(|key| Key::run_of(key)).collect();
    runs.extend(live.iter().filter_map(run_id));
    let sorted = order(runs.len(), &|one, other| runs[one].cmp(runs[other]));
    let runs: Vec<&str> = sorted.into_iter().map(|at| runs[at]).collect();
    let _forgotten = database::forget_others(&files, &runs).await;

    let mut unnamed = pictures;
    let typed = values("drafts.");
    let drafts = live.iter().filter_map(|record| record.get("drafts")).chain(&typed);
    let drafts = drafts.filter_map(Drafts::from_value).chain(records::shared_drafts());
    for drafts in drafts {
        for (_, draft) in drafts.iter() {
            if let Draft::Picture(Some(picture)) = draft {
                unnamed.retain(|name| album::hash_of(name) != picture.hash);
            }
        }
    }
    for slice in rows.chunks(AT_ONCE) {
        let (Some(first), Some(last)) = (slice.first(), slice.last()) else { return };
        if unnamed.is_empty() {
            return;
        }
        let Ok(rows) = database::rows_between(first, last).await else { return };
        for hash in rows.iter().flat_map(|row| &row.pictures) {
            unnamed.retain(|name| album::hash_of(name) != hash);
        }
    }
    let _forgotten = database::forget_pictures(&unnamed).await;
}

fn values(start: &str) -> Vec<Value> {
    storage::all(start).iter().filter_map(|text| json::parse(text)).collect()
}

fn run_id(record: &Value) -> Option<&str> {
    record.get("run")?.get("prompt_id")?.as_str()
}

//! Stars, pins, deleting and undoing. Invariant: deleted results are removed from the database at
//! once, and can be restored from copies in memory until the next deletion or until the gallery is
//! closed. Files beyond `COPIED_BYTES` stay on disk until then; if the page is closed earlier,
//! `orphans` deletes them at the next start.

use crate::features::gallery::listing::listing;
use crate::features::gallery::state::{bytes_of, keys_of, release, rows_of};
use std::cell::{Cell, RefCell};

use pilotlight_comfy::id::PromptId;
use pilotlight_i18n::text::StorageText;
use pilotlight_runs::results::{Key, Record, ResultRow};
use pilotlight_session::{Event, ResultsChange};
use web_sys::Blob;

use crate::app::{Output, Page};
use crate::features::results::outputs;
use crate::runtime::database;
use crate::runtime::task;
use crate::{blobs, form_state, runtime};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Star,
    /// Never deleted to make space.
    Pin,
}

impl Mark {
    pub fn is_on(self, row: &ResultRow) -> bool {
        match self {
            Self::Star => row.is_starred,
            Self::Pin => row.is_pinned,
        }
    }

    fn set(self, row: &mut ResultRow, is_on: bool) {
        match self {
            Self::Star => row.is_starred = is_on,
            Self::Pin => row.is_pinned = is_on,
        }
    }
}

/// How many bytes of the deleted files are copied into memory.
const COPIED_BYTES: u64 = 128_000_000;

/// The results that were deleted last.
#[derive(Default)]
struct Taken {
    rows: Vec<ResultRow>,
    /// The files of this many of the first `rows` were copied; the others are still on disk.
    copied: usize,
    records: Vec<Record>,
    files: Vec<(PromptId, usize, Blob)>,
    /// The deleted results of the list, with their indexes.
    outputs: Vec<(usize, Output)>,
}

/// Whether a deletion can be undone.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Deleted {
    #[default]
    Nothing,
    /// This many results can be restored.
    Some(usize),
}

/// The state of this module.
#[derive(Default)]
struct State {
    taken: RefCell<Option<Taken>>,
    deleted: RwSignal<Deleted>,
    /// Incremented on every deletion, and when undoing is no longer offered.
    turn: Cell<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

pub fn deleted() -> RwSignal<Deleted> {
    state().deleted
}

/// Ends the offer to undo, and deletes the files that stayed for it.
pub fn forget() {
    state().turn.set(state().turn.get().wrapping_add(1));
    deleted().set(Deleted::Nothing);
    state().taken.take().into_iter().for_each(end);
}

fn end(taken: Taken) {
    if taken.copied < taken.rows.len() {
        task::spawn(async move {
            // If this fails, `orphans` deletes them at the next start.
            let _removed = database::remove_files(&taken.rows[taken.copied..]).await;
        });
    }
}

/// Sets a mark of results, or removes it: in the gallery, the list of results and other tabs.
pub fn mark(page: Page, keys: Vec<Key>, mark: Mark, is_on: bool) {
    let mut rows = listing().with_untracked(|all| {
        keys.iter().filter_map(|key| all.row(all.number(key)?).cloned()).collect::<Vec<_>>()
    });
    // The viewer may show a result of the list while the gallery is closed.
    page.outputs.with_untracked(|all| {
        let unlisted = all.iter().filter(|one| {
            keys.contains(&one.row.key) && !rows.iter().any(|row| row.key == one.row.key)
        });
        let unlisted: Vec<ResultRow> = unlisted.map(|one| one.row.clone()).collect();
        rows.extend(unlisted);
    });
    for row in &mut rows {
        mark.set(row, is_on);
    }
    outputs::mark(page, &rows);
    if crate::features::gallery::state::is_open().get_untracked() {
        crate::features::gallery::listing::take(page, rows);
    }
    crate::features::gallery::showing::mark(&keys, |row| mark.set(row, is_on));
    task::spawn(async move {
        match database::change(&keys, |row| mark.set(row, is_on)).await {
            Ok(()) => runtime::tell(page, Event::ResultsChanged(ResultsChange::Touched(keys))),
            Err(database::Refused::Full | database::Refused::Other) => {
                form_state::add_storage_notice(page, StorageText::ResultsNotStored)
            }
        }
    });
}

/// Deletes results, by their numbers in the listing.
pub fn delete(page: Page, numbers: &[u32]) {
    let rows = listing().with_untracked(|all| rows_of(all, numbers));
    let keys = listing().with_untracked(|all| keys_of(all, numbers));
    crate::features::gallery::listing::take_out(&keys);
    forget();
    let mine = state().turn.get();
    task::spawn(async move {
        let taken = take(page, rows, &keys).await;
        let count = taken.rows.len();
        let (gone, files_later) = taken.rows.split_at(taken.copied);
        if database::remove(gone, files_later).await.is_ok() {
            runtime::tell(page, Event::ResultsChanged(ResultsChange::Gone(keys)));
        }
        if state().turn.get() != mine {
            return end(taken);
        }
        state().taken.replace(Some(taken));
        deleted().set(Deleted::Some(count));
    });
}

/// Copies what is about to be deleted, and removes it from the list of results.
async fn take(page: Page, rows: Vec<ResultRow>, keys: &[Key]) -> Taken {
    let mut taken = Taken::default();
    let mut bytes = 0;
    for row in &rows {
        // Results of the same run are adjacent.
        if taken.records.last().is_none_or(|last| last.id != row.run)
            && let Ok(Some(record)) = database::record(&row.run).await
        {
            taken.records.push(record);
        }
        bytes += row.size_bytes();
        if bytes > COPIED_BYTES {
            continue;
        }
        taken.copied += 1;
        let Some(at) = row.file_at() else { continue };
        let Some(blob) = bytes_of(page, row).await else { continue };
        // Most browsers read the original even after its record was deleted.
        let blob = blobs::copied(&blob).await.unwrap_or(blob);
        taken.files.push((row.run.clone(), at, blob));
    }
    if page.outputs.with_untracked(|all| all.iter().any(|one| keys.contains(&one.row.key))) {
        page.outputs.update(|all| {
            for (at, one) in std::mem::take(all).into_iter().enumerate() {
                if !keys.contains(&one.row.key) {
                    all.push(one);
                    continue;
                }
                let (run, place) = (&one.row.run, one.row.file_at());
                let copy = taken.files.iter().find(|(of, at, _)| of == run && Some(*at) == place);
                taken.outputs.push(match copy {
                    Some((.., copy)) => {
                        release(&one.content);
                        (at, outputs::with_copy(one, copy.clone()))
                    }
                    None => (at, one),
                });
            }
        });
    }
    taken.rows = rows;
    taken
}

/// Restores what was deleted last.
pub fn undo(page: Page) {
    let Some(taken) = state().taken.take() else { return };
    deleted().set(Deleted::Nothing);
    task::spawn(async move {
        for record in &taken.records {
            let of_run = taken.rows.iter().filter(|row| row.run == record.id);
            let rows: Vec<ResultRow> = of_run.cloned().collect();
            let files = taken.files.iter().filter(|(run, ..)| *run == record.id);
            let files: Vec<(usize, Blob)> =
                files.map(|(_, at, blob)| (*at, blob.clone())).collect();
            runtime::restore_result(page, record, &rows, &files).await;
        }
        if !taken.outputs.is_empty() {
            page.outputs.update(|all| {
                for (at, one) in taken.outputs {
                    all.insert(at.min(all.len()), one);
                }
            });
        }
        let keys: Vec<Key> = taken.rows.iter().map(|row| row.key.clone()).collect();
        crate::features::gallery::listing::take(page, taken.rows);
        runtime::tell(page, Event::ResultsChanged(ResultsChange::Touched(keys)));
    });
}

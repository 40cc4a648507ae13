//! Deletes and restores results of the list. Invariant: a deleted result is removed from the disk
//! at once. It can be restored from a copy in memory, as long as its card is shown; not after
//! *Delete all*.

use std::cell::RefCell;
use std::rc::Rc;

use pilotlight_runs::results::{Record, ResultRow};
use pilotlight_session::{Event, ResultsChange};
use web_sys::Blob;

use crate::app::{Content, Output, Page};
use crate::features::results::outputs;
use crate::runtime::task;
use crate::runtime::{database, quota};
use crate::{blobs, browser, runtime};
use leptos::prelude::*;

/// The state of this module.
#[derive(Default)]
struct State {
    amount: RwSignal<Amount>,
    /// The records of deleted results, for restoring them.
    removed: RefCell<Vec<Record>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// The number and size of the stored results, as last measured.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub count: usize,
    pub bytes: u64,
    /// The free storage that the browser reports, in bytes.
    pub left: Option<u64>,
}

pub fn amount() -> RwSignal<Amount> {
    state().amount
}

/// Measures the stored results and updates `amount`.
pub fn measure() {
    task::spawn(async {
        let rows = database::rows().await.unwrap_or_default();
        let bytes = rows.iter().map(ResultRow::told_bytes).sum();
        let left = quota::left().await;
        amount().set(Amount { count: rows.len(), bytes, left });
    });
}

/// Deletes a result of the list. Its bytes are copied first, so that it can be restored.
pub fn remove(page: Page, id: u32) {
    // Closes the viewer, which may show the result.
    page.dialog.set(None);
    let find = |all: &Vec<Output>| all.iter().find(|one| one.id == id).cloned();
    let Some(shown) = page.outputs.with_untracked(find) else { return };
    task::spawn(async move {
        let record = database::record(&shown.row.run).await.ok().flatten();
        let copy = match &shown.blob {
            Some(blob) => blobs::copied(blob).await,
            None => None,
        };
        let is_copied = copy.is_some();
        let removed = |one| {
            let one = match copy {
                Some(copy) => outputs::with_copy(one, copy),
                None => one,
            };
            Output { content: Content::Removed(Rc::new(one.clone())), ..one }
        };
        // `None` if the result was already deleted by another press.
        let Some((gone, id)) = replace(page, id, removed) else { return };
        if let (Content::File { url, .. }, true) = (&gone.content, is_copied) {
            browser::release_url(url);
        }
        if let Some(record) = record {
            state().removed.borrow_mut().push(record);
        }
        let gone = [gone.row];
        if database::remove(&gone, &[]).await.is_ok() {
            let change = ResultsChange::Gone(gone.map(|row| row.key).to_vec());
            runtime::tell(page, Event::ResultsChanged(change));
        }
        // The card now shows the button that restores the result.
        browser::focus(&undo_id(id));
    });
}

/// Returns the id of the button that restores a result.
pub fn undo_id(id: u32) -> String {
    format!("undo-{id}")
}

pub fn restore_result(page: Page, id: u32) {
    let back = |one: Output| {
        let content = match &one.content {
            Content::Removed(former) => former.content.clone(),
            content @ (Content::File { .. } | Content::Gone | Content::Text { .. }) => {
                content.clone()
            }
        };
        Output { content, ..one }
    };
    let Some((one, _)) = replace(page, id, back) else { return };
    task::spawn(async move {
        let of = |record: &&Record| record.id == one.row.run;
        let Some(record) = state().removed.borrow().iter().find(of).cloned() else { return };
        let files: Vec<(usize, Blob)> = one.row.file_at().zip(one.blob).into_iter().collect();
        if runtime::restore_result(page, &record, &[one.row], &files).await {
            let change = ResultsChange::Kept(record.id);
            runtime::tell(page, Event::ResultsChanged(change));
        }
    });
}

/// Deletes all stored results and the records of their runs; live runs are not affected.
pub fn remove_all(page: Page) {
    page.outputs.set(Vec::new());
    task::spawn(async move {
        let rows = database::rows().await.unwrap_or_default();
        if database::remove(&rows, &[]).await.is_ok() {
            let keys = rows.into_iter().map(|row| row.key).collect();
            runtime::tell(page, Event::ResultsChanged(ResultsChange::Gone(keys)));
        }
        measure();
    });
}

/// Replaces a result of the list, under a new id so that its card is rebuilt. Returns the former
/// result and the new id.
fn replace(page: Page, id: u32, change: impl FnOnce(Output) -> Output) -> Option<(Output, u32)> {
    let exchanged = page.outputs.try_update(|all| {
        let one = all.iter_mut().find(|one| one.id == id)?;
        let former = one.clone();
        *one = Output { id: outputs::next(), ..change(former.clone()) };
        Some((former, one.id))
    });
    exchanged.flatten()
}

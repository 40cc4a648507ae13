//! Results that a person deletes. Invariant: what was deleted is gone from this browser's disk at
//! once; one that stood alone can be put back for as long as its place shows it, from a copy of its
//! bytes in memory.

use std::cell::RefCell;
use std::rc::Rc;

use pilotlight_runs::kept::{Record, Row};
use pilotlight_session::{Event, ResultsChange};
use web_sys::Blob;

use crate::app::{Content, Finding, Page};
use crate::features::results::outputs;
use crate::runtime::task;
use crate::runtime::{database, quota};
use crate::{blobs, browser, runtime};
use leptos::prelude::*;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    amount: RwSignal<Amount>,
    /// The runs of what was deleted, to put it back.
    removed: RefCell<Vec<Record>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// What this browser keeps, as it was last looked at.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub count: usize,
    pub bytes: u64,
    /// What the browser says there is room for.
    pub left: Option<u64>,
}

pub fn amount() -> RwSignal<Amount> {
    state().amount
}

/// Looks how much is kept.
pub fn measure() {
    task::spawn(async {
        let rows = database::rows().await.unwrap_or_default();
        let bytes = rows.iter().map(Row::size_bytes).sum();
        let left = quota::left().await;
        amount().set(Amount { count: rows.len(), bytes, left });
    });
}

/// Deletes a result of the feed. Its bytes are copied first, so that it can be put back.
pub fn remove(page: Page, id: u32) {
    // The viewer, where it was open, has nothing to show any more.
    page.dialog.set(None);
    let find = |all: &Vec<Finding>| all.iter().find(|one| one.id == id).cloned();
    let Some(shown) = page.findings.with_untracked(find) else { return };
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
            Finding { content: Content::Removed(Rc::new(one.clone())), ..one }
        };
        // Nothing, if another press was faster.
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
        // By now its place shows the way back.
        browser::focus(&undo_id(id));
    });
}

/// The id of the button that puts a result back.
pub fn undo_id(id: u32) -> String {
    format!("undo-{id}")
}

pub fn put_back(page: Page, id: u32) {
    let back = |one: Finding| {
        let content = match &one.content {
            Content::Removed(former) => former.content.clone(),
            content @ (Content::File { .. } | Content::Gone | Content::Text { .. }) => {
                content.clone()
            }
        };
        Finding { content, ..one }
    };
    let Some((one, _)) = replace(page, id, back) else { return };
    task::spawn(async move {
        let of = |record: &&Record| record.id == one.row.run;
        let Some(record) = state().removed.borrow().iter().find(of).cloned() else { return };
        let files: Vec<(usize, Blob)> = one.row.file_at().zip(one.blob).into_iter().collect();
        if runtime::put_back(page, &record, &[one.row], &files).await {
            let change = ResultsChange::Kept(record.id);
            runtime::tell(page, Event::ResultsChanged(change));
        }
    });
}

/// Every result that is kept, with all that is known of them; runs that go on stay.
pub fn remove_all(page: Page) {
    page.findings.set(Vec::new());
    task::spawn(async move {
        let rows = database::rows().await.unwrap_or_default();
        if database::remove(&rows, &[]).await.is_ok() {
            let keys = rows.into_iter().map(|row| row.key).collect();
            runtime::tell(page, Event::ResultsChanged(ResultsChange::Gone(keys)));
        }
        measure();
    });
}

/// Puts another finding in the place of one, under another id, so that it is drawn anew. Gives what
/// stood there, and the id of what does now.
fn replace(page: Page, id: u32, change: impl FnOnce(Finding) -> Finding) -> Option<(Finding, u32)> {
    let exchanged = page.findings.try_update(|all| {
        let one = all.iter_mut().find(|one| one.id == id)?;
        let former = one.clone();
        *one = Finding { id: outputs::next(), ..change(former.clone()) };
        Some((former, one.id))
    });
    exchanged.flatten()
}

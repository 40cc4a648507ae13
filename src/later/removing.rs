//! Results that a person deletes. Invariant: what was deleted is gone from this browser at once;
//! one that stood alone can be put back for as long as its place shows it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use pilotlight_engine::kept::{Record, Row};

use super::neighbours::{self, News};
use super::{database, feed, keeping, room};
use crate::app::{Content, Finding, Page};
use crate::live::Live;
use crate::{browser, task};

const RECOUNT_MS: u32 = 100;

thread_local! {
    static AMOUNT: Live<Amount> = Live::new(Amount::default());
    static COUNT: Live<usize> = Live::new(0);
    static IS_COUNTING: Cell<bool> = const { Cell::new(false) };
    /// The runs of what was deleted, to put it back.
    static REMOVED: RefCell<Vec<Record>> = const { RefCell::new(Vec::new()) };
}

/// What this browser keeps, as it was last looked at.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub count: usize,
    pub bytes: u64,
    /// What the browser says there is room for.
    pub left: Option<u64>,
}

pub fn amount() -> Live<Amount> {
    AMOUNT.with(|amount| *amount)
}

/// How many results this browser keeps.
pub fn count() -> Live<usize> {
    COUNT.with(|count| *count)
}

/// Counts them anew, once for all that happens in a moment.
pub fn recount() {
    if IS_COUNTING.replace(true) {
        return;
    }
    task::spawn(async {
        gloo_timers::future::TimeoutFuture::new(RECOUNT_MS).await;
        IS_COUNTING.set(false);
        if let Ok(keys) = database::row_keys().await {
            count().set(keys.len());
        }
    });
}

/// Looks how much is kept.
pub fn measure() {
    task::spawn(async {
        let rows = database::rows().await.unwrap_or_default();
        let bytes = rows.iter().map(Row::size_bytes).sum();
        let left = room::left().await;
        amount().set(Amount { count: rows.len(), bytes, left });
    });
}

pub fn remove(page: Page, id: u32) {
    let removed = |one| Content::Removed(Rc::new(one));
    let Some((gone, id)) = replace(page, id, removed) else { return };
    // The viewer, where it was open, has nothing to show any more.
    page.dialog.set(None);
    task::spawn(async move {
        if let Ok(Some(record)) = database::record(&gone.row.run).await {
            REMOVED.with_borrow_mut(|all| all.push(record));
        }
        // By now its place shows the way back.
        browser::focus(&undo_id(id));
        let gone = [gone.row];
        if database::remove(&gone).await.is_ok() {
            neighbours::tell(&News::Gone(&gone));
        }
    });
}

/// The id of the button that puts a result back.
pub fn undo_id(id: u32) -> String {
    format!("undo-{id}")
}

pub fn put_back(page: Page, id: u32) {
    let back = |one: Finding| match one.content {
        Content::Removed(former) => former.content.clone(),
        content @ (Content::File { .. } | Content::Gone | Content::Text { .. }) => content,
    };
    let Some((one, _)) = replace(page, id, back) else { return };
    task::spawn(async move {
        let of = |record: &&Record| record.id == one.row.run;
        let Some(record) = REMOVED.with_borrow(|all| all.iter().find(of).cloned()) else { return };
        if let (Some(at), Some(blob)) = (one.row.file_at(), &one.blob) {
            keeping::keep_file(page, &one.row.run, at, blob).await;
        }
        match database::put_run(&record, &[one.row]).await {
            Ok(()) => neighbours::tell(&News::Kept(&record.id)),
            Err(_) => keeping::not_kept(page),
        }
    });
}

/// Every result that is kept, with all that is known of them; runs that go on stay.
pub fn remove_all(page: Page) {
    page.findings.set(Vec::new());
    task::spawn(async {
        let rows = database::rows().await.unwrap_or_default();
        if database::remove(&rows).await.is_ok() {
            neighbours::tell(&News::Gone(&rows));
        }
        measure();
    });
}

/// Puts another content in the place of a finding, under another id, so that it is drawn anew.
/// Gives what stood there, and the id of what does now.
fn replace(
    page: Page,
    id: u32,
    content: impl FnOnce(Finding) -> Content,
) -> Option<(Finding, u32)> {
    page.findings.update(|all| {
        let one = all.iter_mut().find(|one| one.id == id)?;
        let former = one.clone();
        (one.content, one.id) = (content(former.clone()), feed::next());
        Some((former, one.id))
    })
}

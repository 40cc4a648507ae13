//! Writes to the database. If storage is full, the session selects results that are deleted.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures_channel::oneshot::{Sender, channel};
use pilotlight_runs::results::ResultRow;
use pilotlight_session::{Event, RoomId, WriteOutcome};

use crate::app::Page;
use crate::runtime::database;
use crate::runtime::database::{Done, Refused};
use crate::runtime::task;
use crate::runtime::tell;

thread_local! {
    /// Writes that wait for space; they receive whether to try again.
    static WAITING: RefCell<BTreeMap<RoomId, Sender<bool>>> =
        const { RefCell::new(BTreeMap::new()) };
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// Writes to the database; `bytes` is the size. If storage is full, tries again once the session
/// has deleted results.
pub async fn write(page: Page, bytes: u64, write: impl AsyncFn() -> Done<()>) -> WriteOutcome {
    let mut attempt = 0;
    loop {
        match write().await {
            Ok(()) => return WriteOutcome::Stored,
            Err(Refused::Other) => return WriteOutcome::Refused,
            Err(Refused::Full) => {}
        }
        let id = RoomId(LAST.get() + 1);
        LAST.set(id.0);
        let (sender, is_made) = channel();
        WAITING.with_borrow_mut(|waiting| waiting.insert(id, sender));
        tell(page, Event::StorageFull { id, bytes, attempt });
        if !is_made.await.unwrap_or(false) {
            return WriteOutcome::Full;
        }
        attempt += 1;
    }
}

/// Tells a waiting write whether to try again (`true`) or to give up.
pub(super) fn end(id: RoomId, is_made: bool) {
    let waiting = WAITING.with_borrow_mut(|waiting| waiting.remove(&id));
    if let Some(waiting) = waiting {
        // This fails only if the write was dropped with the page.
        let _told = waiting.send(is_made);
    }
}

pub(super) fn load_kept(page: Page) {
    task::spawn(async move {
        // If the database cannot be read, no results can be deleted.
        let rows = database::rows().await.unwrap_or_default();
        tell(page, Event::ResultsLoaded(rows));
    });
}

pub(super) fn remove(page: Page, rows: Vec<ResultRow>) {
    task::spawn(async move {
        let is_done = database::remove(&rows, &[]).await.is_ok();
        let keys = rows.into_iter().map(|row| row.key).collect();
        tell(page, Event::ResultsRemoved(is_done.then_some(keys)));
    });
}

//! Writes to the database, and results that leave for them. Which ones is the session's decision.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures_channel::oneshot::{Sender, channel};
use pilotlight_runs::kept::Row;
use pilotlight_session::{Event, RoomId, WriteOutcome};

use crate::app::Page;
use crate::runtime::database;
use crate::runtime::database::{Done, Refused};
use crate::runtime::task;
use crate::runtime::tell;

thread_local! {
    /// The writes that wait for room; they are told whether to try again.
    static WAITING: RefCell<BTreeMap<RoomId, Sender<bool>>> =
        const { RefCell::new(BTreeMap::new()) };
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// Writes so many bytes, again after room was made where there is none.
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
        tell(page, Event::WriteFoundNoRoom { id, bytes, attempt });
        if !is_made.await.unwrap_or(false) {
            return WriteOutcome::Full;
        }
        attempt += 1;
    }
}

/// Has a write tried again, or given up.
pub(super) fn end(id: RoomId, is_made: bool) {
    let waiting = WAITING.with_borrow_mut(|waiting| waiting.remove(&id));
    if let Some(waiting) = waiting {
        // Nobody waits any more where the page is going.
        let _told = waiting.send(is_made);
    }
}

pub(super) fn load_kept(page: Page) {
    task::spawn(async move {
        // Of a database that cannot be read nothing can leave.
        let rows = database::rows().await.unwrap_or_default();
        tell(page, Event::KeptLoaded(rows));
    });
}

pub(super) fn remove(page: Page, rows: Vec<Row>) {
    task::spawn(async move {
        let is_done = database::remove(&rows, &[]).await.is_ok();
        let keys = rows.into_iter().map(|row| row.key).collect();
        tell(page, Event::ResultsRemoved(is_done.then_some(keys)));
    });
}

//! Makes space in the database. Invariant: results are deleted only if a write found the storage
//! full and this makes enough space: the oldest first, none that is pinned; and the user is told.

use pilotlight_runs::results::{self, Key, ResultRow};

use crate::change::ResultsChange;
use crate::context::Handling;
use crate::effect::{Effect, Notice};
use crate::request::{RoomId, TimerId};
use crate::session::Session;
use crate::state::NoRoom;

/// The fraction (1/10) of the stored bytes that is deleted at once, so that not every new result
/// deletes another.
const PART: u64 = 10;
/// How long to wait before each attempt, in ms: browsers free the space of deleted data later.
const FREED_MS: [u64; 3] = [50, 500, 2_000];

impl Session {
    pub(crate) fn write_found_no_room(
        &mut self,
        id: RoomId,
        bytes: u64,
        attempt: usize,
        h: &mut Handling,
    ) {
        let Some(wait_ms) = FREED_MS.get(attempt).copied() else {
            return h.push(Effect::AbandonWrite(id));
        };
        self.room.waiting.push_back(NoRoom { id, bytes, wait_ms });
        if self.room.waiting.len() == 1 {
            h.push(Effect::LoadResults);
        }
    }

    /// Deletes the oldest results for the first waiting write, or gives that write up.
    pub(crate) fn kept_loaded(&mut self, rows: Vec<ResultRow>, h: &mut Handling) {
        let Some(NoRoom { bytes, .. }) = self.room.waiting.front() else { return };
        let kept_bytes: u64 = rows.iter().map(ResultRow::size_bytes).sum();
        let leaving = results::leaving(&rows, (*bytes).max(kept_bytes / PART));
        if leaving.size_bytes < *bytes {
            return self.give_up_write(h);
        }
        let leaves = |row: &ResultRow| leaving.keys.contains(&row.key);
        h.push(Effect::RemoveResults(rows.into_iter().filter(leaves).collect()));
    }

    pub(crate) fn results_removed(&mut self, keys: Option<Vec<Key>>, h: &mut Handling) {
        let Some(keys) = keys else { return self.give_up_write(h) };
        let count = keys.len();
        let change = ResultsChange::Gone(keys);
        h.push(Effect::ShowResultsChange(change.clone()));
        self.results_changed(change, h);
        if let Some(NoRoom { id, wait_ms, .. }) = self.room.waiting.pop_front() {
            h.push(Effect::Show(Notice::MadeRoom { count }));
            let timer = h.set_timer(&mut self.ids, wait_ms);
            self.room.retries.insert(timer, id);
        }
        self.make_more_room(h);
    }

    /// Handles a timer; returns whether it was that of a write that is tried again.
    pub(crate) fn room_timer_fired(&mut self, id: TimerId, h: &mut Handling) -> bool {
        let Some(write) = self.room.retries.remove(&id) else { return false };
        h.push(Effect::RetryWrite(write));
        true
    }

    fn give_up_write(&mut self, h: &mut Handling) {
        if let Some(NoRoom { id, .. }) = self.room.waiting.pop_front() {
            h.push(Effect::AbandonWrite(id));
        }
        self.make_more_room(h);
    }

    fn make_more_room(&self, h: &mut Handling) {
        if !self.room.waiting.is_empty() {
            h.push(Effect::LoadResults);
        }
    }
}

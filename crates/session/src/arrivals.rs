//! The stored runs that are about to be resumed, and the requested locks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use pilotlight_comfy::time::At;

use crate::context::Handling;
use crate::effect::Effect;
use crate::record::RunRecord;
use crate::request::{Ids, RunNumber, TimerId};

/// A run whose lock is not granted within this time belongs to another tab.
pub(crate) const OTHERS_MS: u64 = 1_000;
/// The runs of a closed tab arrive within this time of each other.
pub(crate) const LATE_MS: u64 = 250;
/// How long the lock of a run is left to its tab: after that tab first stored the run, and after
/// the tab was closed, since it may be reloading.
pub(crate) const OWN_MS: u64 = 3_000;

/// Whether this tab resumes the runs of closed tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Leader {
    /// There are no locks, or the page is not open yet.
    #[default]
    None,
    /// The lock was requested, and another tab has it.
    Asked,
    This,
}

/// The stored runs that are about to be resumed; one of them may be the first of the queue.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    pub is_open: bool,
    pub only_form: Option<String>,
    /// How many runs are expected at first.
    pub expected: usize,
    /// Fires when no more runs are expected; and when it was set.
    pub others: Option<(TimerId, At)>,
    /// Fires some time after a late arrival.
    pub late: Option<TimerId>,
    /// The stored runs whose locks were requested, and when.
    pub locks: BTreeMap<RunNumber, At>,
    /// The runs whose locks are requested when these timers fire.
    pub later: BTreeMap<RunNumber, TimerId>,
    pub leader: Leader,
    /// Fires when this tab, which became the leader, requests the locks of stored runs.
    pub inheriting: Option<TimerId>,
    /// Runs whose files are being read.
    pub loading: Vec<RunRecord>,
}

impl Arrivals {
    /// Returns whether a run may arrive that precedes those in the queue.
    pub fn are_expected(&self) -> bool {
        self.expected > 0 || self.late.is_some()
    }

    /// Handles a timer; returns whether it was one of these. Then waiting runs may be released.
    pub fn timer_fired(&mut self, id: TimerId, ids: &mut Ids, h: &mut Handling) -> bool {
        if let Some((_, set)) = self.others.filter(|(others, _)| *others == id) {
            if h.now().since(set) >= 2 * OTHERS_MS {
                // The computer slept meanwhile, and the locks may be granted after the timer.
                self.others = Some((h.set_timer(ids, OTHERS_MS), h.now()));
                return false;
            }
            (self.others, self.expected) = (None, 0);
            self.leave_to_leader(h);
            return true;
        }
        if self.late == Some(id) {
            self.late = None;
            return true;
        }
        false
    }

    /// Stops waiting for the runs of other tabs, if this tab is not the leader.
    fn leave_to_leader(&mut self, h: &mut Handling) {
        if self.leader == Leader::Asked {
            let locks = std::mem::take(&mut self.locks);
            locks.into_keys().for_each(|run| h.push(Effect::ReleaseLock(run)));
        }
    }

    /// Returns whether the timer was that of a tab that became the leader.
    pub fn inherits(&mut self, id: TimerId) -> bool {
        let is_due = self.inheriting == Some(id);
        self.inheriting = self.inheriting.filter(|_| !is_due);
        is_due
    }

    /// Returns the run whose lock is to be requested, if the timer was that of one.
    pub fn lock_is_due(&mut self, id: TimerId) -> Option<RunNumber> {
        let run = self.later.iter().find(|(_, timer)| **timer == id).map(|(run, _)| *run)?;
        self.later.remove(&run);
        Some(run)
    }

    /// Requests the lock of a stored run after `OWN_MS`, unless it was requested.
    pub fn ask_later(&mut self, run: RunNumber, ids: &mut Ids, h: &mut Handling) {
        if !self.locks.contains_key(&run) {
            self.later.entry(run).or_insert_with(|| h.set_timer(ids, OWN_MS));
        }
    }

    /// Requests the lock of a stored run, unless it was requested.
    pub fn ask(&mut self, run: RunNumber, h: &mut Handling) {
        if let Entry::Vacant(entry) = self.locks.entry(run) {
            entry.insert(h.now());
            h.push(Effect::AcquireLock(run));
        }
    }

    pub fn expect(&mut self, count: usize, ids: &mut Ids, h: &mut Handling) {
        self.expected = count;
        if let Some((former, _)) = self.others.take() {
            h.push(Effect::ClearTimer(former));
        }
        if count > 0 {
            self.others = Some((h.set_timer(ids, OTHERS_MS), h.now()));
        }
    }
}

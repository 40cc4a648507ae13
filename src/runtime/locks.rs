//! The locks of runs: a run belongs to the tab that holds its lock.

use std::cell::RefCell;
use std::collections::BTreeMap;

use pilotlight_session::{Event, RunNumber, number_of_record};
use web_sys::AbortSignal;

use crate::app::Page;
use crate::runtime::http::Line;
use crate::runtime::task;
use crate::runtime::tell;
use crate::runtime::web_locks::{self, Lock, Unlocked};

/// A requested or held lock.
struct Claim {
    /// Dropping it aborts the request, if the lock is not yet granted.
    _line: Line,
    /// Dropping it releases the lock.
    lock: Option<Lock>,
}

thread_local! {
    /// The claim of the tab that resumes the runs of closed tabs.
    static LEADER: RefCell<Option<Claim>> = const { RefCell::new(None) };
    static CLAIMS: RefCell<BTreeMap<RunNumber, Claim>> = const { RefCell::new(BTreeMap::new()) };
}

/// Requests the lock of a run. The request is made before this function returns.
pub(super) fn acquire(page: Page, run: RunNumber) {
    let line = Line::open();
    let signal = line.signal();
    let granted = web_locks::request(&format!("pilotlight run {run}"), signal.as_ref());
    CLAIMS.with_borrow_mut(|claims| claims.insert(run, Claim { _line: line, lock: None }));
    task::spawn(async move {
        let lock = match granted.await {
            Ok(lock) => Some(lock),
            Err(Unlocked::Unsupported) => None,
            Err(Unlocked::Aborted) => return,
        };
        if signal.as_ref().is_some_and(AbortSignal::aborted) {
            return;
        }
        CLAIMS.with_borrow_mut(|claims| {
            if let Some(claim) = claims.get_mut(&run) {
                claim.lock = lock;
            }
        });
        tell(page, Event::LockAcquired(run));
    });
}

pub(super) fn release(run: RunNumber) {
    CLAIMS.with_borrow_mut(|claims| claims.remove(&run));
}

/// Requests the leader's lock: the tab that holds it resumes the runs of closed tabs.
pub(super) fn become_leader(page: Page, only_form: Option<String>, endpoint: &str) {
    let line = Line::open();
    let signal = line.signal();
    let name = format!("pilotlight heir {} {endpoint}", only_form.unwrap_or_default());
    let granted = web_locks::request(&name, signal.as_ref());
    LEADER.set(Some(Claim { _line: line, lock: None }));
    task::spawn(async move {
        let Ok(lock) = granted.await else { return };
        if signal.as_ref().is_some_and(AbortSignal::aborted) {
            return;
        }
        LEADER.with_borrow_mut(|claim| {
            if let Some(claim) = claim {
                claim.lock = Some(lock);
            }
        });
        tell(page, Event::LeaderLockAcquired);
    });
}

pub(super) fn leave_leader() {
    LEADER.set(None);
}

/// Reports to the session each record that another tab stores.
pub(super) fn follow_other_tabs(page: Page) {
    crate::storage::on_stored_elsewhere(move |key| {
        if let Some(run) = number_of_record(key) {
            tell(page, Event::RecordStoredElsewhere(run));
        }
    });
}

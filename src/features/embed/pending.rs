//! The host's *run* request that waits until its runs start or the user agrees to them.

use std::cell::RefCell;

use pilotlight_forms::embed::{self, Id};

use crate::features::embed::host;

/// The state of this module.
#[derive(Default)]
struct State {
    /// The waiting request: the id that the host gave it, if any.
    pending: RefCell<Option<Option<Id>>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

pub fn is_any() -> bool {
    state().pending.borrow().is_some()
}

pub fn wait(id: Option<Id>) {
    state().pending.replace(Some(id));
}

/// Removes and returns the waiting request.
pub fn take() -> Option<Option<Id>> {
    state().pending.take()
}

/// Tells the host that its runs started; returns the id of its request if one was waiting.
pub fn began(runs: &[u32]) -> Option<Id> {
    let id = take()?;
    host::tell(&embed::ok(id.as_ref(), runs), None);
    id
}

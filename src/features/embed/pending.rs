//! The request of a host whose runs are about to begin, or wait for a person to agree to them.

use std::cell::RefCell;

use pilotlight_forms::embed::{self, Id};

use crate::features::embed::host;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// The id that the host gave it, if any.
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

/// The request, which waits no longer.
pub fn take() -> Option<Option<Id>> {
    state().pending.take()
}

/// These runs began; the request that they belong to, if one was waiting for them.
pub fn began(runs: &[u32]) -> Option<Id> {
    let id = take()?;
    host::tell(&embed::ok(id.as_ref(), runs), None);
    id
}

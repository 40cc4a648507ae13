//! The request of a host whose runs are about to begin, or wait for a person to agree to them.

use std::cell::RefCell;

use pilotlight_forms::embed::{self, Id};

use super::host;

thread_local! {
    /// The id that the host gave it, if any.
    static PENDING: RefCell<Option<Option<Id>>> = const { RefCell::new(None) };
}

pub fn is_any() -> bool {
    PENDING.with_borrow(Option::is_some)
}

pub fn wait(id: Option<Id>) {
    PENDING.set(Some(id));
}

/// The request, which waits no longer.
pub fn take() -> Option<Option<Id>> {
    PENDING.take()
}

/// These runs began; the request that they belong to, if one was waiting for them.
pub fn began(runs: &[u32]) -> Option<Id> {
    let id = take()?;
    host::tell(&embed::ok(id.as_ref(), runs), None);
    id
}

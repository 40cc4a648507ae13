//! What modules hold for as long as the page is open, each in a type of its own. Invariant: the
//! page has no other state than this, that of the session, and `Page`.

use std::any::Any;
use std::cell::RefCell;

thread_local! {
    /// One of each type.
    static STATES: RefCell<Vec<&'static dyn Any>> = const { RefCell::new(Vec::new()) };
}

/// Returns the state of this type, which is made with its first use.
pub fn of<T: Default + 'static>() -> &'static T {
    let find = |states: &Vec<&'static dyn Any>| states.iter().find_map(|one| one.downcast_ref());
    STATES.with_borrow(find).unwrap_or_else(|| {
        let state: &'static T = Box::leak(Box::default());
        STATES.with_borrow_mut(|states| states.push(state));
        state
    })
}

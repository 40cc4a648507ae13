//! What modules hold for as long as the page is open, each in a type of its own. Invariant: the
//! page has no other state than this, that of the session, and `Page`.

use std::any::Any;
use std::cell::RefCell;

use leptos::prelude::Owner;

thread_local! {
    /// One of each type.
    static STATES: RefCell<Vec<&'static dyn Any>> = const { RefCell::new(Vec::new()) };
}

/// Returns the state of this type, which is made with its first use. Its signals belong to no view.
pub fn of<T: Default + 'static>() -> &'static T {
    let find = |states: &Vec<&'static dyn Any>| states.iter().find_map(|one| one.downcast_ref());
    STATES.with_borrow(find).unwrap_or_else(|| {
        let owner = Owner::new_root(None);
        let state: &'static T = owner.with(|| Box::leak(Box::default()));
        // What it owns is there for as long as the state.
        std::mem::forget(owner);
        STATES.with_borrow_mut(|states| states.push(state));
        state
    })
}

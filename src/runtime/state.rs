//! The state of modules, which lives as long as the page; each module has a type of its own.
//! Invariant: the page has no state other than this, the session's, and `Page`.

use std::any::Any;
use std::cell::RefCell;

use leptos::prelude::Owner;

thread_local! {
    /// Owns the signals of all states.
    static ROOT: Owner = Owner::new_root(None);
    /// One value of each type.
    static STATES: RefCell<Vec<&'static dyn Any>> = const { RefCell::new(Vec::new()) };
}

/// Returns the state of this type, created on first use. Its signals belong to no view.
pub fn of<T: Default + 'static>() -> &'static T {
    let find = |states: &Vec<&'static dyn Any>| states.iter().find_map(|one| one.downcast_ref());
    STATES.with_borrow(find).unwrap_or_else(|| {
        let state: &'static T = for_the_page(|| Box::leak(Box::default()));
        STATES.with_borrow_mut(|states| states.push(state));
        state
    })
}

/// Calls `make` so that the signals it creates belong to no view and live as long as the page.
pub fn for_the_page<T>(make: impl FnOnce() -> T) -> T {
    ROOT.with(|owner| owner.with(make))
}

//! What modules hold for as long as the page is open, each in a type of its own. Invariant: the
//! page has no other state than this, that of the session, and `Page`.

use std::any::Any;
use std::cell::RefCell;

use leptos::prelude::Owner;

thread_local! {
    /// Owns the signals of all of them.
    static ROOT: Owner = Owner::new_root(None);
    /// One of each type.
    static STATES: RefCell<Vec<&'static dyn Any>> = const { RefCell::new(Vec::new()) };
}

/// Returns the state of this type, which is made with its first use. Its signals belong to no view.
pub fn of<T: Default + 'static>() -> &'static T {
    let find = |states: &Vec<&'static dyn Any>| states.iter().find_map(|one| one.downcast_ref());
    STATES.with_borrow(find).unwrap_or_else(|| {
        let state: &'static T = for_the_page(|| Box::leak(Box::default()));
        STATES.with_borrow_mut(|states| states.push(state));
        state
    })
}

/// Makes signals that belong to no view and stay for as long as the page is open, whichever view
/// asks for them.
pub fn for_the_page<T>(make: impl FnOnce() -> T) -> T {
    ROOT.with(|owner| owner.with(make))
}

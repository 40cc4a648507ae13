//! What modules hold for as long as the page is open, each in a type of its own. Invariant: the
//! page has no other state than this, that of the session, and `Page`.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::BTreeMap;

thread_local! {
    static STATES: RefCell<BTreeMap<TypeId, &'static dyn Any>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// Returns the state of this type, which is made with its first use.
pub fn of<T: Default + 'static>() -> &'static T {
    let known = STATES.with_borrow(|states| states.get(&TypeId::of::<T>()).copied());
    match known.and_then(<dyn Any>::downcast_ref) {
        Some(state) => state,
        None => {
            let state: &'static T = Box::leak(Box::default());
            STATES.with_borrow_mut(|states| states.insert(TypeId::of::<T>(), state));
            state
        }
    }
}

//! Effects that end with the view in which they were created.

use leptos::prelude::*;

/// Runs a function now, and again whenever a signal that it reads changes, until the current view
/// is removed.
pub fn follow(work: impl FnMut() + 'static) {
    follow_boxed(Box::new(work));
}

fn follow_boxed(mut work: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_| work());
    StoredValue::new_local(effect);
}

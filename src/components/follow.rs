//! Work that follows signals for as long as the view is there in which it was begun.

use leptos::prelude::*;

/// Does this now, and again whenever something that it read has changed, for as long as the view
/// that it is called in is there.
pub fn follow(work: impl FnMut() + 'static) {
    follow_boxed(Box::new(work));
}

fn follow_boxed(mut work: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_| work());
    StoredValue::new_local(effect);
}

//! Dialogs that take the whole attention. Invariant: what is open follows what it is told, however
//! it was closed, and the browser puts the focus back to where it was.

use crate::dom::follow;
use crate::dom::{El, el};

/// A dialog over everything else. `leave`: what follows when the browser has closed it by itself,
/// on Escape.
pub(super) fn layer(
    class: &str,
    is_open: impl Fn() -> bool + Copy + 'static,
    leave: impl Fn() + 'static,
) -> El {
    let dialog = el("dialog", class).on("close", move |_| {
        if leptos::prelude::untrack(is_open) {
            leave();
        }
    });
    let shown = dialog.clone();
    follow(move || match (is_open(), shown.is("open")) {
        // It must be in the document, and is not before that is written.
        (true, false) => {
            let shown = shown.clone();
            leptos::prelude::queue_microtask(move || shown.call("showModal"));
        }
        (false, true) => shown.call("close"),
        (true, true) | (false, false) => {}
    });
    dialog
}

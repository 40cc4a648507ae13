//! Dialogs that take the whole attention. Invariant: what is open follows `page.dialog`, however
//! it was closed, and the browser puts the focus back to where it was.

use crate::app::{Deed, Page};
use crate::dom::{El, el};
use crate::live::follow;

pub(super) fn modal(page: Page, class: &str, is_open: impl Fn() -> bool + Copy + 'static) -> El {
    let dialog = el("dialog", class)
        // After the browser has closed it by itself, on Escape.
        .on("close", move |_| close(page, is_open()))
        // Beside what it shows.
        .on("click", move |event| close(page, event.is_on_itself()));
    let shown = dialog.clone();
    follow(move || match (is_open(), shown.is("open")) {
        // It must be in the document, and is not before the page is written.
        (true, false) => {
            let shown = shown.clone();
            leptos::prelude::queue_microtask(move || shown.call("showModal"));
        }
        (false, true) => shown.call("close"),
        (true, true) | (false, false) => {}
    });
    dialog
}

fn close(page: Page, really: bool) {
    if really {
        page.ask_for(Deed::CloseDialog);
    }
}

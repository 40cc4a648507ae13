//! Dialogs that take the whole attention. Invariant: what is open follows `page.dialog`, however
//! it was closed, and the browser puts the focus back to where it was.

use leptos::html;
use leptos::prelude::*;

use crate::app::{Intent, Page};
use crate::browser;

/// Shows and closes `node` as `open` says.
pub(super) fn follow(node: NodeRef<html::Dialog>, open: impl Fn() -> bool + 'static) {
    Effect::new(move |_| {
        let open = open();
        let Some(dialog) = node.get() else { return };
        if open {
            browser::show_modal(node);
        } else if dialog.open() {
            dialog.close();
        }
    });
}

/// After the browser has closed a dialog by itself, on Escape.
pub(super) fn closed(page: Page, is_mine: bool) {
    if is_mine {
        page.act(Intent::CloseDialog);
    }
}

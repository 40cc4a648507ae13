//! The hint that a page served over plain http from another machine lacks functions: there,
//! browsers offer no service worker, clipboard, notifications, locks or persistent storage.
//!
//! Invariant: the hint is shown once, and later only in the settings.

use leptos::prelude::window;
use pilotlight_i18n::text::InsecureText;

use crate::app::{Notice, Page};
use crate::features::shell::offline;
use crate::{form_state, storage};

/// Returns whether the browser withholds the functions that need a secure context.
pub fn is_insecure() -> bool {
    !window().is_secure_context()
}

/// Shows the hint, but not in a frame of another site.
pub fn begin(page: Page) {
    if is_insecure() && offline::is_at_home() && storage::get(form_state::INSECURE_SEEN).is_none() {
        form_state::add_notice(page, Notice::Insecure(InsecureText::Hint.label()));
    }
}

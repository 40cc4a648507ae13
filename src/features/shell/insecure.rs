//! What a page lacks that came over plain http from another machine: there browsers have no service
//! worker, clipboard, notifications, locks or persistent storage.
//!
//! Invariant: it is said once, and again only in the settings.

use js_sys::global;
use pilotlight_i18n::text::InsecureText;

use crate::app::{Notice, Page};
use crate::features::shell::offline;
use crate::{desk, js, storage};

/// Whether the browser withholds what needs a connection that it trusts (a secure context).
pub fn is_insecure() -> bool {
    js::get(&global(), "isSecureContext").as_bool() == Some(false)
}

/// In a frame of another site it is for that site to say.
pub fn begin(page: Page) {
    if is_insecure() && offline::is_at_home() && storage::get(desk::INSECURE_SEEN).is_none() {
        desk::add_notice(page, Notice::Insecure(InsecureText::Hint.label()));
    }
}

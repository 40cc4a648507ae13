//! The key that was typed for a server. Invariant: it is kept for this tab alone, where only this
//! module looks for it, with the address that it was typed for: it is in no record, no link, no file
//! and no notice.

use std::cell::RefCell;

use leptos::prelude::window;
use pilotlight_comfy::access::AccessKey;
use pilotlight_comfy::json;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

/// Under which the browser keeps it until the tab is closed.
const KEPT: &str = "pilotlight.key";

/// A key, and the endpoint that it is for.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub endpoint: String,
    pub key: String,
}

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// With the address that it is for, where the browser keeps nothing.
    memory: RefCell<Option<String>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// The key that was typed for this endpoint in this tab.
pub fn of(endpoint: &str) -> Option<AccessKey> {
    let kept = read().filter(|kept| kept.endpoint == endpoint)?;
    AccessKey::typed(&kept.key)
}

/// The key that is kept, whatever server it is for.
pub fn kept() -> Option<AccessKey> {
    AccessKey::typed(&read()?.key)
}

fn read() -> Option<Kept> {
    let kept = session().and_then(|session| session.get_item(KEPT).ok().flatten());
    json::from_text(&kept.or_else(|| state().memory.borrow().clone())?)
}

/// Keeps a key with the address that it is for, or no more.
pub fn keep(kept: Option<Kept>) {
    let text = kept.map(|kept| json::to_text(&kept));
    let session = session();
    let kept = match (&session, &text) {
        (Some(session), Some(text)) => session.set_item(KEPT, text).is_ok(),
        (Some(session), None) => session.remove_item(KEPT).is_ok(),
        (None, _) => false,
    };
    state().memory.replace(text.filter(|_| !kept));
}

/// Asking throws in a frame that may not store.
fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

//! Stores the access key of a server. Invariant: it is in the session storage of this tab, with the
//! address that it was entered for, and in no record, link, file or notice. Only this module reads
//! it.

use std::cell::RefCell;

use leptos::prelude::window;
use pilotlight_comfy::access::AccessKey;
use pilotlight_comfy::json;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

/// The key in the session storage.
const KEPT: &str = "pilotlight.key";

/// An access key, and the key of the endpoint that it was entered for.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub endpoint: String,
    pub key: String,
}

/// The state of this module.
#[derive(Default)]
struct State {
    /// The stored text, if the browser refuses session storage.
    memory: RefCell<Option<String>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns the key that was entered for this endpoint in this tab.
pub fn of(endpoint: &str) -> Option<AccessKey> {
    let kept = read().filter(|kept| kept.endpoint == endpoint)?;
    AccessKey::typed(&kept.key)
}

/// Returns the stored key, whichever endpoint it is for.
pub fn kept() -> Option<AccessKey> {
    AccessKey::typed(&read()?.key)
}

fn read() -> Option<Kept> {
    let kept = session().and_then(|session| session.get_item(KEPT).ok().flatten());
    json::from_text(&kept.or_else(|| state().memory.borrow().clone())?)
}

/// Stores a key with its endpoint, or removes the stored one.
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

/// Returns `None` in a frame that may not store.
fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

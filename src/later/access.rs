//! The key that a server may want of this page. Its dialog is in a module of its own, fetched when
//! somebody opens it.
//!
//! Invariant: it is kept for this tab alone, where only this module looks for it, and goes to the
//! server that it was typed for: it is in no record, no link, no file and no notice.

use std::cell::RefCell;

use leptos::prelude::window;
use pilotlight_engine::access::{AccessKey, Barred};
use pilotlight_engine::comfy::{Endpoint, Transport};
use pilotlight_engine::failure::{ApiError, Fault};
use pilotlight_engine::json;
use pilotlight_engine::text::KeyWord;
use pilotlight_session::Event;
use serde_json::Value;
use web_sys::Storage;

use super::overlay::Overlay;
use super::{Unfetched, deeds, endpoint, go_through};
use crate::app::{Notice, Page};
use crate::live::Live;
use crate::{runtime, view};

/// Under which the browser keeps it until the tab is closed.
const KEPT: &str = "pilotlight.key";

thread_local! {
    /// What the server last said of a request without the right one.
    static SAID: Live<Option<Barred>> = Live::new(None);
    /// With the address that it is for, where the browser keeps nothing.
    static MEMORY: RefCell<Option<String>> = const { RefCell::new(None) };
    static OPEN: RefCell<Option<Overlay>> = const { RefCell::new(None) };
}

/// Takes up the key of before a reload, before anything is asked.
pub fn begin(page: Page) {
    if let Some(known) = page.endpoint.now()
        && of(&known.key()).is_some()
    {
        endpoint::exchange(page, Some(known.clone()));
    }
}

/// The key that was typed for this endpoint in this tab.
pub fn of(endpoint: &str) -> Option<AccessKey> {
    let kept = read()?;
    let text = |name: &str| kept.get(name).and_then(Value::as_str);
    AccessKey::typed(text("key").filter(|_| text("endpoint") == Some(endpoint))?)
}

/// The key that is kept, whatever server it is for.
pub fn kept() -> Option<AccessKey> {
    AccessKey::typed(read()?.get("key")?.as_str()?)
}

fn read() -> Option<Value> {
    let kept = session().and_then(|session| session.get_item(KEPT).ok().flatten());
    json::parse(&kept.or_else(|| MEMORY.with_borrow(Option::clone))?)
}

/// What the server said of the last request without the right key.
pub fn said() -> Live<Option<Barred>> {
    SAID.with(|said| *said)
}

/// Whether there is something to be entered or changed. Follows it.
pub fn is_wanted(page: Page) -> bool {
    let is_said = said().with(Option::is_some);
    page.endpoint.get().is_some_and(|endpoint| {
        endpoint.transport() == Transport::Direct && (is_said || endpoint.has_access_key())
    })
}

/// The server refused a request without the right key.
pub fn wanted(barred: Barred) {
    said().set(Some(barred));
}

/// The same, as it was answered.
pub fn heard(fault: &Fault) {
    if let ApiError::Barred(barred @ (Barred::KeyMissing | Barred::KeyWrong)) = fault.error {
        wanted(barred);
    }
}

/// Opens the dialog, once its module is there.
pub fn open(page: Page) {
    go_through(page, door(page));
}

/// The door to a module of its own, as `later` has one.
#[cfg(feature = "divided")]
#[leptos::wasm_split::wasm_split(access, wasm_split_path = leptos::wasm_split, fallible)]
fn door(page: Page) -> Result<(), Unfetched> {
    super::comes_after();
    show(page);
    Ok(())
}

#[cfg(not(feature = "divided"))]
async fn door(page: Page) -> Result<(), Unfetched> {
    show(page);
    std::future::ready(Ok(())).await
}

fn show(page: Page) {
    leave();
    OPEN.replace(Some(Overlay::open(|| view::key(page))));
}

/// Closes the dialog; the browser puts the focus back to where it was.
pub fn leave() {
    if let Some(overlay) = OPEN.take() {
        overlay.close();
    }
}

/// Every request from now on has this key, and what ended for want of it goes on. `false`: it is
/// none.
pub fn enter(page: Page, typed: &str) -> bool {
    let (Some(key), Some(known)) = (AccessKey::typed(typed), page.endpoint.now()) else {
        return false;
    };
    let kept = json::object(vec![
        ("endpoint", Value::String(known.key())),
        ("key", Value::from(key.as_str())),
    ]);
    keep(Some(json::text(&kept)));
    exchange(page, known, KeyWord::Used);
    // What was pressed for goes on: nothing that was sent is sent again before it was looked for.
    if let Some(endpoint) = page.endpoint.now() {
        runtime::tell(page, Event::AccessKeyEntered(endpoint.clone()));
    }
    true
}

pub fn forget(page: Page) {
    keep(None);
    if let Some(known) = page.endpoint.now() {
        exchange(page, known, KeyWord::Forgotten);
    }
}

fn exchange(page: Page, known: &Endpoint, word: KeyWord) {
    said().set(None);
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::Warm(_))));
    endpoint::exchange(page, Some(known.clone()));
    deeds::say(page, word.say(page.language.now()));
    leave();
}

fn keep(text: Option<String>) {
    let session = session();
    let kept = match (&session, &text) {
        (Some(session), Some(text)) => session.set_item(KEPT, text).is_ok(),
        (Some(session), None) => session.remove_item(KEPT).is_ok(),
        (None, _) => false,
    };
    MEMORY.set(text.filter(|_| !kept));
}

/// Asking throws in a frame that may not store.
fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

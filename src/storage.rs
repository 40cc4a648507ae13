//! What this browser keeps. Invariant: where storage is refused everything goes on from memory, and
//! `is_refused` says so; what could not be written leaves no former value behind, which a page that
//! is opened again would believe.

use std::cell::RefCell;

use leptos::prelude::window;
use web_sys::Storage;

const PREFIX: &str = "pilotlight.";

thread_local! {
    static MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// Whether what is kept here is gone with the page: refused, as in some frames, or full.
pub fn is_refused() -> bool {
    let Some(storage) = local() else { return true };
    let probe = "pilotlight.probe";
    let kept = storage.set_item(probe, "1").is_ok();
    let _removed = storage.remove_item(probe);
    !kept
}

pub fn get(key: &str) -> Option<String> {
    let key = format!("{PREFIX}{key}");
    let kept = local().and_then(|storage| storage.get_item(&key).ok().flatten());
    kept.or_else(|| {
        let found = |memory: &Vec<(String, String)>| {
            memory.iter().find(|(known, _)| *known == key).map(|(_, value)| value.clone())
        };
        MEMORY.with_borrow(found)
    })
}

pub fn set(key: &str, value: &str) {
    let _kept = keep(key, value);
}

/// `false` when it is not stored, but in memory only.
pub fn keep(key: &str, value: &str) -> bool {
    let key = format!("{PREFIX}{key}");
    let local = local();
    let kept = local.as_ref().is_some_and(|storage| storage.set_item(&key, value).is_ok());
    forget(&key);
    if !kept {
        if let Some(storage) = local {
            let _removed = storage.remove_item(&key);
        }
        MEMORY.with_borrow_mut(|memory| memory.push((key, value.to_owned())));
    }
    kept
}

pub fn remove(key: &str) {
    let key = format!("{PREFIX}{key}");
    if let Some(storage) = local() {
        let _removed = storage.remove_item(&key);
    }
    forget(&key);
}

fn forget(key: &str) {
    MEMORY.with_borrow_mut(|memory| memory.retain(|(known, _)| known != key));
}

/// The value of every key that begins like this.
pub fn all(start: &str) -> Vec<String> {
    let start = format!("{PREFIX}{start}");
    let mut found = Vec::new();
    let Some(storage) = local() else { return found };
    for at in 0..storage.length().unwrap_or(0) {
        let Ok(Some(key)) = storage.key(at) else { continue };
        if key.starts_with(&start) {
            found.extend(storage.get_item(&key).ok().flatten());
        }
    }
    found
}

/// Asking throws in a frame that may not store.
fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

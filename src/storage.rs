//! What this browser keeps. Invariant: where storage is refused everything goes on from memory, and
//! `is_refused` says so.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::window;
use web_sys::Storage;

const PREFIX: &str = "pilotlight.";

thread_local! {
    static MEMORY: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
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
    kept.or_else(|| MEMORY.with_borrow(|memory| memory.get(&key).cloned()))
}

pub fn set(key: &str, value: &str) {
    let key = format!("{PREFIX}{key}");
    let kept = local().is_some_and(|storage| storage.set_item(&key, value).is_ok());
    MEMORY.with_borrow_mut(|memory| match kept {
        true => memory.remove(&key),
        false => memory.insert(key, value.to_owned()),
    });
}

pub fn remove(key: &str) {
    let key = format!("{PREFIX}{key}");
    if let Some(storage) = local() {
        let _removed = storage.remove_item(&key);
    }
    MEMORY.with_borrow_mut(|memory| memory.remove(&key));
}

/// The rest of every key that begins with `start`, with its value.
pub fn all(start: &str) -> Vec<(String, String)> {
    let start = format!("{PREFIX}{start}");
    let Some(storage) = local() else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    let keys = (0..count).filter_map(|at| storage.key(at).ok().flatten());
    let mut found: Vec<(String, String)> = keys
        .filter_map(|key| {
            let rest = key.strip_prefix(&start)?.to_owned();
            Some((rest, storage.get_item(&key).ok().flatten()?))
        })
        .collect();
    found.sort();
    found
}

/// Asking throws in a frame that may not store.
fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

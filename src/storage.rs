//! Local storage. Invariant: if the browser refuses storage, values are kept in memory and
//! `is_refused` says so. If `keep` cannot write a value, the stored one is removed, because the
//! next start would otherwise use the old value.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Storage, StorageEvent};

const PREFIX: &str = "pilotlight.";

/// The state of this module: values that could not be stored, by key.
#[derive(Default)]
struct State {
    memory: RefCell<BTreeMap<String, String>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns whether nothing can be stored: storage is refused, as in some frames, or full.
pub fn is_refused() -> bool {
    let Some(storage) = local() else { return true };
    let probe = "pilotlight.probe";
    let kept = storage.set_item(probe, "1").is_ok();
    let _removed = storage.remove_item(probe);
    !kept
}

/// Returns whether this origin has storage, even if it is full.
pub fn is_available() -> bool {
    let is_used = |storage: &Storage| storage.length().is_ok_and(|count| count > 0);
    local().as_ref().is_some_and(is_used) || !is_refused()
}

pub fn get(key: &str) -> Option<String> {
    let key = format!("{PREFIX}{key}");
    let in_memory = state().memory.borrow().get(&key).cloned();
    in_memory.or_else(|| local().and_then(|storage| storage.get_item(&key).ok().flatten()))
}

/// Stores a value. If that fails, the value is in memory for this page, and the former value stays
/// stored for the next start.
pub fn set(key: &str, value: &str) {
    let key = format!("{PREFIX}{key}");
    if local().is_some_and(|storage| storage.set_item(&key, value).is_ok()) {
        forget(&key);
    } else {
        state().memory.borrow_mut().insert(key, value.to_owned());
    }
}

/// Stores a value of which an old version would do harm: if that fails, the stored value is
/// removed. Returns `false` if the value is only in memory.
pub fn keep(key: &str, value: &str) -> bool {
    let key = format!("{PREFIX}{key}");
    let local = local();
    let kept = local.as_ref().is_some_and(|storage| storage.set_item(&key, value).is_ok());
    forget(&key);
    if !kept {
        if let Some(storage) = local {
            let _removed = storage.remove_item(&key);
        }
        state().memory.borrow_mut().insert(key, value.to_owned());
    }
    kept
}

/// Keeps a value for this page only; a stored one is removed.
pub fn hold(key: &str, value: String) {
    remove(key);
    state().memory.borrow_mut().insert(format!("{PREFIX}{key}"), value);
}

pub fn remove(key: &str) {
    let key = format!("{PREFIX}{key}");
    if let Some(storage) = local() {
        let _removed = storage.remove_item(&key);
    }
    forget(&key);
}

fn forget(key: &str) {
    state().memory.borrow_mut().remove(key);
}

/// Returns the value of each key with this prefix, ordered by key.
pub fn all(start: &str) -> Vec<String> {
    entries(start).into_values().collect()
}

/// The session's view of the storage.
pub struct Stored;

impl pilotlight_session::Storage for Stored {
    fn get(&self, key: &str) -> Option<String> {
        get(key)
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        entries(prefix).into_keys().collect()
    }

    fn is_stored(&self, key: &str) -> bool {
        let key = format!("{PREFIX}{key}");
        local().is_some_and(|storage| storage.get_item(&key).ok().flatten().is_some())
    }
}

/// Returns each key with this prefix and its value, including those that are only in memory.
fn entries(start: &str) -> BTreeMap<String, String> {
    let start = format!("{PREFIX}{start}");
    let mut found = BTreeMap::new();
    let mut add = |key: &str, value: String| {
        if let Some(rest) = key.strip_prefix(PREFIX).filter(|_| key.starts_with(&start)) {
            found.insert(rest.to_owned(), value);
        }
    };
    if let Some(storage) = local() {
        for at in 0..storage.length().unwrap_or(0) {
            if let Some(key) = storage.key(at).ok().flatten()
                && let Some(value) = storage.get_item(&key).ok().flatten()
            {
                add(&key, value);
            }
        }
    }
    for (key, value) in state().memory.borrow().iter() {
        add(key, value.clone());
    }
    found
}

/// Calls back with each key that another tab stores, as long as the page lives.
pub fn on_stored_elsewhere(mut stored: impl FnMut(&str) + 'static) {
    let callback = Closure::<dyn FnMut(StorageEvent)>::new(move |event: StorageEvent| {
        let key = event.key().filter(|_| event.new_value().is_some());
        if let Some(key) = key.as_deref().and_then(|key| key.strip_prefix(PREFIX)) {
            stored(key);
        }
    });
    let function = callback.as_ref().unchecked_ref();
    let _listens = window().add_event_listener_with_callback("storage", function);
    callback.forget();
}

/// Returns `None` in a frame that may not store.
fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

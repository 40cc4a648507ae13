//! Places by name. Invariant: the first of several places of one name is the one that is found.

use serde_json::{Map, Value};

/// On the map that JSON objects are made of: another kind of map would cost the page kilobytes.
#[derive(Default)]
pub(super) struct Index(Map<String, Value>);

impl Index {
    /// `false`: the name had a place already, and keeps it.
    pub(super) fn put(&mut self, name: &str, place: usize) -> bool {
        let new = !self.0.contains_key(name);
        if new {
            self.0.insert(name.to_owned(), place.into());
        }
        new
    }

    pub(super) fn get(&self, name: &str) -> Option<usize> {
        usize::try_from(self.0.get(name)?.as_u64()?).ok()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

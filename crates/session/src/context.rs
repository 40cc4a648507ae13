//! What the session may read while it handles an event.

use std::collections::BTreeMap;

use pilotlight_comfy::time::At;
use pilotlight_runs::usage::Zone;

use crate::effect::{Call, Effect};
use crate::request::{Ids, RequestId, TimerId, WriteId};

/// The environment at the time of an event.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The current time of this browser.
    pub now: At,
    /// The offset of local time from UTC.
    pub zone: Zone,
    /// Whether the page is in the background.
    pub is_hidden: bool,
    /// The browser's local storage, shared by all tabs.
    pub storage: &'a dyn Storage,
    /// Returns random bytes.
    pub random: &'a dyn Fn() -> [u8; 16],
}

/// Reads stored values. Writing is an effect.
pub trait Storage {
    /// Returns the value of a key.
    fn get(&self, key: &str) -> Option<String>;
    /// Returns the keys with this prefix, in any order, including those whose values are only in
    /// memory.
    fn keys(&self, prefix: &str) -> Vec<String>;
    /// Returns whether a page that is opened later will find a value under this key.
    fn is_stored(&self, key: &str) -> bool;
}

/// One call of [`crate::Session::handle`]: the context and the effects so far. Reads of stored
/// values see the writes that are among the effects.
pub(crate) struct Handling<'a> {
    pub context: &'a Context<'a>,
    pub effects: Vec<Effect>,
    written: BTreeMap<String, Option<String>>,
}

impl<'a> Handling<'a> {
    pub fn new(context: &'a Context<'a>) -> Self {
        Self { context, effects: Vec::new(), written: BTreeMap::new() }
    }

    pub fn now(&self) -> At {
        self.context.now
    }

    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn send(&mut self, ids: &mut Ids, call: Call) -> RequestId {
        let id = RequestId(ids.next());
        self.push(Effect::Send { id, call: Box::new(call) });
        id
    }

    pub fn set_timer(&mut self, ids: &mut Ids, ms: u64) -> TimerId {
        let id = TimerId(ids.next());
        self.push(Effect::SetTimer { id, ms });
        id
    }

    pub fn get(&self, key: &str) -> Option<String> {
        match self.written.get(key) {
            Some(written) => written.clone(),
            None => self.context.storage.get(key),
        }
    }

    pub fn is_stored(&self, key: &str) -> bool {
        match self.written.get(key) {
            Some(written) => written.is_some(),
            None => self.context.storage.is_stored(key),
        }
    }

    /// Returns the values of the keys with this prefix, ordered by key.
    pub fn values(&self, prefix: &str) -> Vec<String> {
        let mut keys = self.context.storage.keys(prefix);
        let written = self.written.keys().filter(|key| key.starts_with(prefix));
        keys.extend(written.cloned());
        keys.sort_unstable();
        keys.dedup();
        keys.iter().filter_map(|key| self.get(key)).collect()
    }

    /// Writes a value that nothing depends on: if it is refused, it stays in memory.
    pub fn store(&mut self, key: &str, value: String) {
        self.written.insert(key.to_owned(), Some(value.clone()));
        self.push(Effect::Store { key: key.to_owned(), value });
    }

    /// Writes records; [`crate::Event::RecordsStored`] reports which were refused.
    pub fn store_records(&mut self, ids: &mut Ids, entries: Vec<(String, String)>) -> WriteId {
        let id = WriteId(ids.next());
        for (key, value) in &entries {
            self.written.insert(key.clone(), Some(value.clone()));
        }
        self.push(Effect::StoreRecords { id, entries });
        id
    }

    pub fn remove(&mut self, key: &str) {
        self.written.insert(key.to_owned(), None);
        self.push(Effect::Remove { key: key.to_owned() });
    }
}

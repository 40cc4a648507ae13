//! Usual durations, from earlier ones. Invariant: there is no estimate without an earlier duration
//! of the same kind, and time in the server's queue is not mixed with running time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// From and to, in ms.
pub type Range = (u64, u64);

/// How many of the newest durations of each kind are stored.
const KEPT: usize = 12;
/// How many kinds are stored at most.
const KINDS: usize = 40;

/// Durations by kind, in ms: waking by endpoint and model, running by workflow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Value>")]
pub struct Waits(BTreeMap<String, Vec<u64>>);

impl Waits {
    /// Adds a duration, in ms. The newest of each kind are stored; new kinds beyond `KINDS` are
    /// ignored.
    pub fn add(&mut self, kind: &str, ms: u64) {
        if self.0.len() >= KINDS && !self.0.contains_key(kind) {
            return;
        }
        let waits = self.0.entry(kind.to_owned()).or_default();
        waits.push(ms);
        if waits.len() > KEPT {
            waits.remove(0);
        }
    }

    /// Returns the middle range of the durations: without the longest and the shortest sixth.
    pub fn usual(&self, kind: &str) -> Option<Range> {
        let mut waits = Vec::with_capacity(KEPT);
        for ms in self.0.get(kind)? {
            waits.insert(waits.partition_point(|other| other <= ms), *ms);
        }
        let cut = waits.len() / 6;
        Some((*waits.get(cut)?, *waits.get(waits.len() - 1 - cut)?))
    }
}

impl From<BTreeMap<String, Value>> for Waits {
    /// Reads stored durations; those that cannot be read are left out.
    fn from(stored: BTreeMap<String, Value>) -> Self {
        let read = |waits: Value| -> Vec<u64> {
            let waits = waits.as_array().into_iter().flatten();
            waits.filter_map(Value::as_u64).take(KEPT).collect()
        };
        let mut waits = Self::default();
        for (kind, seen) in stored.into_iter().take(KINDS) {
            waits.0.insert(kind, read(seen));
        }
        waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> Waits {
        Waits::deserialize(value).unwrap()
    }

    #[track_caller]
    fn check(waits: &[u64], expected: Option<Range>) {
        let mut log = Waits::default();
        waits.iter().for_each(|ms| log.add("a", *ms));
        assert_eq!(log.usual("a"), expected, "{waits:?}");
        assert_eq!(read(&serde_json::to_value(&log).unwrap()), log);
    }

    #[test]
    fn the_usual_range_is_the_middle_of_the_newest() {
        check(&[], None);
        check(&[7], Some((7, 7)));
        check(&[9, 7, 8], Some((7, 9)));
        check(&[1, 70, 80, 75, 72, 900], Some((70, 80)));
        check(&(0..100).collect::<Vec<_>>(), Some((90, 97)));
    }

    #[test]
    fn kinds_do_not_mix() {
        let mut log = Waits::default();
        log.add("a", 1);
        assert_eq!(log.usual("b"), None);
    }

    #[test]
    fn a_broken_store_says_nothing() {
        assert_eq!(read(&json!({"a": "x", "b": [1, "y", 3]})).usual("a"), None);
        assert_eq!(read(&json!({"b": [1, "y", 3]})).usual("b"), Some((1, 3)));
        assert!(serde_json::from_value::<Waits>(json!(7)).is_err());
    }
}

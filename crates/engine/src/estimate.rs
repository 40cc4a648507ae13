//! What earlier waits teach about this one. Invariant: nothing is said without a wait of the same
//! kind behind it, and time in line is never mixed with time running.

use serde_json::{Map, Value};

/// From and to, in milliseconds.
pub type Range = (u64, u64);

/// As many of the newest waits of each kind as are kept.
const KEPT: usize = 12;
/// As many kinds as are kept, so that a store never grows without end.
const KINDS: usize = 40;

/// Waits by kind, in ms: wakings of an endpoint and model, runs of a workflow. Ordered by kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits(Vec<(String, Vec<u64>)>);

impl Waits {
    pub fn add(&mut self, kind: &str, ms: u64) {
        if let Some((_, waits)) = self.0.iter_mut().find(|(known, _)| known == kind) {
            waits.push(ms);
            if waits.len() > KEPT {
                waits.remove(0);
            }
        } else if self.0.len() < KINDS {
            let behind = self.0.iter().position(|(known, _)| known.as_str() > kind);
            self.0.insert(behind.unwrap_or(self.0.len()), (kind.to_owned(), vec![ms]));
        }
    }

    /// The middle of what was seen: without the longest and the shortest sixth.
    pub fn usual(&self, kind: &str) -> Option<Range> {
        let (_, seen) = self.0.iter().find(|(known, _)| known == kind)?;
        let mut waits = Vec::with_capacity(KEPT);
        for ms in seen {
            let behind = waits.iter().position(|other| other > ms);
            waits.insert(behind.unwrap_or(waits.len()), *ms);
        }
        let cut = waits.len() / 6;
        Some((*waits.get(cut)?, *waits.get(waits.len() - 1 - cut)?))
    }

    pub fn to_value(&self) -> Value {
        let mut kinds = Map::new();
        for (kind, waits) in &self.0 {
            let waits = waits.iter().map(|ms| Value::from(*ms)).collect();
            kinds.insert(kind.clone(), Value::Array(waits));
        }
        Value::Object(kinds)
    }

    /// What cannot be read is left out: an estimate is never worth a failure.
    pub fn from_value(value: &Value) -> Self {
        let mut kinds = Vec::new();
        for (kind, waits) in value.as_object().into_iter().flatten().take(KINDS) {
            let mut read = Vec::new();
            for ms in waits.as_array().into_iter().flatten() {
                if read.len() < KEPT {
                    read.extend(ms.as_u64());
                }
            }
            kinds.push((kind.clone(), read));
        }
        Self(kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(waits: &[u64], expected: Option<Range>) {
        let mut log = Waits::default();
        waits.iter().for_each(|ms| log.add("a", *ms));
        assert_eq!(log.usual("a"), expected, "{waits:?}");
        assert_eq!(Waits::from_value(&log.to_value()), log);
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
        assert_eq!(Waits::from_value(&json!({"a": "x", "b": [1, "y", 3]})).usual("a"), None);
        assert_eq!(Waits::from_value(&json!({"b": [1, "y", 3]})).usual("b"), Some((1, 3)));
        assert_eq!(Waits::from_value(&json!(7)), Waits::default());
    }
}

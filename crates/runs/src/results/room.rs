//! Selects the results to delete when storage is full. Invariant: never pinned ones, and the oldest
//! first, no more than necessary.

use super::{Key, ResultRow};

/// The results to delete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Their keys, oldest first.
    pub keys: Vec<Key>,
    /// The size of their files.
    pub size_bytes: u64,
    /// Whether that is enough.
    pub suffices: bool,
}

/// Returns the results to delete for `wanted_bytes`. `rows` are oldest first.
pub fn leaving(rows: &[ResultRow], wanted_bytes: u64) -> Leaving {
    let mut leaving = Leaving { suffices: wanted_bytes == 0, ..Leaving::default() };
    for row in rows.iter().filter(|row| !row.is_pinned && row.size_bytes() > 0) {
        if leaving.suffices {
            break;
        }
        leaving.keys.push(row.key.clone());
        leaving.size_bytes += row.size_bytes();
        leaving.suffices = leaving.size_bytes >= wanted_bytes;
    }
    leaving
}

//! Who leaves when room runs out. Invariant: nothing pinned ever leaves, and of the rest the oldest
//! go first, no more of them than are needed.

use super::{Key, Row};

/// What has to go so that something finds room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Oldest first.
    pub keys: Vec<Key>,
    /// The room that they free.
    pub size_bytes: u64,
    /// Whether that is enough.
    pub suffices: bool,
}

/// What has to leave to free `wanted_bytes`. `rows` in the order they came.
pub fn leaving(rows: &[Row], wanted_bytes: u64) -> Leaving {
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

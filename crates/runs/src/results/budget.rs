//! Limits how much an archive may decompress to. A few kilobytes of deflate can become megabytes,
//! and several results can refer to the same file, so all reads of an archive are limited together.
//! Invariant: at most `TIMES` the archive's size and `SPARE_BYTES` are read; the imported rows have
//! at most `MAX_ROWS_BYTES`.

use super::Sidecar;
use pilotlight_forms::archive::Entry;

/// The page's own exports are not compressed. Other programs compress their JSON to a tenth, and
/// media files hardly at all.
const TIMES: u64 = 10;
/// An archive with texts only compresses better than that.
const SPARE_BYTES: u64 = 64 << 20;

/// The gallery has the rows of all results in memory: this is some 32,000 rows with prompts of
/// 2,000 bytes.
const MAX_ROWS_BYTES: usize = 64 << 20;

/// How many bytes may still be read from an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    left_bytes: u64,
    rows_left_bytes: usize,
}

impl Budget {
    /// Returns the budget for an archive of this size.
    pub fn new(archive_bytes: u64) -> Self {
        Self {
            left_bytes: archive_bytes.saturating_mul(TIMES).saturating_add(SPARE_BYTES),
            rows_left_bytes: MAX_ROWS_BYTES,
        }
    }

    /// Counts a file that is about to be read, each time it is read; returns `false` if that would
    /// be too much.
    #[must_use]
    pub fn take(&mut self, entry: &Entry) -> bool {
        let left = self.left_bytes.checked_sub(entry.size_bytes.max(entry.packed_bytes));
        self.left_bytes = left.unwrap_or(self.left_bytes);
        left.is_some()
    }

    /// Counts a row that is about to be stored; returns `false` if that would be too much.
    #[must_use]
    pub fn take_row(&mut self, carried: &Sidecar) -> bool {
        let left = self.rows_left_bytes.checked_sub(carried.row_bytes());
        self.rows_left_bytes = left.unwrap_or(self.rows_left_bytes);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(packed_bytes: u64, size_bytes: u64) -> Entry {
        Entry { name: "a".into(), packed_bytes, size_bytes, crc: 0, is_packed: true, head_at: 0 }
    }

    #[test]
    fn what_an_archive_may_unpack_to_is_bounded_by_its_size() {
        // 600 results that name one file of 64 MiB, packed to 64 KiB.
        let mut budget = Budget::new(1 << 20);
        let taken = (0..600).filter(|_| budget.take(&entry(64 << 10, 64 << 20))).count();
        assert_eq!(taken, 1);
        assert!(budget.take(&entry(1, 1 << 20)), "a small one still fits");
        // What is not packed is as large as the archive, and given twice at most.
        let mut budget = Budget::new(4 << 30);
        assert!((0..40).all(|_| budget.take(&entry(100 << 20, 100 << 20))));
        // The limits do not overflow.
        assert!(!Budget::new(0).take(&entry(u64::MAX, 0)));
        assert!(Budget::new(u64::MAX).take(&entry(0, u64::MAX)));
    }

    #[test]
    fn the_rows_that_an_archive_brings_are_bounded() {
        let carried = Sidecar::of_prompt(&"x".repeat(1 << 20));
        let mut budget = Budget::new(u64::MAX);
        let taken = (0..100).filter(|_| budget.take_row(&carried)).count();
        assert_eq!(taken, 63, "beside its prompt a row has a few more bytes");
    }
}

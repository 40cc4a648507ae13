//! Moments and spans in milliseconds. Invariant: nothing here reads a clock; every moment is an argument.

/// A moment: milliseconds since 1970-01-01 UTC by the clock of whoever calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub u64);

impl At {
    /// Milliseconds from `earlier` to here; 0 when a clock was set back.
    pub fn since(self, earlier: At) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    pub fn plus(self, ms: u64) -> At {
        At(self.0.saturating_add(ms))
    }
}

pub const SECOND_MS: u64 = 1_000;
pub const MINUTE_MS: u64 = 60 * SECOND_MS;

//! How long a GPU was awake because of this browser, by day: waking, running, idling. Invariant: a
//! moment is counted once, however many pages report it and how often, as the most that happened
//! then; nothing is counted that was not observed or is not certain to follow.

mod days;
mod seen;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use pilotlight_comfy::json::{self, Version};
use pilotlight_comfy::time::{At, MINUTE_MS};

use days::Days;
pub use days::{Day, Used, Zone};
pub use seen::{idle, of_keep_awake, of_run, of_wait};

/// How long past time can still be reported; then it is final.
const OPEN_MS: u64 = 60 * MINUTE_MS;
/// The longest accepted piece; longer ones were never observed, and are slow to count.
const LONGEST_MS: u64 = 7 * 24 * 60 * MINUTE_MS;

/// What the GPU does because of this browser; of two at the same time, the later one here counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Doing {
    /// It answered, and stays awake for a while, or because it is kept awake.
    #[serde(rename = "i")]
    Idling,
    /// A pod is being started.
    #[serde(rename = "w")]
    Waking,
    /// It executes a run.
    #[serde(rename = "r")]
    Running,
}

/// A period of time. It may end in the future: an idle GPU is certain to stay awake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What the GPU did.
    pub doing: Doing,
    /// Its start.
    pub from: At,
    /// Its end.
    pub until: At,
}

/// The recorded usage: pieces, and days for what is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Ledger {
    days: Days,
    /// Time before this is in `days` and final.
    closed: At,
    /// In order, without overlaps.
    pieces: Vec<Piece>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { days: Days::default(), closed: At(0), pieces: Vec::new() }
    }
}

impl Ledger {
    /// Adds a piece. Where pieces overlap, the later kind of [`Doing`] counts.
    pub fn add(&mut self, piece: Piece) {
        let piece = Piece { from: piece.from.max(self.closed), ..piece };
        if piece.from >= piece.until {
            return;
        }
        let mut added = vec![piece];
        let mut all = Vec::with_capacity(self.pieces.len() + 2);
        for known in self.pieces.drain(..) {
            if known.doing < piece.doing {
                all.extend(known.without(piece));
            } else {
                added = added.into_iter().flat_map(|one| one.without(known)).collect();
                all.push(known);
            }
        }
        for piece in added {
            let behind = all.iter().position(|other: &Piece| other.from >= piece.until);
            all.insert(behind.unwrap_or(all.len()), piece);
        }
        self.pieces = joined(all);
    }

    /// Makes time final that can no longer be reported.
    pub fn settle(&mut self, now: At, zone: Zone) {
        // If the clock was set back, nothing could be added otherwise.
        self.pieces.retain(|piece| piece.from <= now.plus(OPEN_MS));
        if self.closed > now.plus(OPEN_MS) {
            self.closed = now;
        }
        let is_old = |piece: &Piece| piece.until.plus(OPEN_MS) <= now;
        while let Some(old) = self.pieces.first().copied().filter(is_old) {
            self.pieces.remove(0);
            self.closed = self.closed.max(old.until);
            for (day, used) in old.by_day(zone) {
                self.days.add(day, used);
            }
        }
    }

    /// Returns the end of the last piece, which may be in the future.
    pub fn until(&self) -> At {
        self.pieces.last().map_or(self.closed, |piece| piece.until)
    }

    /// Returns the usage since midnight.
    pub fn today(&self, now: At, zone: Zone) -> Used {
        let today = zone.day(now);
        self.sum(now, zone, |day| day == today)
    }

    /// Returns the usage since the first of the month.
    pub fn this_month(&self, now: At, zone: Zone) -> Used {
        let today = zone.day(now);
        self.sum(now, zone, |day| day.is_in_month_of(today))
    }

    fn sum(&self, now: At, zone: Zone, counts: impl Fn(Day) -> bool) -> Used {
        let mut sum = self.days.sum(&counts);
        for piece in &self.pieces {
            let passed = Piece { until: piece.until.min(now), ..*piece };
            for (day, used) in passed.by_day(zone) {
                if counts(day) {
                    sum.add(used);
                }
            }
        }
        sum
    }
}

/// The stored form of a [`Ledger`]. Pieces and days that cannot be read are left out.
#[derive(Serialize, Deserialize)]
struct Stored {
    v: Version<1>,
    days: Days,
    closed: At,
    pieces: Vec<Value>,
}

impl From<Ledger> for Stored {
    fn from(ledger: Ledger) -> Self {
        let piece = |piece: &Piece| json::to_value(&(piece.doing, piece.from, piece.until));
        let pieces = ledger.pieces.iter().map(piece).collect();
        Self { v: Version, days: ledger.days, closed: ledger.closed, pieces }
    }
}

impl From<Stored> for Ledger {
    fn from(stored: Stored) -> Self {
        let mut ledger = Self { days: stored.days, closed: stored.closed, pieces: Vec::new() };
        for piece in stored.pieces {
            let Ok((doing, from, until)) = serde_json::from_value::<(Doing, At, At)>(piece) else {
                continue;
            };
            if from <= until && until.since(from) <= LONGEST_MS {
                ledger.add(Piece { doing, from, until });
            }
        }
        ledger
    }
}

impl Piece {
    /// Returns the parts of it outside of another piece: two, one or none.
    fn without(self, other: Piece) -> impl Iterator<Item = Piece> {
        let before = Piece { until: self.until.min(other.from), ..self };
        let after = Piece { from: self.from.max(other.until), ..self };
        [before, after].into_iter().filter(|piece| piece.from < piece.until)
    }

    fn by_day(self, zone: Zone) -> Vec<(Day, Used)> {
        let (mut days, mut from) = (Vec::new(), self.from);
        while from < self.until {
            let until = self.until.min(from.plus(zone.left_of_day(from)));
            // At the maximum of the type there is no next midnight.
            let ms = until.since(from).max(1);
            days.push((zone.day(from), Used::of(self.doing, ms)));
            from = from.plus(ms);
        }
        days
    }
}

/// Merges adjacent pieces of the same kind.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match all.last_mut() {
            Some(last)
                if last.doing == piece.doing
                    && last.until == piece.from
                    && piece.until.since(last.from) <= LONGEST_MS =>
            {
                last.until = piece.until;
            }
            Some(_) | None => all.push(piece),
        }
    }
    all
}

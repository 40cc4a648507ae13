//! How long a GPU was awake on account of this browser, by day: waking, running, idling after the
//! last request. Invariant: a moment is counted once, however many pages tell of it and how often,
//! under the most that went on then; nothing is counted that was not seen or is not sure to follow.

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
pub use seen::{idle, of_run, of_wait, of_warm};

/// For how long a moment that has passed can still be told of; then it is counted for good.
const OPEN_MS: u64 = 60 * MINUTE_MS;
/// What is longer was never seen; a piece of years would be counted day by day.
const LONGEST_MS: u64 = 7 * 24 * 60 * MINUTE_MS;

/// What the GPU does on account of this browser; of two at the same time the later one here counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Doing {
    /// It answered, and stays for a while in case that there is more, or because it is held.
    #[serde(rename = "i")]
    Idling,
    /// A pod is being started.
    #[serde(rename = "w")]
    Waking,
    /// It works on a run.
    #[serde(rename = "r")]
    Running,
}

/// A stretch of time. It may reach beyond now: what idles is sure to idle on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What the GPU did.
    pub doing: Doing,
    /// When it began.
    pub from: At,
    /// When it ended, or will.
    pub until: At,
}

/// All that was told, by day where it is over and done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Ledger {
    days: Days,
    /// What lies before is in `days`, and nothing is added there any more.
    closed: At,
    /// In order; none overlap.
    pieces: Vec<Piece>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { days: Days::default(), closed: At(0), pieces: Vec::new() }
    }
}

impl Ledger {
    /// Takes in what went on; what was told before stays as it is.
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

    /// Counts for good what can no longer be told of.
    pub fn settle(&mut self, now: At, zone: Zone) {
        // A clock that was set back would else keep everything out.
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

    /// The end of what was told last; it may be to come.
    pub fn until(&self) -> At {
        self.pieces.last().map_or(self.closed, |piece| piece.until)
    }

    /// Since midnight, up to now.
    pub fn today(&self, now: At, zone: Zone) -> Used {
        let today = zone.day(now);
        self.sum(now, zone, |day| day == today)
    }

    /// Since the first of the month, up to now.
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

/// The stored form of a [`Ledger`]. A piece or a day that is not understood is left out.
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
    /// What is left of it beside another: one piece, two, or none.
    fn without(self, other: Piece) -> impl Iterator<Item = Piece> {
        let before = Piece { until: self.until.min(other.from), ..self };
        let after = Piece { from: self.from.max(other.until), ..self };
        [before, after].into_iter().filter(|piece| piece.from < piece.until)
    }

    fn by_day(self, zone: Zone) -> Vec<(Day, Used)> {
        let (mut days, mut from) = (Vec::new(), self.from);
        while from < self.until {
            let until = self.until.min(from.plus(zone.left_of_day(from)));
            // At the end of time there is no next midnight.
            let ms = until.since(from).max(1);
            days.push((zone.day(from), Used::of(self.doing, ms)));
            from = from.plus(ms);
        }
        days
    }
}

/// Pieces of one kind that touch are one.
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

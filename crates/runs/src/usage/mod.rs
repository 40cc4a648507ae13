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
/// The longest accepted period; longer ones were never observed, and are slow to count.
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
pub struct UsagePeriod {
    /// What the GPU did.
    pub doing: Doing,
    /// Its start.
    pub from: At,
    /// Its end.
    pub until: At,
}

/// The recorded usage: periods, and days for what is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Ledger {
    days: Days,
    /// Time before this is in `days` and final.
    closed: At,
    /// In order, without overlaps.
    periods: Vec<UsagePeriod>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { days: Days::default(), closed: At(0), periods: Vec::new() }
    }
}

impl Ledger {
    /// Adds a period. Where periods overlap, the later kind of [`Doing`] counts.
    pub fn add(&mut self, period: UsagePeriod) {
        let period = UsagePeriod { from: period.from.max(self.closed), ..period };
        if period.from >= period.until {
            return;
        }
        let mut added = vec![period];
        let mut all = Vec::with_capacity(self.periods.len() + 2);
        for known in self.periods.drain(..) {
            if known.doing < period.doing {
                all.extend(known.without(period));
            } else {
                added = added.into_iter().flat_map(|one| one.without(known)).collect();
                all.push(known);
            }
        }
        for period in added {
            let behind = all.iter().position(|other: &UsagePeriod| other.from >= period.until);
            all.insert(behind.unwrap_or(all.len()), period);
        }
        self.periods = joined(all);
    }

    /// Makes time final that can no longer be reported.
    pub fn settle(&mut self, now: At, zone: Zone) {
        // If the clock was set back, nothing could be added otherwise.
        self.periods.retain(|period| period.from <= now.plus(OPEN_MS));
        if self.closed > now.plus(OPEN_MS) {
            self.closed = now;
        }
        let is_old = |period: &UsagePeriod| period.until.plus(OPEN_MS) <= now;
        while let Some(old) = self.periods.first().copied().filter(is_old) {
            self.periods.remove(0);
            self.closed = self.closed.max(old.until);
            for (day, used) in old.by_day(zone) {
                self.days.add(day, used);
            }
        }
    }

    /// Returns the end of the last period, which may be in the future.
    pub fn until(&self) -> At {
        self.periods.last().map_or(self.closed, |period| period.until)
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
        for period in &self.periods {
            let passed = UsagePeriod { until: period.until.min(now), ..*period };
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
    #[serde(rename = "pieces")]
    periods: Vec<Value>,
}

impl From<Ledger> for Stored {
    fn from(ledger: Ledger) -> Self {
        let period =
            |period: &UsagePeriod| json::to_value(&(period.doing, period.from, period.until));
        let periods = ledger.periods.iter().map(period).collect();
        Self { v: Version, days: ledger.days, closed: ledger.closed, periods }
    }
}

impl From<Stored> for Ledger {
    fn from(stored: Stored) -> Self {
        let mut ledger = Self { days: stored.days, closed: stored.closed, periods: Vec::new() };
        for period in stored.periods {
            let Ok((doing, from, until)) = serde_json::from_value::<(Doing, At, At)>(period) else {
                continue;
            };
            if from <= until && until.since(from) <= LONGEST_MS {
                ledger.add(UsagePeriod { doing, from, until });
            }
        }
        ledger
    }
}

impl UsagePeriod {
    /// Returns the parts of it outside of another period: two, one or none.
    fn without(self, other: UsagePeriod) -> impl Iterator<Item = UsagePeriod> {
        let before = UsagePeriod { until: self.until.min(other.from), ..self };
        let after = UsagePeriod { from: self.from.max(other.until), ..self };
        [before, after].into_iter().filter(|period| period.from < period.until)
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

/// Merges adjacent periods of the same kind.
fn joined(periods: Vec<UsagePeriod>) -> Vec<UsagePeriod> {
    let mut all: Vec<UsagePeriod> = Vec::with_capacity(periods.len());
    for period in periods {
        match all.last_mut() {
            Some(last)
                if last.doing == period.doing
                    && last.until == period.from
                    && period.until.since(last.from) <= LONGEST_MS =>
            {
                last.until = period.until;
            }
            Some(_) | None => all.push(period),
        }
    }
    all
}

//! Usage by local calendar day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Doing;
use pilotlight_comfy::time::{At, MINUTE_MS};

/// How many days are stored: this month and the last.
const DAYS: usize = 62;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// The usage of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// While a GPU was waking, in ms.
    pub waking_ms: u64,
    /// While runs were running, in ms.
    pub running_ms: u64,
    /// While a GPU was awake without a run, in ms.
    pub idling_ms: u64,
}

impl Used {
    /// Returns the sum of the three.
    pub fn total_ms(self) -> u64 {
        self.waking_ms.saturating_add(self.running_ms).saturating_add(self.idling_ms)
    }

    pub(super) fn add(&mut self, other: Self) {
        self.waking_ms = self.waking_ms.saturating_add(other.waking_ms);
        self.running_ms = self.running_ms.saturating_add(other.running_ms);
        self.idling_ms = self.idling_ms.saturating_add(other.idling_ms);
    }

    pub(super) fn of(doing: Doing, ms: u64) -> Self {
        let mut used = Self::default();
        match doing {
            Doing::Idling => used.idling_ms = ms,
            Doing::Waking => used.waking_ms = ms,
            Doing::Running => used.running_ms = ms,
        }
        used
    }
}

/// The offset of local time from UTC, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub i32);

/// A date as a number: 20261122 is 2026-11-22.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub u32);

impl Zone {
    /// Returns the local time in ms since 1970.
    fn wall_ms(self, at: At) -> u64 {
        at.0.saturating_add_signed(i64::from(self.0) * MINUTE_MS as i64)
    }

    /// Returns the local date of a time.
    pub fn day(self, at: At) -> Day {
        // Years begin in March here, so that the leap day is their last; 1970 begins 719,468 days
        // after the first of March of the year 0.
        let days = self.wall_ms(at) / DAY_MS + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let leap_days = of_era / 1_460 + of_era / 146_096 - of_era / 36_524;
        let year_of_era = (of_era - leap_days) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let is_next = month_from_march >= 10;
        let month = if is_next { month_from_march - 9 } else { month_from_march + 3 };
        let year = era * 400 + year_of_era + u64::from(is_next);
        Day(u32::try_from(year * 10_000 + month * 100 + day).unwrap_or(u32::MAX))
    }

    /// Returns the time until the next midnight, in ms; at least 1, at most a day.
    pub(super) fn left_of_day(self, at: At) -> u64 {
        DAY_MS - self.wall_ms(at) % DAY_MS
    }
}

impl Day {
    pub(super) fn is_in_month_of(self, other: Self) -> bool {
        self.0 / 100 == other.0 / 100
    }
}

/// The usage of each of the newest days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Value>", into = "BTreeMap<String, [u64; 3]>")]
pub struct Days(BTreeMap<Day, Used>);

impl Days {
    pub(super) fn add(&mut self, day: Day, used: Used) {
        self.0.entry(day).or_default().add(used);
        if self.0.len() > DAYS {
            self.0.pop_first();
        }
    }

    pub(super) fn sum(&self, counts: impl Fn(Day) -> bool) -> Used {
        let mut sum = Used::default();
        self.0.iter().filter(|(day, _)| counts(**day)).for_each(|(_, used)| sum.add(*used));
        sum
    }
}

impl From<Days> for BTreeMap<String, [u64; 3]> {
    fn from(days: Days) -> Self {
        let parts = |used: Used| [used.waking_ms, used.running_ms, used.idling_ms];
        days.0.into_iter().map(|(day, used)| (day.0.to_string(), parts(used))).collect()
    }
}

impl From<BTreeMap<String, Value>> for Days {
    /// Reads stored days; those that cannot be read are left out.
    fn from(stored: BTreeMap<String, Value>) -> Self {
        let mut days = Self::default();
        for (day, parts) in stored {
            if let (Ok(day), Ok([waking_ms, running_ms, idling_ms])) =
                (day.parse(), serde_json::from_value::<[u64; 3]>(parts))
            {
                days.add(Day(day), Used { waking_ms, running_ms, idling_ms });
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_comfy::time::http_date_ms;
    use serde_json::json;

    #[track_caller]
    fn check(date: &str, east: i32, expected: u32) {
        let at = At(http_date_ms(date).expect("a date"));
        assert_eq!(Zone(east).day(at), Day(expected), "{date} {east}");
    }

    #[test]
    fn a_moment_has_a_day_on_the_wall() {
        check("Thu, 01 Jan 1970 00:00:00 GMT", 0, 19700101);
        check("Sun, 22 Nov 2026 08:26:54 GMT", 0, 20261122);
        check("Sun, 22 Nov 2026 15:59:59 GMT", 480, 20261122);
        check("Sun, 22 Nov 2026 16:00:00 GMT", 480, 20261123);
        check("Fri, 01 Jan 2027 04:59:59 GMT", -300, 20261231);
        check("Tue, 29 Feb 2000 00:00:00 GMT", 0, 20000229);
        check("Wed, 01 Mar 2000 00:00:00 GMT", 0, 20000301);
        check("Wed, 29 Feb 2028 23:59:59 GMT", 0, 20280229);
        check("Sun, 28 Feb 2100 23:59:59 GMT", 1, 21000301);
        check("Fri, 31 Dec 2100 23:59:59 GMT", 0, 21001231);
    }

    #[test]
    fn each_day_follows_the_last() {
        let mut last = Zone(0).day(At(0));
        for day in 1..60_000 {
            let next = Zone(0).day(At(day * DAY_MS));
            let (year, month, of_month) = (last.0 / 10_000, last.0 / 100 % 100, last.0 % 100);
            let follows = [
                Day(last.0 + 1),
                Day(year * 10_000 + (month + 1) * 100 + 1),
                Day((year + 1) * 10_000 + 101),
            ];
            assert!(follows.contains(&next), "{last:?} {next:?}");
            assert!(next.0 == last.0 + 1 || of_month >= 28, "{last:?} {next:?}");
            last = next;
        }
    }

    #[test]
    fn old_days_go_and_odd_ones_are_left_out() {
        let mut days = Days::default();
        for month in 0..100 {
            let day = Day((2020 + month / 12) * 10_000 + (month % 12 + 1) * 100 + 1);
            days.add(day, Used::of(Doing::Running, 1));
        }
        assert_eq!(days.0.len(), DAYS);
        assert_eq!(days.0.last_key_value().map(|(day, _)| *day), Some(Day(20280401)));
        assert_eq!(days.sum(|day| day.is_in_month_of(Day(20280430))).total_ms(), 1);
        let odd = json!({"20261122": [1, 2, 3], "x": [1, 2, 3], "20261123": [1], "20261124": 7});
        assert_eq!(Days::deserialize(&odd).unwrap().0.len(), 1);
        assert!(Days::deserialize(&json!(null)).is_err());
    }
}

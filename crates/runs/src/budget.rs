//! Limits of usage: the page asks before runs that would pass one. Invariant: nothing is guessed;
//! if the duration of runs is unknown, only limits that are already passed count.

use crate::cost::Cost;
use crate::price::Price;
use crate::usage::Used;
use pilotlight_comfy::time::MINUTE_MS;

/// The period of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// From midnight to midnight, local time.
    Day,
    /// A calendar month.
    Month,
}

impl Period {
    /// Both periods, the shorter one first.
    pub const ALL: [Self; 2] = [Self::Day, Self::Month];
}

/// A limit that is passed, or would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The period that the limit holds for.
    pub period: Period,
    /// The GPU time used in the period so far, in ms.
    pub used_ms: u64,
    /// The estimated GPU time of the runs, in ms; `None` if unknown.
    pub adds: Option<Cost>,
    /// The limit, in ms of GPU time.
    pub limit_ms: u64,
    /// Whether runs would pass it; else keeping the GPU awake.
    pub is_of_runs: bool,
}

impl Passed {
    /// Returns whether it is already passed without the runs.
    pub fn is_used_up(&self) -> bool {
        self.used_ms >= self.limit_ms
    }
}

/// Returns the GPU time of an amount: money if there is a price, otherwise minutes. `None` if the
/// GPU is free, since no amount is ever reached then.
pub fn limit_ms(amount: f64, price: Option<Price>) -> Option<u64> {
    match price {
        None => Some((amount * MINUTE_MS as f64) as u64),
        Some(price) if price.per_hour > 0.0 => {
            Some((amount / price.per_hour * 60.0 * MINUTE_MS as f64) as u64)
        }
        Some(_) => None,
    }
}

/// Returns the first limit that is passed by the usage and the added time. `limits` and `used` are
/// those of the day and of the month; `pending_ms` is the estimate for runs started before.
pub fn passed(
    limits: [Option<u64>; 2],
    used: [Used; 2],
    pending_ms: u64,
    adds: Option<Cost>,
) -> Option<Passed> {
    let all = Period::ALL.into_iter().zip(limits).zip(used);
    let mut all = all.filter_map(|((period, limit_ms), used)| {
        let (used_ms, limit_ms) = (used.total_ms(), limit_ms?);
        Some(Passed { period, used_ms, adds, limit_ms, is_of_runs: true })
    });
    let adds_ms = pending_ms.saturating_add(adds.map_or(0, Cost::total_ms));
    all.find(|it| it.is_used_up() || it.used_ms.saturating_add(adds_ms) > it.limit_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_money_or_minutes() {
        let price = |per_hour| Some(Price { per_hour, currency: "¥" });
        assert_eq!(limit_ms(2.5, None), Some(150_000));
        assert_eq!(limit_ms(5.0, price(10.0)), Some(1_800_000));
        assert_eq!(limit_ms(5.0, price(0.0)), None);
        assert_eq!(limit_ms(f64::MAX, price(f64::MIN_POSITIVE)), Some(u64::MAX));
    }

    /// Limits and usage of day and month, the added time, and the limit that is passed.
    #[track_caller]
    fn check(limits: [u64; 2], used: [u64; 2], adds: Option<u64>, expected: Option<Period>) {
        let limits = limits.map(|ms| (ms > 0).then_some(ms));
        let used = used.map(|ms| Used { running_ms: ms, ..Used::default() });
        let cost = adds.map(|ms| Cost::of_keeping(ms, None, None));
        let found = passed(limits, used, 0, cost);
        assert_eq!(found.map(|it| it.period), expected, "{limits:?} {used:?} {adds:?}");
    }

    #[test]
    fn what_would_pass_a_limit_is_asked_about() {
        use Period::{Day, Month};
        check([0, 0], [900, 900], Some(900), None);
        check([100, 0], [90, 900], Some(10), None);
        check([100, 0], [90, 900], Some(11), Some(Day));
        check([0, 1_000], [90, 990], Some(11), Some(Month));
        check([100, 1_000], [90, 990], Some(11), Some(Day));
        check([100, 1_000], [10, 990], Some(11), Some(Month));
        check([100, 0], [99, 99], None, None);
        check([100, 0], [100, 100], None, Some(Day));
        check([100, 0], [0, 0], Some(u64::MAX), Some(Day));
    }
}

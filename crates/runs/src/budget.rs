//! Limits of usage: the page asks before runs that would pass one. Invariant: nothing is guessed;
//! if the duration of runs is unknown, only limits that are already passed count.

use crate::estimate::Range;
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
    pub adds_ms: Option<u64>,
    /// The limit, in ms of GPU time.
    pub limit_ms: u64,
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

/// Returns the estimated GPU time of runs: running, waking if it sleeps, and idling afterwards if
/// the cluster's delay is known.
pub fn estimate(
    runs: u32,
    usual_run: Option<Range>,
    usual_waking: Option<Range>,
    idle_ms: Option<u64>,
) -> Option<u64> {
    let middle = |(from, to): Range| from.midpoint(to);
    let running = middle(usual_run?).saturating_mul(runs.into());
    Some(
        running.saturating_add(usual_waking.map_or(0, middle)).saturating_add(idle_ms.unwrap_or(0)),
    )
}

/// Returns the first limit that is passed by the usage and the added time. `limits` and `used` are
/// those of the day and of the month; `pending_ms` is the estimate for runs started before.
pub fn passed(
    limits: [Option<u64>; 2],
    used: [Used; 2],
    pending_ms: u64,
    adds_ms: Option<u64>,
) -> Option<Passed> {
    let all = Period::ALL.into_iter().zip(limits).zip(used);
    let mut all = all.filter_map(|((period, limit_ms), used)| {
        Some(Passed { period, used_ms: used.total_ms(), adds_ms, limit_ms: limit_ms? })
    });
    let adds = pending_ms.saturating_add(adds_ms.unwrap_or(0));
    all.find(|it| it.is_used_up() || it.used_ms.saturating_add(adds) > it.limit_ms)
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

    #[test]
    fn an_estimate_needs_a_figure_for_the_run() {
        let (run, waking) = (Some((4_000, 8_000)), Some((80_000, 100_000)));
        assert_eq!(estimate(3, run, None, None), Some(18_000));
        assert_eq!(estimate(1, run, waking, Some(30_000)), Some(126_000));
        assert_eq!(estimate(1, None, waking, Some(30_000)), None);
    }

    /// Limits and usage of day and month, the added time, and the limit that is passed.
    #[track_caller]
    fn check(limits: [u64; 2], used: [u64; 2], adds: Option<u64>, expected: Option<Period>) {
        let limits = limits.map(|ms| (ms > 0).then_some(ms));
        let used = used.map(|ms| Used { running_ms: ms, ..Used::default() });
        let found = passed(limits, used, 0, adds);
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

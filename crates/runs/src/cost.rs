//! What runs and keeping awake take of a GPU's time: the one model behind every sum that is shown
//! and behind the limits. Invariant: nothing is guessed; what is not known is left out.

use crate::estimate::Range;
use crate::results::Spent;
use pilotlight_comfy::time::SECOND_MS;

/// GPU time, in ms: what it takes as things are, and what may come on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// While it works, or is kept awake; of what is over, waking included.
    pub now_ms: u64,
    /// What waking the GPU adds if it has to.
    pub waking_ms: Option<u64>,
    /// For how long the cluster keeps the GPU afterwards, at most.
    pub idle_ms: Option<u64>,
}

impl Cost {
    /// Returns what so many runs usually take, one after the other. `None`: not known.
    pub fn of_runs(
        runs: usize,
        usual_run: Option<Range>,
        usual_waking: Option<Range>,
        idle_ms: Option<u64>,
    ) -> Option<Self> {
        let running_ms = middle(usual_run?).saturating_mul(runs as u64).max(SECOND_MS);
        Some(Self { now_ms: running_ms, waking_ms: usual_waking.map(middle), idle_ms })
    }

    /// Returns what waking the GPU takes, as far as that is known.
    pub fn of_waking(usual_waking: Option<Range>, idle_ms: Option<u64>) -> Self {
        Self { now_ms: usual_waking.map_or(0, middle), waking_ms: None, idle_ms }
    }

    /// Returns what keeping the GPU awake for `ms` takes.
    pub fn of_keeping(ms: u64, usual_waking: Option<Range>, idle_ms: Option<u64>) -> Self {
        Self { now_ms: ms, waking_ms: usual_waking.map(middle), idle_ms }
    }

    /// Returns what a run took that is over.
    pub fn of_spent(spent: &Spent, idle_ms: Option<u64>) -> Self {
        let now_ms = spent.waking_ms.unwrap_or(0).saturating_add(spent.running_ms.unwrap_or(0));
        Self { now_ms, waking_ms: None, idle_ms }
    }

    /// Returns the same where the GPU is known to be awake, or not.
    pub fn where_awake(self, is_awake: bool) -> Self {
        Self { waking_ms: self.waking_ms.filter(|_| !is_awake), ..self }
    }

    /// Returns all of it, as it counts for a limit.
    pub fn total_ms(self) -> u64 {
        let more = [self.waking_ms, self.idle_ms].into_iter().flatten();
        more.fold(self.now_ms, u64::saturating_add)
    }
}

fn middle((from, to): Range) -> u64 {
    from.midpoint(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_needs_a_figure_for_the_run() {
        let (run, waking) = (Some((4_000, 8_000)), Some((80_000, 100_000)));
        let total = |runs, run, waking, idle_ms| {
            Cost::of_runs(runs, run, waking, idle_ms).map(Cost::total_ms)
        };
        assert_eq!(total(3, run, None, None), Some(18_000));
        assert_eq!(total(1, run, waking, Some(30_000)), Some(126_000));
        assert_eq!(total(1, None, waking, Some(30_000)), None);
        assert_eq!(total(1, Some((100, 100)), None, None), Some(1_000));
        assert_eq!(total(usize::MAX, run, waking, Some(1)), Some(u64::MAX));
        let keeping = Cost::of_keeping(900_000, waking, Some(30_000));
        assert_eq!(keeping.total_ms(), 1_020_000);
        assert_eq!(keeping.where_awake(true).total_ms(), 930_000);
    }
}

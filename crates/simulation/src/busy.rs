//! When the GPU may have been awake on account of the browser, as an onlooker knows it. Invariant:
//! an upper bound; what the page counts is never more.

use pilotlight_emulator::World;

/// What the page sees of an end comes a little later than the end.
const LATE_MS: u64 = 3_000;

/// The longest that storing a file takes.
const STORED_MS: u64 = 30;

/// Stretches of time.
#[derive(Debug, Default)]
pub(crate) struct Busy {
    idle_delay_ms: u64,
    stretches: Vec<(u64, u64)>,
    since: Option<u64>,
}

impl Busy {
    pub fn new(idle_delay_ms: Option<u64>) -> Self {
        Self { idle_delay_ms: idle_delay_ms.unwrap_or(0), ..Self::default() }
    }

    /// The server answered: it idles on for as long as the configuration says.
    pub fn answered(&mut self, now: u64) {
        // The page hears of a file once it is stored.
        self.stretches.push((now, now + self.idle_delay_ms + STORED_MS));
    }

    /// Whether a run goes on or the GPU is kept awake, from now on.
    pub fn goes_on(&mut self, goes_on: bool, now: u64) {
        match (self.since, goes_on) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => {
                self.stretches.push((since, now + LATE_MS));
                self.since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// The length of all of it up to now. `runs`: from when to when each run was in the list; while
    /// the page was closed a run may have gone on.
    pub fn total_ms(&self, runs: impl Iterator<Item = (u64, u64)>, world: &World, now: u64) -> u64 {
        let mut all = self.stretches.clone();
        all.extend(self.since.map(|since| (since, now)));
        all.extend(runs.map(|(from, until)| (from, until + LATE_MS)));
        for execution in world.executions() {
            all.extend(execution.ended_ms.map(|ended| (execution.queued_ms, ended + LATE_MS)));
        }
        all.sort_unstable();
        let (mut total, mut reached) = (0, 0);
        for (from, until) in all {
            let (from, until) = (from.max(reached), until.min(now));
            if until > from {
                total += until - from;
                reached = until;
            }
        }
        total
    }
}

//! Records how long the GPU was awake because of this browser. Invariant: the stored usage is read,
//! changed and written at once, so that no two tabs record the same time twice.

use pilotlight_comfy::json;
use pilotlight_comfy::time::At;
use pilotlight_runs::pill;
use pilotlight_runs::usage::{self, Ledger, UsagePeriod, Used};

use crate::context::{Context, Handling};
use crate::effect::Effect;
use crate::request::{RunNumber, TimerId};
use crate::session::Session;

/// How long browsers delay timers of a page in the background at most, with a margin, in ms.
const GAP_MS: u64 = 75_000;

impl Session {
    /// Returns the usage of today and of this month.
    pub fn used(&self, context: &Context) -> [Used; 2] {
        let ledger = &self.usage.ledger;
        let (now, zone) = (context.now, context.zone);
        [ledger.today(now, zone), ledger.this_month(now, zone)]
    }

    /// Returns the recorded usage.
    pub fn ledger(&self) -> &Ledger {
        &self.usage.ledger
    }

    /// Reads the usage that other tabs recorded meanwhile.
    pub(crate) fn refresh_usage(&mut self, h: &mut Handling) {
        self.count(Vec::new(), h);
    }

    /// Records the usage of a run. `is_heard`: whether the server has just answered.
    pub(crate) fn meter_run(&mut self, run: RunNumber, is_heard: bool, h: &mut Handling) {
        let Some(job) = self.job(run) else { return };
        let mut periods = usage::of_run(&job.run, self.usage.watched, h.now());
        periods.extend(self.idle(h.now()).filter(|_| is_heard));
        self.count(periods, h);
    }

    pub(crate) fn meter_keep_awake(&mut self, is_heard: bool, h: &mut Handling) {
        let mut periods = usage::of_keep_awake(self.keep_awake(), self.usage.watched, h.now());
        periods.extend(self.idle(h.now()).filter(|_| is_heard));
        if !periods.is_empty() {
            self.count(periods, h);
        }
    }

    /// Records the usage of a request that belongs to no run.
    pub(crate) fn meter_answer(&mut self, asked: At, answered: At, h: &mut Handling) {
        let periods = [usage::of_wait(asked, answered), self.idle(answered)];
        self.count(periods.into_iter().flatten().collect(), h);
    }

    /// Returns the time that the GPU will idle; `None` if no delay is configured.
    fn idle(&self, now: At) -> Option<UsagePeriod> {
        Some(usage::idle(now, self.settings.idle_delay_ms?))
    }

    fn count(&mut self, periods: Vec<UsagePeriod>, h: &mut Handling) {
        let Some(endpoint) = &self.endpoint else { return };
        let key = format!("used.{}", endpoint.key());
        let stored = h.get(&key);
        let read = stored.as_deref().and_then(json::from_text);
        let mut ledger: Ledger = read.unwrap_or_default();
        periods.into_iter().for_each(|period| ledger.add(period));
        ledger.settle(h.now(), h.context.zone);
        let written = json::to_text(&ledger);
        if ledger != Ledger::default() && stored.as_deref() != Some(&written) {
            h.store(&key, written);
        }
        if ledger != self.usage.ledger {
            self.usage.ledger = ledger;
            h.push(Effect::UsageChanged);
        }
    }

    /// Records that the page is active. After a gap, for example because the computer slept, it
    /// starts anew, since usage during the gap is unknown.
    pub(crate) fn watch(&mut self, h: &Handling) {
        let gap_ms = 2 * self.settings.tick_ms + GAP_MS;
        if h.now().since(self.usage.looked) > gap_ms {
            self.usage.watched = h.now();
        }
        self.usage.looked = h.now();
    }

    /// Starts the timer that records usage, if anything is in progress.
    pub(crate) fn keep_ticking(&mut self, h: &mut Handling) {
        let goes_on = self.keep_awake().is_on() || self.jobs.iter().any(|job| job.run.is_live());
        if goes_on && self.usage.tick.is_none() {
            self.usage.tick = Some(h.set_timer(&mut self.ids, self.settings.tick_ms));
        }
    }

    /// Announces each run of which it is known by now that a GPU is being woken for it.
    fn tell_of_waking(&mut self, h: &mut Handling) {
        for job in &mut self.jobs {
            let was_told =
                std::mem::replace(&mut job.is_waking_told, pill::is_waking(&job.run, h.now()));
            if job.is_waking_told && !was_told {
                h.push(Effect::RunChanged { run: job.number, has_new_phase: true });
            }
        }
    }

    /// Handles a timer; returns whether it was this one.
    pub(crate) fn ticked(&mut self, id: TimerId, h: &mut Handling) -> bool {
        if self.usage.tick != Some(id) {
            return false;
        }
        self.usage.tick = None;
        self.tick_keep_awake(h);
        self.tell_of_waking(h);
        let live = self.jobs.iter().filter(|job| job.run.is_live());
        let periods: Vec<UsagePeriod> =
            live.flat_map(|job| usage::of_run(&job.run, self.usage.watched, h.now())).collect();
        if !periods.is_empty() {
            self.count(periods, h);
        }
        true
    }
}

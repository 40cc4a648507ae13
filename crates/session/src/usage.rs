//! How long the GPU was awake on account of this browser. Invariant: what is stored is read,
//! changed and written in one go, so that no two tabs count a moment twice.

use pilotlight_comfy::json;
use pilotlight_comfy::time::At;
use pilotlight_runs::meter::{self, Ledger, Piece, Used};

use crate::context::{Context, Handling};
use crate::effect::Effect;
use crate::request::{RunNumber, TimerId};
use crate::session::Session;

/// The longest that browsers put off a timer of a page in the background, and some more, in ms.
const GAP_MS: u64 = 75_000;

impl Session {
    /// What was used today and this month.
    pub fn used(&self, context: &Context) -> [Used; 2] {
        let ledger = &self.usage.ledger;
        let (now, zone) = (context.now, context.zone);
        [ledger.today(now, zone), ledger.this_month(now, zone)]
    }

    /// What was counted.
    pub fn ledger(&self) -> &Ledger {
        &self.usage.ledger
    }

    /// Reads what other tabs counted meanwhile.
    pub(crate) fn refresh_usage(&mut self, h: &mut Handling) {
        self.count(Vec::new(), h);
    }

    /// Counts what a run had the GPU do. `is_heard`: by the server, just now.
    pub(crate) fn meter_run(&mut self, run: RunNumber, is_heard: bool, h: &mut Handling) {
        let Some(job) = self.job(run) else { return };
        let mut pieces = meter::of_run(&job.run, self.usage.watched, h.now());
        pieces.extend(self.idle(h.now()).filter(|_| is_heard));
        self.count(pieces, h);
    }

    pub(crate) fn meter_keep_awake(&mut self, is_heard: bool, h: &mut Handling) {
        let mut pieces = meter::of_warm(self.keep_awake(), self.usage.watched, h.now());
        pieces.extend(self.idle(h.now()).filter(|_| is_heard));
        if !pieces.is_empty() {
            self.count(pieces, h);
        }
    }

    /// Counts a request that belongs to no run.
    pub(crate) fn meter_answer(&mut self, asked: At, answered: At, h: &mut Handling) {
        let pieces = [meter::of_wait(asked, answered), self.idle(answered)];
        self.count(pieces.into_iter().flatten().collect(), h);
    }

    /// How long it idles on is known only where the configuration says so.
    fn idle(&self, now: At) -> Option<Piece> {
        Some(meter::idle(now, self.settings.idle_delay_ms?))
    }

    fn count(&mut self, pieces: Vec<Piece>, h: &mut Handling) {
        let Some(endpoint) = &self.endpoint else { return };
        let key = format!("used.{}", endpoint.key());
        let stored = h.get(&key);
        let read = stored.as_deref().and_then(json::from_text);
        let mut ledger: Ledger = read.unwrap_or_default();
        pieces.into_iter().for_each(|piece| ledger.add(piece));
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

    /// Notes that the page looks. After a gap, such as a machine that slept, it looks anew: what went
    /// on meanwhile nobody saw.
    pub(crate) fn watch(&mut self, h: &Handling) {
        let gap_ms = 2 * self.settings.tick_ms + GAP_MS;
        if h.now().since(self.usage.looked) > gap_ms {
            self.usage.watched = h.now();
        }
        self.usage.looked = h.now();
    }

    /// Has what goes on counted from time to time; nothing ticks while nothing goes on.
    pub(crate) fn keep_ticking(&mut self, h: &mut Handling) {
        let goes_on = self.keep_awake().is_on() || self.jobs.iter().any(|job| job.run.is_live());
        if goes_on && self.usage.tick.is_none() {
            self.usage.tick = Some(h.set_timer(&mut self.ids, self.settings.tick_ms));
        }
    }

    /// Whether the timer was this clock.
    pub(crate) fn ticked(&mut self, id: TimerId, h: &mut Handling) -> bool {
        if self.usage.tick != Some(id) {
            return false;
        }
        self.usage.tick = None;
        self.tick_keep_awake(h);
        let live = self.jobs.iter().filter(|job| job.run.is_live());
        let pieces: Vec<Piece> =
            live.flat_map(|job| meter::of_run(&job.run, self.usage.watched, h.now())).collect();
        if !pieces.is_empty() {
            self.count(pieces, h);
        }
        true
    }
}

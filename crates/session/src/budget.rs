//! Limits of the usage of a day and of a month: the user is asked before runs that would pass one.
//! Invariant: what was requested is done at once, or after the user agreed, or not at all.

use pilotlight_comfy::number;
use pilotlight_runs::budget::{self, Passed, Period};
use pilotlight_runs::pill::{self, PillState};
use pilotlight_runs::price::Price;

use crate::context::Handling;
use crate::effect::Effect;
use crate::session::Session;
use crate::state::LimitedRequest;

/// How long a GPU is assumed to stay awake after its last answer, if no delay is configured.
const IDLE_MS: u64 = 30_000;

impl Session {
    /// Returns the limits of a day and of a month: money if there is a price, otherwise minutes.
    pub fn limits(&self) -> [Option<f64>; 2] {
        self.budget.limits
    }

    /// Returns the limit that the user is asked about.
    pub fn passed_limit(&self) -> Option<Passed> {
        self.budget.asked.as_ref().map(|(passed, _)| *passed)
    }

    /// Reads the limits that the user set, which replace those of the configuration.
    pub(crate) fn read_limits(&mut self, h: &Handling) {
        self.budget.limits = self.settings.limits_of_use;
        for (place, period) in Period::ALL.into_iter().enumerate() {
            if let Some(text) = h.get(&self.limit_key(period)) {
                self.budget.limits[place] = amount(&text);
            }
        }
    }

    pub(crate) fn set_limit(&mut self, period: Period, typed: &str, h: &mut Handling) {
        h.store(&self.limit_key(period), typed.trim().to_owned());
        self.read_limits(h);
        h.push(Effect::UsageChanged);
    }

    /// Returns the storage key of a limit. Amounts of each currency and of minutes have their own.
    fn limit_key(&self, period: Period) -> String {
        let name = match period {
            Period::Day => "limit.day.",
            Period::Month => "limit.month.",
        };
        let currency = self.settings.price.as_ref().map_or("", |(_, currency)| currency);
        format!("{name}{currency}")
    }

    /// Does what was requested, or asks the user if it would pass a limit.
    pub(crate) fn unless_limit_passed(
        &mut self,
        form: &str,
        request: LimitedRequest,
        h: &mut Handling,
    ) {
        match self.would_pass(form, request.count(), h) {
            None => self.go_on(request, h),
            Some(passed) => {
                self.budget.asked = Some((passed, request));
                h.push(Effect::AskAboutLimit);
            }
        }
    }

    pub(crate) fn accept_limit(&mut self, h: &mut Handling) {
        if let Some((_, request)) = self.budget.asked.take() {
            self.go_on(request, h);
        }
    }

    pub(crate) fn decline_limit(&mut self) {
        self.budget.asked = None;
    }

    fn go_on(&mut self, request: LimitedRequest, h: &mut Handling) {
        match request {
            LimitedRequest::Start { requests, replaced } => self.store_runs(requests, replaced, h),
            LimitedRequest::Retry(runs) => self.resume_runs(&runs, h),
        }
    }

    fn would_pass(&mut self, form: &str, runs: usize, h: &mut Handling) -> Option<Passed> {
        // Another tab may have changed a limit.
        self.read_limits(h);
        let price = self.settings.price.as_ref();
        let price = price.map(|(per_hour, currency)| Price { per_hour: *per_hour, currency });
        let limits = self.budget.limits.map(|amount| budget::limit_ms(amount?, price));
        if limits == [None; 2] {
            return None;
        }
        self.refresh_usage(h);
        let (waking, running) = self.wait_kinds(form);
        let usual_waking = self.waits.usual(&waking).or(self.settings.wake_hint_ms);
        let adds = budget::estimate(
            u32::try_from(runs).unwrap_or(u32::MAX),
            self.waits.usual(&running),
            usual_waking.filter(|_| !self.is_awake(h)),
            self.settings.idle_delay_ms,
        );
        let pending = self.jobs.iter().filter(|job| !job.run.is_ended()).count();
        let pending = u32::try_from(pending).unwrap_or(u32::MAX);
        let pending_ms = budget::estimate(pending, self.waits.usual(&running), None, None);
        budget::passed(limits, self.used(h.context), pending_ms.unwrap_or(0), adds)
    }

    fn is_awake(&self, h: &Handling) -> bool {
        let idle_ms = self.settings.idle_delay_ms.unwrap_or(IDLE_MS);
        let runs = self.jobs.iter().map(|job| &job.run);
        let known = pill::known(&self.server, runs, self.keep_awake(), h.now(), idle_ms);
        known.state() == PillState::Awake
    }
}

fn amount(text: &str) -> Option<f64> {
    number::typed_number(text).ok()?.as_f64().filter(|amount| *amount > 0.0)
}

//! Limits of the usage of a day and of a month: the user is asked before runs that would pass one.
//! Invariant: what was requested is done at once, or after the user agreed, or not at all.

use pilotlight_comfy::number;
use pilotlight_runs::budget::{self, Passed, Period};
use pilotlight_runs::cost::Cost;
use pilotlight_runs::keep_awake::{Goal, Phase};
use pilotlight_runs::pill::{self, PillState};
use pilotlight_runs::price::Price;

use crate::context::Handling;
use crate::effect::Effect;
use crate::session::Session;
use crate::state::LimitedRequest;

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
        match self.would_pass(form, &request, h) {
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
            LimitedRequest::KeepAwake(goal, form) => self.begin_keep_awake(goal, form, h),
        }
    }

    fn would_pass(
        &mut self,
        form: &str,
        request: &LimitedRequest,
        h: &mut Handling,
    ) -> Option<Passed> {
        // Another tab may have changed a limit.
        self.read_limits(h);
        let price = self.settings.price.as_ref();
        let price = price.map(|(per_hour, currency)| Price { per_hour: *per_hour, currency });
        let limits = self.budget.limits.map(|amount| budget::limit_ms(amount?, price));
        if limits == [None; 2] {
            return None;
        }
        self.refresh_usage(h);
        let adds = self.adds(form, request, h).map(|cost| cost.where_awake(self.is_awake(h)));
        let pending = self.jobs.iter().filter(|job| !job.run.is_ended()).count();
        let usual_run = self.waits.usual(&self.wait_kinds(form).1).filter(|_| pending > 0);
        let pending_ms = Cost::of_runs(pending, usual_run, None, None).map_or(0, Cost::total_ms);
        let is_of_runs = !matches!(request, LimitedRequest::KeepAwake(..));
        let passed = budget::passed(limits, self.used(h.context), pending_ms, adds)?;
        Some(Passed { is_of_runs, ..passed })
    }

    /// What a request adds, as far as that is known.
    fn adds(&self, form: &str, request: &LimitedRequest, h: &Handling) -> Option<Cost> {
        let (waking, running) = self.wait_kinds(form);
        let usual_waking = self.waits.usual(&waking).or(self.settings.wake_hint_ms);
        let idle_ms = self.settings.idle_delay_ms;
        let of_runs = |runs| Cost::of_runs(runs, self.waits.usual(&running), usual_waking, idle_ms);
        match request {
            LimitedRequest::Start { requests, .. } => of_runs(requests.len()),
            LimitedRequest::Retry(runs) => of_runs(runs.len()),
            LimitedRequest::KeepAwake(Goal::Wake, _) => {
                Some(Cost::of_waking(usual_waking, idle_ms))
            }
            LimitedRequest::KeepAwake(Goal::Keep { ms }, _) => {
                // What it is kept for already was asked about.
                let kept_ms = match self.keep_awake().phase() {
                    Phase::Keeping { until } => until.since(h.now()),
                    Phase::Resting | Phase::Waking { .. } => 0,
                };
                Some(Cost::of_keeping(ms.saturating_sub(kept_ms), usual_waking, idle_ms))
            }
        }
    }

    fn is_awake(&self, h: &Handling) -> bool {
        let idle_ms = self.settings.idle_delay_ms;
        let runs = self.jobs.iter().map(|job| &job.run);
        let known = pill::known(&self.server, runs, self.keep_awake(), None, h.now(), idle_ms);
        known.state() == PillState::Awake
    }
}

fn amount(text: &str) -> Option<f64> {
    number::typed_number(text).ok()?.as_f64().filter(|amount| *amount > 0.0)
}

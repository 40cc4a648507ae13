//! Waking the GPU and keeping it awake on the user's command. Invariant: nothing is requested
//! without a press, and a reload ends it.

use pilotlight_comfy::comfy::{self, Response};
use pilotlight_runs::keep_awake::{
    Context as RunContext, End, Event as WarmEvent, Goal, KeepAwake, Phase, Step,
};
use pilotlight_runs::server::HELD_MS;

use crate::announcements::ask_for_key;
use crate::context::Handling;
use crate::effect::{Call, Effect, Purpose};
use crate::request::{RequestId, TimerId};
use crate::session::Session;
use crate::state::{AwaitedByKeepAwake, LimitedRequest, Question};

impl Session {
    /// Returns the state of waking the GPU and keeping it awake.
    pub fn keep_awake(&self) -> &KeepAwake {
        &self.keep_awake.machine
    }

    /// Begins it, or asks whether it shall where that would pass a limit.
    pub(crate) fn request_keep_awake(&mut self, goal: Goal, form: String, h: &mut Handling) {
        let request = LimitedRequest::KeepAwake(goal, form.clone());
        self.unless_limit_passed(&form, request, h);
    }

    pub(crate) fn begin_keep_awake(&mut self, goal: Goal, form: String, h: &mut Handling) {
        self.keep_awake.was_hidden = h.context.is_hidden;
        self.keep_awake.form = form;
        self.tell_keep_awake(WarmEvent::Pressed(goal), h);
    }

    pub(crate) fn stop_keep_awake(&mut self, h: &mut Handling) {
        self.tell_keep_awake(WarmEvent::Stopped, h);
    }

    /// Reports that the page is visible again or the network is back.
    pub(crate) fn return_to_keep_awake(&mut self, h: &mut Handling) {
        if self.keep_awake.machine.is_on() {
            self.keep_awake.was_hidden = false;
            self.tell_keep_awake(WarmEvent::Returned, h);
        }
    }

    /// Reports the time to keep-awake; called every second while it is on.
    pub(crate) fn tick_keep_awake(&mut self, h: &mut Handling) {
        if !self.keep_awake.machine.is_on() {
            return;
        }
        let is_hidden = h.context.is_hidden;
        let was_hidden = std::mem::replace(&mut self.keep_awake.was_hidden, is_hidden);
        let event = match (was_hidden, is_hidden) {
            (false, true) => WarmEvent::Hid,
            (true, false) => WarmEvent::Returned,
            (false, false) | (true, true) => WarmEvent::Ticked,
        };
        self.tell_keep_awake(event, h);
    }

    fn tell_keep_awake(&mut self, event: WarmEvent, h: &mut Handling) {
        let is_heard = self.learn_from_keep_awake(&event, h);
        let limit_ms = self.settings.limits.waking_ms;
        let around = RunContext { now: h.now(), heard_at: self.server.heard_at, limit_ms };
        let before = self.keep_awake.machine.phase();
        let step = self.keep_awake.machine.update(event, &around);
        self.meter_keep_awake(is_heard, h);
        let Some(step) = step else { return };
        self.learn_waking(before, h);
        if let Some(End::Setup(fault)) = self.keep_awake.machine.ended() {
            ask_for_key(fault, h);
        }
        self.perform_keep_awake(step, h);
        h.push(Effect::KeepAwakeChanged);
    }

    /// Records how long the GPU took to wake.
    fn learn_waking(&mut self, before: Phase, h: &mut Handling) {
        let keep_awake = &self.keep_awake.machine;
        let is_awake = matches!(keep_awake.phase(), Phase::Keeping { .. })
            || keep_awake.ended() == Some(&End::Awake);
        let was_waking = matches!(before, Phase::Waking { .. });
        let woke_ms = keep_awake.woke().and_then(|span| Some(span.until?.since(span.from)));
        if let Some(ms) = woke_ms.filter(|ms| was_waking && is_awake && *ms > HELD_MS) {
            let (waking, _) = self.wait_kinds(&self.keep_awake.form.clone());
            self.learn_wait(&waking, ms, h);
        }
    }

    fn perform_keep_awake(&mut self, step: Step, h: &mut Handling) {
        match std::mem::take(&mut self.keep_awake.outstanding) {
            AwaitedByKeepAwake::Nothing => {}
            AwaitedByKeepAwake::Timer(id, _) => h.push(Effect::ClearTimer(id)),
            AwaitedByKeepAwake::Request(id, ..) => h.push(Effect::Abort(id)),
        }
        let Some(endpoint) = &self.endpoint else { return };
        let turn = self.keep_awake.machine.turn();
        let (question, request, limit_ms) = match step {
            Step::Rest => return,
            Step::Sleep { ms } => {
                let id = h.set_timer(&mut self.ids, ms);
                self.keep_awake.outstanding = AwaitedByKeepAwake::Timer(id, turn);
                return;
            }
            Step::Wake { limit_ms } => (Question::Wake, endpoint.wake_request(), limit_ms),
            Step::Hold { limit_ms } => (Question::Hold, endpoint.awake(), limit_ms),
        };
        let purpose = match question {
            Question::Wake => Purpose::Wake,
            Question::Hold => Purpose::Hold,
        };
        let id = h.send(&mut self.ids, Call::new(None, purpose, request, limit_ms));
        self.keep_awake.outstanding = AwaitedByKeepAwake::Request(id, turn, question);
    }

    /// Handles an answer; returns whether keep-awake waited for it.
    pub(crate) fn keep_awake_responded(
        &mut self,
        id: RequestId,
        response: &Response,
        h: &mut Handling,
    ) -> bool {
        let AwaitedByKeepAwake::Request(own, turn, question) = self.keep_awake.outstanding else {
            return false;
        };
        if own != id {
            return false;
        }
        self.keep_awake.outstanding = AwaitedByKeepAwake::Nothing;
        let event = match question {
            Question::Hold => WarmEvent::Held(turn, comfy::held(response)),
            Question::Wake => WarmEvent::WakeReplied(turn, comfy::facts(response)),
        };
        self.tell_keep_awake(event, h);
        true
    }

    /// Handles a timer; returns whether it was that of keep-awake.
    pub(crate) fn keep_awake_timer_fired(&mut self, id: TimerId, h: &mut Handling) -> bool {
        let AwaitedByKeepAwake::Timer(own, turn) = self.keep_awake.outstanding else {
            return false;
        };
        if own != id {
            return false;
        }
        self.keep_awake.outstanding = AwaitedByKeepAwake::Nothing;
        self.tell_keep_awake(WarmEvent::TimerFired(turn), h);
        true
    }
}

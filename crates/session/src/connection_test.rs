//! The connection test. Invariant: a request is sent only after a press, and closing the dialog
//! ends the test.

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_runs::connection_test::{
    ConnectionTest, Context as RunContext, Echo, End, Event as ChainEvent, Step, Target,
};
use pilotlight_runs::server::HELD_MS;

use crate::context::Handling;
use crate::effect::Effect;
use crate::request::{RequestId, TimerId};
use crate::session::Session;
use crate::state::{AwaitedByTest, ConnectionTestState};

impl Session {
    /// Returns the state of the connection test.
    pub fn connection_test(&self) -> &ConnectionTest {
        &self.connection_test.test
    }

    pub(crate) fn request_test(&mut self, target: Box<Target>, form: String, h: &mut Handling) {
        self.connection_test.form = form;
        self.tell_test(ChainEvent::Pressed(target), h);
    }

    pub(crate) fn stop_test(&mut self, h: &mut Handling) {
        self.tell_test(ChainEvent::Stopped, h);
    }

    pub(crate) fn discard_test(&mut self, h: &mut Handling) {
        if self.connection_test.test.target().is_some() {
            self.perform_test(Step::Rest, h);
            self.connection_test = ConnectionTestState::default();
            h.push(Effect::ConnectionTestChanged);
        }
    }

    pub(crate) fn probed(&mut self, id: RequestId, echo: Echo, h: &mut Handling) {
        let AwaitedByTest::Probe(own, turn) = self.connection_test.outstanding else { return };
        if own == id {
            self.connection_test.outstanding = AwaitedByTest::Nothing;
            self.connection_test.answered = h.now();
            self.tell_test(ChainEvent::Echoed(turn, echo), h);
        }
    }

    /// Handles a timer; returns whether it was that of the test.
    pub(crate) fn test_timer_fired(&mut self, id: TimerId, h: &mut Handling) -> bool {
        let AwaitedByTest::Timer(own, turn) = self.connection_test.outstanding else {
            return false;
        };
        if own != id {
            return false;
        }
        self.connection_test.outstanding = AwaitedByTest::Nothing;
        self.tell_test(ChainEvent::TimerFired(turn), h);
        true
    }

    fn tell_test(&mut self, event: ChainEvent, h: &mut Handling) {
        let around = RunContext { now: h.now(), limit_ms: self.settings.limits.waking_ms };
        let Some(step) = self.connection_test.test.update(event, &around) else { return };
        self.learn_from_test(h);
        self.perform_test(step, h);
        h.push(Effect::ConnectionTestChanged);
    }

    fn perform_test(&mut self, step: Step, h: &mut Handling) {
        match std::mem::take(&mut self.connection_test.outstanding) {
            AwaitedByTest::Nothing => {}
            AwaitedByTest::Timer(id, _) => h.push(Effect::ClearTimer(id)),
            AwaitedByTest::Probe(id, _) => h.push(Effect::Abort(id)),
        }
        let turn = self.connection_test.test.turn();
        self.connection_test.outstanding = match step {
            Step::Rest => AwaitedByTest::Nothing,
            Step::Sleep { ms } => AwaitedByTest::Timer(h.set_timer(&mut self.ids, ms), turn),
            Step::Ask { probe, request, limit_ms } => {
                let id = RequestId(self.ids.next());
                h.push(Effect::Probe { id, probe, request: Box::new(request), limit_ms });
                AwaitedByTest::Probe(id, turn)
            }
        };
    }

    /// Applies what a test of the page's own server found: its status, and the time that it woke.
    pub(crate) fn learn_from_test(&mut self, h: &mut Handling) {
        let chain = &self.connection_test.test;
        let Some(End::Well(well)) = chain.ended() else { return };
        let tested = chain.target().map(|target| target.endpoint.key());
        if tested != self.endpoint.as_ref().map(Endpoint::key) {
            return;
        }
        let woke = chain.wake_replied().zip(chain.woke_ms());
        self.server.learn_tested(&well.clone(), self.connection_test.answered);
        self.store_server(h);
        h.push(Effect::ServerChanged);
        if let Some((asked, ms)) = woke {
            self.meter_answer(asked, asked.plus(ms), h);
            let (waking, _) = self.wait_kinds(&self.connection_test.form.clone());
            if ms > HELD_MS {
                self.learn_wait(&waking, ms, h);
            }
        }
    }
}

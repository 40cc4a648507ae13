//! The way between page and gateway: requests that take their time, break, arrive late, are given
//! up. Invariant: each request is answered once, or its page is no longer there.

use pilotlight_comfy::comfy::{Request, Response, Transport};
use pilotlight_comfy::failure::ApiError;
use pilotlight_emulator::Ticket;
use pilotlight_session::{Call as Wanted, Event, RequestId};

use crate::scene::{Scene, What};
use crate::script::STRAGGLES_MS;
use crate::wire;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Wake,
    Upload,
    Submit,
    History,
    Queue,
    Wait,
    /// `slot` counts those that were asked for together, `place` all files of the run.
    File {
        slot: usize,
        place: usize,
    },
    Delete,
    Interrupt,
    Hold,
}

/// A request that nobody has told the run about.
#[derive(Debug)]
pub struct Call {
    id: u64,
    pub tab: usize,
    life: u32,
    pub request_id: RequestId,
    /// None of a request that belongs to no run.
    pub number: Option<usize>,
    pub request_kind: RequestKind,
    pub asked_at: u64,
    /// Until it arrives.
    request: Option<Request>,
    ticket: Option<Ticket>,
    heard: Option<Response>,
    /// The page no longer waits for it.
    pub given_up: bool,
}

impl Scene {
    /// Sends a request off; what becomes of it on the way is drawn now.
    pub(crate) fn send(
        &mut self,
        tab: usize,
        request_id: RequestId,
        request_kind: RequestKind,
        call: Wanted,
    ) {
        let Some(open) = self.browser.tab(tab) else { return };
        let (number, life) = (call.run.and_then(|run| open.index(run)), open.life);
        if self.pictures_lost && request_kind == RequestKind::Upload {
            return self.dispatch(tab, Event::PictureMissing(request_id));
        }
        let limit_ms = call.limit_ms;
        match number {
            Some(number) => {
                self.observer.asked(number, request_kind, &call.request, &self.browser, self.now);
            }
            None => self.observer.asked_for_no_run(tab, &self.browser),
        }
        self.tally.request(request_kind);
        if request_kind == RequestKind::Submit
            && number.is_some_and(|number| self.observer.posts(number) > 1)
        {
            self.tally.count("a prompt", "sent again");
        }
        self.note(|| format!("run {number:?} → {} {request_kind:?}", call.request.url));
        self.count += 1;
        let id = self.count;
        let mut call = Call {
            id,
            tab,
            life,
            request_id,
            number,
            request_kind,
            asked_at: self.now,
            request: Some(call.request),
            ticket: None,
            heard: None,
            given_up: false,
        };
        let up = self.way_ms();
        if self.chance.percent(self.script.way.broken_percent) {
            call.heard = Some(Err(ApiError::Unanswered));
            let hears = self.now + up;
            if self.chance.percent(50)
                && let Some(request) = call.request.take()
            {
                let late = self.now + self.chance.below(STRAGGLES_MS);
                self.due(late, What::Straggle(number.unwrap_or_default(), Box::new(request)));
            }
            self.calls.push(call);
            return self.due(hears, What::Came(id));
        }
        self.calls.push(call);
        self.due(self.now + up, What::Arrive(id));
        self.due(self.now + limit_ms, What::Limit(id));
    }

    fn way_ms(&mut self) -> u64 {
        let way = self.script.way;
        let slow = if self.chance.percent(way.slow_percent) { self.chance.below(3_000) } else { 0 };
        self.chance.between(way.least_ms, way.most_ms) + slow
    }

    pub(crate) fn arrive(&mut self, id: u64) {
        let Some(at) = self.calls.iter().position(|call| call.id == id) else { return };
        let call = &mut self.calls[at];
        if call.heard.is_some() {
            return;
        }
        let Some(request) = call.request.take() else { return };
        let (number, request_kind) = (call.number, call.request_kind);
        if let (RequestKind::Submit, Some(number)) = (request_kind, number) {
            self.observer.post_arrives(number, &self.world, self.now);
        }
        let arriving = wire::arriving(&request, self.script.transport);
        let ticket = self.world.handle(arriving, self.now);
        self.calls[at].ticket = Some(ticket);
        self.observer.at_the_server(&self.browser, &self.world);
        for (ticket, answer) in self.world.advance(self.now) {
            self.answered(ticket, answer);
        }
    }

    /// A request arrives that nobody waits for any more: what is held is dropped.
    pub(crate) fn straggle(&mut self, number: usize, request: &Request) {
        if request.url.ends_with("/prompt") {
            self.observer.post_arrives(number, &self.world, self.now);
            self.tally.count("also", "late arrivals of a prompt");
        }
        self.note(|| format!("run {number}: {} arrives late", request.url));
        let ticket = self.world.handle(wire::arriving(request, self.script.transport), self.now);
        self.world.abandon(ticket, self.now);
    }

    pub(crate) fn answered(&mut self, ticket: Ticket, answer: pilotlight_emulator::Answer) {
        let Some(at) = self.calls.iter().position(|call| call.ticket == Some(ticket)) else {
            return;
        };
        if self.calls[at].heard.is_some() {
            return;
        }
        let id = self.calls[at].id;
        let halves = id.is_multiple_of(2) && self.script.transport == Transport::Relay;
        let is_file = matches!(self.calls[at].request_kind, RequestKind::File { .. });
        self.tally.answer(&answer);
        self.calls[at].heard = Some(wire::heard(answer, self.script.transport, halves && !is_file));
        self.calls[at].ticket = None;
        let down = self.way_ms();
        self.due(self.now + down, What::Came(id));
    }

    pub(crate) fn came(&mut self, id: u64) {
        let Some(at) = self.calls.iter().position(|call| call.id == id) else { return };
        let mut call = self.calls.swap_remove(at);
        let Some(heard) = call.heard.take() else { return };
        if self.browser.tab(call.tab).is_some_and(|tab| tab.life == call.life) {
            self.finished(&call, heard);
        }
    }

    pub(crate) fn limit(&mut self, id: u64) {
        let Some(at) = self.calls.iter().position(|call| call.id == id) else { return };
        let call = &mut self.calls[at];
        // Half a reply is no reply: a limit passes until the whole of it is here.
        call.heard = Some(Err(ApiError::TimedOut));
        if let Some(ticket) = call.ticket.take() {
            self.world.abandon(ticket, self.now);
        }
        self.tally.count("also", "limits passed");
        self.came(id);
    }

    /// The page aborts a request: it is told at once that nothing came, and what was under way may
    /// arrive or not.
    pub(crate) fn give_up(&mut self, tab: usize, request_id: RequestId) {
        let Some(life) = self.browser.tab(tab).map(|tab| tab.life) else { return };
        let is_it = |call: &Call| (call.tab, call.life, call.request_id) == (tab, life, request_id);
        let Some(at) = self.calls.iter().position(is_it) else { return };
        if !std::mem::replace(&mut self.calls[at].given_up, true) && !self.script.leaky {
            self.break_off(at, self.now);
        }
    }

    /// A connection ends at the page's side; the page hears of it at `hears_at`.
    pub(crate) fn break_off(&mut self, at: usize, hears_at: u64) {
        let call = &mut self.calls[at];
        let (id, number) = (call.id, call.number);
        call.heard = Some(Err(ApiError::Unanswered));
        if let Some(ticket) = call.ticket.take() {
            self.world.abandon(ticket, self.now);
        }
        if let Some(request) = call.request.take()
            && self.chance.percent(50)
        {
            let late = self.now + self.chance.below(STRAGGLES_MS);
            self.due(late, What::Straggle(number.unwrap_or_default(), Box::new(request)));
        }
        self.due(hears_at, What::Came(id));
    }
}

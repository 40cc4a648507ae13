//! The way between page and gateway: requests that take their time, break, arrive late, are given
//! up. Invariant: each request is answered once, or its page is no longer there.

use pilotlight_emulator::Ticket;
use pilotlight_engine::comfy::{Heard, Request, Transport};
use pilotlight_engine::failure::ApiError;
use pilotlight_engine::run::{Fetched, Turn};
use pilotlight_engine::sighting::FileRef;

use crate::scene::{Scene, What};
use crate::script::STRAGGLES_MS;
use crate::wire;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    Knock,
    Upload,
    Submit,
    History,
    Queue,
    Wait,
    File { slot: usize },
    Delete,
    Interrupt,
}

/// A request that nobody has told the run about.
#[derive(Debug)]
pub struct Call {
    id: u64,
    pub life: u32,
    pub number: usize,
    pub turn: Turn,
    pub asking: Asking,
    pub limit_ms: u64,
    pub asked_at: u64,
    /// Until it arrives.
    request: Option<Request>,
    ticket: Option<Ticket>,
    heard: Option<Heard>,
    /// The page no longer waits for it.
    pub given_up: bool,
}

/// Files that were asked for together.
#[derive(Debug)]
pub struct Gather {
    pub number: usize,
    pub turn: Turn,
    /// Where they stand among all files of the run.
    pub places: Vec<usize>,
    pub files: Vec<FileRef>,
    pub slots: Vec<Option<Fetched>>,
}

impl Scene {
    /// Sends a request off; what becomes of it on the way is drawn now.
    pub(crate) fn send(
        &mut self,
        number: usize,
        turn: Turn,
        asking: Asking,
        limit_ms: u64,
        request: Request,
    ) {
        let Some(job) = self.page.job(number) else { return };
        let (now, store, life) = (self.now, &self.page.store, job.life);
        self.watch.asked(number, asking, &request, &job.run, store, now);
        self.tally.request(asking);
        self.note(|| format!("run {number} → {} {:?}", request.url, asking));
        self.count += 1;
        let id = self.count;
        let mut call = Call {
            id,
            life,
            number,
            turn,
            asking,
            limit_ms,
            asked_at: self.now,
            request: Some(request),
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
                self.due(late, What::Straggle(number, Box::new(request)));
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
        let (number, asking) = (call.number, call.asking);
        if asking == Asking::Submit {
            self.watch.post_arrives(number, &self.world, self.now);
        }
        let arriving = wire::arriving(&request, self.script.transport);
        let ticket = self.world.handle(arriving, self.now);
        self.calls[at].ticket = Some(ticket);
        self.watch.at_the_server(&self.page, &self.world);
        for (ticket, answer) in self.world.advance(self.now) {
            self.answered(ticket, answer);
        }
    }

    /// A request arrives that nobody waits for any more: what is held is dropped.
    pub(crate) fn straggle(&mut self, number: usize, request: &Request) {
        if request.url.ends_with("/prompt") {
            self.watch.post_arrives(number, &self.world, self.now);
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
        let is_file = matches!(self.calls[at].asking, Asking::File { .. });
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
        if Some(call.life) == self.page.life_of(call.number) {
            self.finished(&call, &heard);
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

    /// The page gives up what a run was waiting for, as an aborted `fetch` does: the page is told
    /// at once that nothing came, and what was under way may arrive or not.
    pub(crate) fn give_up(&mut self, number: usize) {
        for at in 0..self.calls.len() {
            let call = &mut self.calls[at];
            if call.number != number || call.given_up {
                continue;
            }
            call.given_up = true;
            if !self.script.leaky {
                self.break_off(at, self.now);
            }
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
            self.due(late, What::Straggle(number, Box::new(request)));
        }
        self.due(hears_at, What::Came(id));
    }
}

//! What the extension holds: the long-poll, `POST|GET /api/pilotlight/wait/{prompt_id}?known=TOKEN`,
//! and `POST|GET /api/pilotlight/awake`, which is in flight and nothing else.
//!
//! Invariant: `{}` of a wait always means *nowhere*; a run that is somewhere is answered with its
//! history or with its state.

use crate::comfy::worker::Worker;
use crate::http::Ticket;
use crate::json::{Json, map};
use crate::params::Params;

/// A request that is held.
#[derive(Debug)]
pub struct Wait {
    pub ticket: Ticket,
    /// The run it waits for; `None` when it is held for its own sake.
    id: Option<String>,
    /// The state the page knows: `pending:N` or `running`.
    known: Option<String>,
    until: u64,
    nowhere_since: Option<u64>,
}

impl Wait {
    /// A wait that begins now.
    pub fn new(
        ticket: Ticket,
        id: String,
        known: Option<String>,
        now: u64,
        params: &Params,
    ) -> Self {
        let id = Some(id);
        Self { ticket, id, known, until: now + params.wait_ms, nowhere_since: None }
    }

    /// One that waits for nothing, from now on.
    pub fn awake(ticket: Ticket, now: u64, params: &Params) -> Self {
        let until = now + params.wait_ms;
        Self { ticket, id: None, known: None, until, nowhere_since: None }
    }

    /// When it will be answered if nothing happens.
    pub fn next_at(&self, params: &Params) -> u64 {
        self.nowhere_since.map_or(self.until, |since| since + params.nowhere_ms)
    }

    /// The body of the answer, as soon as there is one.
    pub fn answer(&mut self, worker: &Worker, now: u64, params: &Params) -> Option<String> {
        let Some(id) = &self.id else {
            return (now >= self.until).then(|| "{}".to_owned());
        };
        if worker.history.contains(id) {
            return Some(worker.history.one(id));
        }
        let Some(state) = State::of(worker, id) else {
            let since = *self.nowhere_since.get_or_insert(now);
            return (now >= since + params.nowhere_ms).then(|| "{}".to_owned());
        };
        self.nowhere_since = None;
        let news = self.known.as_ref().is_some_and(|known| *known != state.token());
        (news || now >= self.until).then(|| state.body())
    }
}

/// Where a run is while it has not ended.
enum State {
    Pending(usize),
    Running,
}

impl State {
    fn of(worker: &Worker, id: &str) -> Option<Self> {
        if worker.running().is_some_and(|item| item.id == id) {
            return Some(State::Running);
        }
        let ahead = worker.queue.ahead_of(id)?;
        Some(State::Pending(ahead + usize::from(worker.running().is_some())))
    }

    fn token(&self) -> String {
        match self {
            State::Pending(ahead) => format!("pending:{ahead}"),
            State::Running => "running".to_owned(),
        }
    }

    fn body(&self) -> String {
        let state = match self {
            State::Pending(ahead) => {
                map([("state", "pending".into()), ("ahead", (*ahead as u64).into())])
            }
            State::Running => map([("state", Json::from("running"))]),
        };
        map([("pilotlight", state)]).python()
    }
}

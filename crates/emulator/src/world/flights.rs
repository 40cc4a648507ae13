//! Requests between kubeai and the pods: held, sent, sent again, answered.
//!
//! Invariant: a flight ends exactly once, with an answer or because its client left.

use super::World;
use crate::fault::Fault;
use crate::gateway;
use crate::http::{Answer, Reply, Request, Ticket, query_value};
use crate::kubeai;
use crate::params::{ColdCalls, KillAt};

/// A request that kubeai has taken.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) ticket: Ticket,
    pub(super) place: usize,
    pub(super) arrived: u64,
    pub(super) deadline: Option<u64>,
    pub(super) request: Request,
    pub(super) fault: Option<Fault>,
    /// The pod it is at; `None` while it is held.
    pub(super) pod: Option<u64>,
    pub(super) tries: u64,
    pub(super) pod_resets: u32,
}

impl World {
    /// Every connection to a dead pod breaks.
    pub(super) fn break_off(&mut self, pod: u64) {
        let broken: Vec<Ticket> =
            self.flights.iter().filter(|f| f.pod == Some(pod)).map(|f| f.ticket).collect();
        for ticket in broken {
            self.broke(ticket);
        }
    }

    /// Sends a flight to a pod, or holds it.
    pub(super) fn dispatch(&mut self, ticket: Ticket) {
        let Some(flight) = self.flights.iter_mut().find(|f| f.ticket == ticket) else { return };
        flight.pod = None;
        if self.params.kubeai {
            self.cluster.want(self.now, &self.params);
        }
        if let Some(pod) = self.cluster.target() {
            (flight.tries, flight.pod) = (flight.tries + 1, Some(pod.pod));
            if self.params.told_pod {
                return self.told(ticket);
            }
            pod.handle(ticket, &flight.request, self.now, &self.params, &mut self.journal);
            if flight.pod_resets > 0 {
                flight.pod_resets -= 1;
                pod.forget(ticket);
                self.broke(ticket);
            }
        } else if !self.params.kubeai {
            self.end(ticket, Answer::Reset);
        } else if self.cluster.is_stale(self.now) {
            flight.tries += 1;
            self.broke(ticket);
        } else {
            match self.params.cold_calls {
                ColdCalls::Hold => {}
                ColdCalls::BadGateway => self.end(ticket, Answer::Reply(gateway::page(502))),
                ColdCalls::Unavailable => self.end(ticket, Answer::Reply(gateway::page(503))),
                ColdCalls::GatewayTimeout => self.end(ticket, Answer::Reply(gateway::page(504))),
                ColdCalls::TooMany => {
                    self.end(ticket, Answer::Reply(gateway::page(429).header("Retry-After", "5")))
                }
                ColdCalls::Reset => self.end(ticket, Answer::Reset),
            }
        }
    }

    /// A pod that answers as the query tells it.
    fn told(&mut self, ticket: Ticket) {
        let Some(flight) = self.flights.iter().find(|f| f.ticket == ticket) else { return };
        let request = &flight.request;
        let query =
            if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        self.journal
            .told
            .push((format!("{} {}{query}", request.method, request.path), request.body.clone()));
        if query_value(&request.query, "half").is_some() {
            return self.end(ticket, Answer::Reset);
        }
        if query_value(&request.query, "reset").is_some() {
            return self.broke(ticket);
        }
        let status =
            query_value(&request.query, "status").and_then(|s| s.parse().ok()).unwrap_or(200);
        let body = format!("{{\"comfy\":{status}}}");
        self.replied(ticket, Reply::new(status, "application/json; charset=utf-8", body));
    }

    /// The pod answered.
    pub(super) fn replied(&mut self, ticket: Ticket, reply: Reply) {
        let Some(flight) = self.flights.iter().find(|f| f.ticket == ticket) else { return };
        if self.params.kubeai
            && kubeai::tries_again(reply.status)
            && flight.tries <= self.params.retries
        {
            return self.dispatch(ticket);
        }
        let fetched = self.params.kill_at == KillAt::Fetched
            && flight.request.path.contains("/view")
            && reply.status == 200;
        if fetched && !self.cluster.killed_once && self.kill_due.is_none() {
            self.kill_due = Some(self.now + 400);
        }
        let reply = if self.params.kubeai { kubeai::pass_back(reply) } else { reply };
        self.end(ticket, Answer::Reply(reply));
    }

    /// The connection to the pod broke.
    fn broke(&mut self, ticket: Ticket) {
        let Some(flight) = self.flights.iter().find(|f| f.ticket == ticket) else { return };
        if !self.params.kubeai {
            self.end(ticket, Answer::Reset);
        } else if flight.tries <= self.params.retries {
            self.dispatch(ticket);
        } else {
            self.end(ticket, Answer::Reply(kubeai::failure(502, "Bad Gateway")));
        }
    }

    fn end(&mut self, ticket: Ticket, answer: Answer) {
        if let Some(at) = self.flights.iter().position(|f| f.ticket == ticket) {
            let flight = self.flights.swap_remove(at);
            if let Some(entry) = self.journal.entry(flight.place) {
                entry.tries = flight.tries as u32;
            }
            self.finish(ticket, flight.place, answer, flight.fault);
        }
    }

    pub(super) fn finish(
        &mut self,
        ticket: Ticket,
        place: usize,
        answer: Answer,
        fault: Option<Fault>,
    ) {
        let answer = gateway::pass_back(answer, fault);
        let now = self.now;
        if let Some(entry) = self.journal.entry(place) {
            entry.status = answer.status();
            entry.held_ms = Some(now - entry.at_ms);
            entry.ended = match &answer {
                Answer::Reply(_) => "reply",
                Answer::Reset => "reset",
                Answer::Cut { .. } => "cut",
            };
        }
        self.done.push((ticket, answer));
    }
}

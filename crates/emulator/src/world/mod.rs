//! The whole pretend cloud: gateway → kubeai → pods, in virtual time.
//!
//! Invariant: the world moves only when it is told the time; the same parameters, seed and calls
//! give the same answers.

use crate::cluster::Cluster;
use crate::fault::{self, Fault, PlannedFault};
use crate::gateway;
use crate::http::{Answer, Request, Ticket};
use crate::journal::{Execution, Journal, LogEntry, Outcome};
use crate::json::{Json, map};
use crate::kubeai::{self, Verdict};
use crate::params::{KillAt, Params};
use crate::rng::Rng;
use crate::{parse, scenario};

mod flights;

use flights::Flight;

/// A gateway, kubeai and ComfyUI. Times are milliseconds since the world began.
#[derive(Debug)]
pub struct World {
    params: Params,
    seed: u64,
    rng: Rng,
    now: u64,
    tickets: u64,
    flights: Vec<Flight>,
    done: Vec<(Ticket, Answer)>,
    planned: Vec<PlannedFault>,
    cluster: Cluster,
    journal: Journal,
    kill_due: Option<u64>,
}

impl World {
    /// A world at time 0.
    pub fn new(params: Params, seed: u64) -> Self {
        let mut journal = Journal::default();
        let cluster = Cluster::new(&params, seed, 0, &mut journal);
        Self {
            planned: params.faults.clone(),
            rng: Rng::new(seed),
            params,
            seed,
            now: 0,
            tickets: 0,
            flights: Vec::new(),
            done: Vec::new(),
            cluster,
            journal,
            kill_due: None,
        }
    }

    /// A request arrives. Its answer comes from [`World::advance`], under the ticket given here.
    pub fn handle(&mut self, mut request: Request, now_ms: u64) -> Ticket {
        self.run_until(now_ms);
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let fault = self.fault_for(&request);
        gateway::strip(&mut request, &self.params);
        let place = self.note(&request);
        if self.rng.chance(self.params.chaos_kill) {
            self.kill_now();
        }
        if let Some(answer) = gateway::refusal(&request, fault, &self.params) {
            self.finish(ticket, place, answer, None);
            return ticket;
        }
        let forward = if self.params.kubeai {
            let (request, model, reply) = match kubeai::look(&request, &self.params) {
                Verdict::Answer { reply, model } => (request, model, Some(reply)),
                Verdict::Forward { request, model } => (request, Some(model), None),
            };
            if let Some(entry) = self.journal.entry(place) {
                entry.model = model;
            }
            if let Some(reply) = reply {
                self.finish(ticket, place, Answer::Reply(reply), fault);
                return ticket;
            }
            request
        } else {
            request
        };
        if self.params.kill_at == KillAt::View
            && forward.path.contains("/view")
            && !self.cluster.killed_once
            && self.cluster.is_ready()
        {
            self.cluster.killed_once = true;
            self.kill_now();
        }
        let timeout = self.params.gateway_timeout_ms;
        let deadline = (timeout > 0).then(|| self.now + timeout);
        let pod_resets = if let Some(Fault::PodReset(times)) = fault { times } else { 0 };
        self.flights.push(Flight {
            ticket,
            place,
            deadline,
            arrived: self.now,
            request: forward,
            fault,
            pod: None,
            tries: 0,
            pod_resets,
        });
        self.dispatch(ticket);
        self.step();
        ticket
    }

    /// The client of a request left. What it started goes on.
    pub fn abandon(&mut self, ticket: Ticket, now_ms: u64) {
        self.run_until(now_ms);
        self.done.retain(|(t, _)| *t != ticket);
        let Some(at) = self.flights.iter().position(|f| f.ticket == ticket) else { return };
        let flight = self.flights.swap_remove(at);
        if let Some(pod) = flight.pod.and_then(|n| self.cluster.pod(n)) {
            pod.forget(ticket);
        }
        let now = self.now;
        if let Some(entry) = self.journal.entry(flight.place) {
            (entry.ended, entry.held_ms) = ("abandoned", Some(now - entry.at_ms));
        }
    }

    /// Lets the time pass and hands over every answer that is due.
    pub fn advance(&mut self, now_ms: u64) -> Vec<(Ticket, Answer)> {
        self.run_until(now_ms);
        std::mem::take(&mut self.done)
    }

    /// When something will happen by itself; at once when answers are waiting.
    pub fn next_at(&self) -> Option<u64> {
        if self.done.is_empty() { self.next_inside() } else { Some(self.now) }
    }

    /// The pod dies now, without a word; kubeai starts another.
    pub fn kill_pod(&mut self, now_ms: u64) {
        self.run_until(now_ms);
        self.kill_now();
    }

    /// The next request that matches meets this fault.
    pub fn plan_fault(&mut self, fault: PlannedFault) {
        self.planned.push(fault);
    }

    /// Every accepted POST of a graph and what became of it, in the order of acceptance.
    pub fn executions(&self) -> &[Execution] {
        &self.journal.executions
    }

    /// Every request as it arrived, and what was answered.
    pub fn log(&self) -> &[LogEntry] {
        &self.journal.log
    }

    /// Everything that is remembered.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The parameters as they stand.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The world's time.
    pub fn now_ms(&self) -> u64 {
        self.now
    }

    /// Whether a pod is ready.
    pub fn is_ready(&self) -> bool {
        self.cluster.is_ready()
    }

    /// The number of the pod that answers now, as in [`Execution::pod`]: the ready one, else a dying
    /// one.
    pub fn serving_pod(&self) -> Option<u64> {
        self.cluster.serving()
    }

    /// Whether the run is queued, running or ended in a pod that is still alive; `false` proves
    /// that it is gone for good.
    pub fn remembers(&mut self, prompt_id: &str) -> bool {
        let alive: Vec<u64> = self.cluster.pods().map(|pod| pod.pod).collect();
        self.journal.executions.iter().any(|e| {
            e.prompt_id == prompt_id && alive.contains(&e.pod) && e.outcome != Outcome::Deleted
        })
    }

    /// Deletes a file from the pod's output directory; false when there is none.
    pub fn delete_output(&mut self, path: &str) -> bool {
        self.cluster
            .disk()
            .is_some_and(|disk| disk.remove(crate::comfy::disk::Folder::Output, path))
    }

    /// Sets parameters from a JSON object; also `{"scenario": NAME}`, `{"kill": true}`,
    /// `{"reset": true}`. Nothing is changed when one of them is wrong.
    pub fn set(&mut self, text: &[u8], now_ms: u64) -> Result<(), String> {
        self.run_until(now_ms);
        let wanted =
            parse::go(text).map_err(|complaint| format!("That is not JSON: {}.", complaint.0))?;
        let pairs = wanted.as_map().ok_or("A JSON object of parameters is wanted.")?;
        let mut params = self.params.clone();
        let (mut reset, mut kill) = (false, false);
        if let Some(name) = wanted.get("scenario") {
            let name = name.as_str().unwrap_or("");
            let epoch_ms = params.epoch_ms;
            params = scenario::named(name).ok_or_else(|| {
                format!("There is no scenario {name:?}; --list-scenarios lists them.")
            })?;
            params.epoch_ms = epoch_ms;
            reset = true;
        }
        for (key, value) in pairs {
            match key.as_str() {
                "scenario" => {}
                "kill" => kill |= *value == Json::Bool(true),
                "reset" => reset |= *value == Json::Bool(true),
                _ => params.set(key, value)?,
            }
        }
        self.adopt(params, reset, wanted.get("faults").is_some());
        if kill {
            self.kill_now();
        }
        Ok(())
    }

    fn adopt(&mut self, params: Params, reset: bool, new_faults: bool) {
        let doom = params.kill_at == KillAt::Running && self.params.kill_at != KillAt::Running;
        if params.kill_at != self.params.kill_at {
            self.cluster.killed_once = false;
        }
        if new_faults {
            self.planned.clone_from(&params.faults);
        }
        self.params = params;
        if reset {
            self.reset();
        } else if doom {
            self.cluster.doom();
        } else if (self.params.always_one || !self.params.kubeai) && !self.cluster.is_ready() {
            self.cluster.want(self.now, &self.params);
        }
    }

    /// Begins anew with the present parameters: all connections end, nothing is remembered.
    fn reset(&mut self) {
        for flight in std::mem::take(&mut self.flights) {
            self.done.push((flight.ticket, Answer::Reset));
        }
        self.seed = self.rng.bits();
        self.journal = Journal::default();
        self.cluster = Cluster::new(&self.params, self.seed, self.now, &mut self.journal);
        self.planned.clone_from(&self.params.faults);
        self.kill_due = None;
    }

    /// What `/__emulator/state` shows.
    pub fn state_json(&self) -> Json {
        map([
            ("now_ms", self.now.into()),
            ("pod", self.cluster.to_json()),
            ("in_flight", (self.flights.len() as u64).into()),
            ("runs", self.journal.runs_json()),
            ("executions", self.journal.executions_json()),
            ("params", self.params.to_json()),
        ])
    }

    fn fault_for(&mut self, request: &Request) -> Option<Fault> {
        let mut hit = None;
        for (i, planned) in self.planned.iter_mut().enumerate() {
            if planned.strikes(&request.method, &request.path) {
                hit = Some(i);
                break;
            }
        }
        match hit {
            Some(i) => Some(self.planned.remove(i).fault),
            None => self.rng.chance(self.params.chaos_fault).then(|| fault::roll(&mut self.rng)),
        }
    }

    fn note(&mut self, request: &Request) -> usize {
        self.journal.arrived(LogEntry {
            at_ms: self.now,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            model: None,
            body_bytes: request.body.len(),
            status: None,
            ended: "held",
            held_ms: None,
            tries: 0,
        })
    }

    fn next_inside(&self) -> Option<u64> {
        let deadlines = self.flights.iter().filter_map(|f| f.deadline).min();
        [deadlines, self.kill_due, self.cluster.next_at(self.now, &self.params)]
            .into_iter()
            .flatten()
            .min()
    }

    fn run_until(&mut self, now_ms: u64) {
        while let Some(at) = self.next_inside().filter(|at| *at <= now_ms) {
            self.now = self.now.max(at);
            self.step();
        }
        self.now = self.now.max(now_ms);
    }

    /// Does everything that is due at this instant.
    fn step(&mut self) {
        if self.kill_due.is_some_and(|at| at <= self.now) {
            self.kill_due = None;
            self.cluster.killed_once = true;
            self.kill_now();
        }
        for pod in self.cluster.fatalities(self.now, &self.params, &mut self.journal) {
            self.break_off(pod);
        }
        let old = |f: &&Flight| f.arrived + self.params.sample_misses_ms <= self.now;
        let in_flight = self.flights.iter().filter(old).count() as u64;
        let changes = self.cluster.advance(self.now, in_flight, &self.params, &mut self.journal);
        if let Some(pod) = changes.died {
            self.break_off(pod);
        }
        if changes.ready {
            let held: Vec<Ticket> =
                self.flights.iter().filter(|f| f.pod.is_none()).map(|f| f.ticket).collect();
            for ticket in held {
                self.dispatch(ticket);
            }
        }
        let mut replies = Vec::new();
        for pod in self.cluster.pods() {
            pod.advance(self.now, &self.params, &mut self.journal, &mut replies);
        }
        for (ticket, reply) in replies {
            self.replied(ticket, reply);
        }
        while let Some(at) =
            self.flights.iter().position(|f| f.deadline.is_some_and(|d| d <= self.now))
        {
            let flight = self.flights.swap_remove(at);
            if let Some(pod) = flight.pod.and_then(|n| self.cluster.pod(n)) {
                pod.forget(flight.ticket);
            }
            self.finish(flight.ticket, flight.place, Answer::Reply(gateway::page(504)), None);
        }
    }

    fn kill_now(&mut self) {
        if let Some(pod) = self.cluster.kill(self.now, &self.params, &mut self.journal) {
            self.break_off(pod);
        }
    }
}

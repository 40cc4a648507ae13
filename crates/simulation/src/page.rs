//! The pretend page: its runs, what it knows of the server, and its store. It decides as the real
//! page's driver does. Invariant: a run is stored before the step of its new state is carried out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use pilotlight_engine::comfy::Endpoint;
use pilotlight_engine::json;
use pilotlight_engine::lane::{self, Move};
use pilotlight_engine::record::Stored;
use pilotlight_engine::run::{Around, Event, Limits, Run, Step};
use pilotlight_engine::server::Server;
use pilotlight_engine::time::At;
use serde_json::Value;

use crate::script::Kind;

/// The moment at which the world begins, by the browser's clock.
const BEGINNING_MS: u64 = 1_795_336_000_000;

pub fn at(now_ms: u64) -> At {
    At(BEGINNING_MS + now_ms)
}

/// One press of *Run*, or one of its several times: what is sent. It is stored with the run.
#[derive(Clone, Debug)]
pub struct Order {
    pub kind: Kind,
    /// Stands in the prompt and so in the result: tells whose picture it is.
    pub mark: String,
    pub seed: u64,
    /// Pictures to be made; 1 for an answer.
    pub pictures: u64,
}

#[derive(Clone, Debug)]
pub struct Job {
    pub number: usize,
    /// Where it stands in the lane.
    pub place: u32,
    pub run: Run,
    /// The name under which its picture is at the server.
    pub uploaded: Option<String>,
}

/// What outlives the page.
#[derive(Debug, Default)]
pub struct Store {
    pub records: BTreeMap<usize, String>,
    pub places: BTreeMap<usize, u32>,
    pub is_paused: bool,
    /// The files of runs that are not over, by their places.
    pub files: BTreeMap<usize, BTreeSet<usize>>,
    heard_at: Option<At>,
}

#[derive(Debug)]
pub struct Page {
    pub endpoint: Endpoint,
    pub jobs: Vec<Job>,
    pub orders: Vec<Order>,
    pub store: Store,
    pub hidden: bool,
    /// Counts reloads: what belongs to an earlier life is nobody's.
    pub life: u32,
    pub is_open: bool,
    pub is_paused: bool,
    server: Server,
    limits: Limits,
    usual_run_ms: Option<(u64, u64)>,
}

impl Store {
    /// The places of the files of a run that are stored.
    pub fn here(&self, number: usize) -> impl Iterator<Item = usize> {
        self.files.get(&number).into_iter().flatten().copied()
    }
}

impl Page {
    pub fn new(endpoint: Endpoint, limits: Limits, usual_run_ms: Option<(u64, u64)>) -> Self {
        Self {
            endpoint,
            jobs: Vec::new(),
            orders: Vec::new(),
            store: Store::default(),
            hidden: false,
            life: 0,
            is_open: true,
            is_paused: false,
            server: Server::default(),
            limits,
            usual_run_ms,
        }
    }

    pub fn job(&self, number: usize) -> Option<&Job> {
        self.jobs.iter().find(|job| job.number == number)
    }

    pub fn job_mut(&mut self, number: usize) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.number == number)
    }

    pub fn around(&self, now_ms: u64) -> Around {
        Around {
            now: at(now_ms),
            heard_at: self.server.heard_at,
            long_poll: self.server.long_poll,
            usual_run_ms: self.usual_run_ms,
            hidden: self.hidden,
            limits: self.limits,
        }
    }

    /// Puts a run into the lane, stored before anything is asked for it.
    pub fn start(&mut self, id: pilotlight_engine::id::PromptId, order: Order, now_ms: u64) {
        let number = self.orders.len();
        let has_pictures = order.kind == Kind::Answer;
        self.orders.push(order);
        let run = Run::new(id, has_pictures, at(now_ms));
        self.jobs.push(Job { number, place: number as u32, run, uploaded: None });
        self.keep(number);
    }

    /// Which run the lane lets go next.
    pub fn next(&self) -> Option<usize> {
        let next = lane::next(self.lane(), self.is_paused)?;
        Some(self.jobs.get(next)?.number)
    }

    /// The runs that wait, in the order shown.
    pub fn waiting(&self) -> Vec<usize> {
        lane::waiting(self.lane()).into_iter().map(|at| self.jobs[at].number).collect()
    }

    /// Moves a run that waits, and stores where those are now that changed places.
    pub fn shift(&mut self, number: usize, how: Move) {
        let Some(index) = self.jobs.iter().position(|job| job.number == number) else { return };
        for (at, place) in lane::moved(self.lane(), index, how) {
            self.jobs[at].place = place;
            self.keep(self.jobs[at].number);
        }
    }

    pub fn pause(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
        self.store.is_paused = is_paused;
    }

    fn lane(&self) -> impl Iterator<Item = (u32, &Run)> {
        self.jobs.iter().map(|job| (job.place, &job.run))
    }

    /// Tells a run what happened, stores what it has become, and says what it wants done.
    pub fn tell(&mut self, number: usize, event: Event, now_ms: u64) -> Option<Step> {
        let heard_at = self.server.heard_at;
        self.server.learn(&event, at(now_ms));
        let around = self.around(now_ms);
        let job = self.job_mut(number)?;
        let before = job.run.stored();
        let step = job.run.update(event, &around)?;
        if before != job.run.stored() {
            self.keep(number);
        }
        if self.server.heard_at != heard_at {
            self.store.heard_at = self.server.heard_at;
        }
        Some(step)
    }

    /// All that is not stored is gone.
    pub fn close(&mut self) {
        self.life += 1;
        self.is_open = false;
        self.jobs.clear();
    }

    /// Takes up what was stored, and says what each of those runs wants done.
    pub fn open(&mut self, now_ms: u64) -> Vec<(usize, Step)> {
        self.is_open = true;
        self.is_paused = self.store.is_paused;
        self.server = Server { heard_at: self.store.heard_at, ..Server::default() };
        let mut steps = Vec::new();
        for (number, record) in &self.store.records {
            let Some(stored) = json::parse(record).as_ref().and_then(Stored::from_value) else {
                continue;
            };
            let here: Vec<usize> = self.store.here(*number).collect();
            let (run, step) = Run::restore(&stored, &here, self.is_paused, &self.around(now_ms));
            let place = self.store.places.get(number).copied().unwrap_or(*number as u32);
            self.jobs.push(Job { number: *number, place, run, uploaded: None });
            steps.push((*number, step));
        }
        steps
    }

    /// The graph of a run, with its picture's name at the server.
    pub fn graph(&self, number: usize) -> Value {
        let (Some(order), Some(job)) = (self.orders.get(number), self.job(number)) else {
            return Value::Null;
        };
        let (mut graph, node, words) = match order.kind {
            Kind::Picture => (templates().0.clone(), "2", "prompt"),
            Kind::Answer => (templates().1.clone(), "4", "question"),
        };
        graph[node]["inputs"][words] = Value::from(order.mark.as_str());
        graph[node]["inputs"]["seed"] = Value::from(order.seed);
        if order.kind == Kind::Picture {
            graph[node]["inputs"]["batch_size"] = Value::from(order.pictures);
        }
        if let Some(name) = &job.uploaded {
            graph["5"]["inputs"]["image"] = Value::from(name.as_str());
        }
        graph
    }

    fn keep(&mut self, number: usize) {
        let Some(job) = self.jobs.iter().find(|job| job.number == number) else { return };
        self.store.places.insert(number, job.place);
        match job.run.stored() {
            Some(stored) => {
                self.store.records.insert(number, stored.to_value().to_string());
            }
            None => {
                self.store.records.remove(&number);
            }
        }
    }
}

/// The two workflows that come with the page, without what only a form needs.
fn templates() -> &'static (Value, Value) {
    static BOTH: OnceLock<(Value, Value)> = OnceLock::new();
    BOTH.get_or_init(|| {
        let graph = |text: &str| {
            let mut graph = json::parse(text).unwrap_or_default()["prompt"].take();
            for node in
                graph.as_object_mut().into_iter().flatten().filter_map(|(_, n)| n.as_object_mut())
            {
                node.remove("_meta");
            }
            graph
        };
        (
            graph(include_str!("../../../public/workflows/janus-text-to-image.json")),
            graph(include_str!("../../../public/workflows/janus-image-understanding.json")),
        )
    })
}

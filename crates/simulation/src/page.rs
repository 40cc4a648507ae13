//! The pretend page, in one tab or two: its runs, what it knows of the server, and its store. It
//! decides as the real page's driver does. Invariant: a run is stored before the step of its new state
//! is carried out, or the page has said that it is not; it belongs to one tab.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use pilotlight_engine::comfy::Endpoint;
use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::lane::{self, Move};
use pilotlight_engine::record::Stored;
use pilotlight_engine::run::{Around, Event, Limits, Run, Step};
use pilotlight_engine::server::Server;
use pilotlight_engine::time::At;
use serde_json::Value;

use crate::chance::Chance;
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
    /// The tab that looks after it.
    pub tab: usize,
    /// What belongs to an earlier life of it is nobody's.
    pub life: u32,
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
    /// The browser had no room for these, and the page has said so.
    pub refused: BTreeSet<usize>,
    heard_at: Option<At>,
}

#[derive(Debug, Default)]
struct Tab {
    is_open: bool,
    was_open: bool,
    server: Server,
}

#[derive(Debug)]
pub struct Page {
    pub endpoint: Endpoint,
    pub jobs: Vec<Job>,
    pub orders: Vec<Order>,
    pub store: Store,
    pub hidden: bool,
    pub is_paused: bool,
    tabs: [Tab; 2],
    lives: u32,
    /// Decides whether the browser has room for a record.
    room: Chance,
    writes_fail_percent: u64,
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
    /// `room`: decides which records find none, so many in a hundred.
    pub fn new(
        endpoint: Endpoint,
        limits: Limits,
        usual_run_ms: Option<(u64, u64)>,
        (room, writes_fail_percent): (Chance, u64),
    ) -> Self {
        let mut tabs = <[Tab; 2]>::default();
        (tabs[0].is_open, tabs[0].was_open) = (true, true);
        Self {
            endpoint,
            jobs: Vec::new(),
            orders: Vec::new(),
            store: Store::default(),
            hidden: false,
            is_paused: false,
            tabs,
            lives: 0,
            room,
            writes_fail_percent,
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

    /// Which life of a run goes on; `None` when no tab looks after it.
    pub fn life_of(&self, number: usize) -> Option<u32> {
        self.job(number).map(|job| job.life)
    }

    pub fn is_open(&self) -> bool {
        self.tabs.iter().any(|tab| tab.is_open)
    }

    /// How many lanes there have been.
    pub fn lanes(&self) -> usize {
        self.tabs.iter().filter(|tab| tab.was_open).count()
    }

    pub fn is_open_in(&self, tab: usize) -> bool {
        self.tabs[tab].is_open
    }

    fn around(&self, tab: usize, now_ms: u64) -> Around {
        let server = &self.tabs[tab].server;
        Around {
            now: at(now_ms),
            heard_at: server.heard_at,
            long_poll: server.long_poll,
            usual_run_ms: self.usual_run_ms,
            hidden: self.hidden,
            limits: self.limits,
        }
    }

    /// Puts a run into the lane, stored before anything is asked for it.
    pub fn start(&mut self, tab: usize, id: PromptId, order: Order, now_ms: u64) {
        let number = self.orders.len();
        let has_pictures = order.kind == Kind::Answer;
        self.orders.push(order);
        let run = Run::new(id, has_pictures, at(now_ms));
        self.lives += 1;
        let (life, place) = (self.lives, number as u32);
        self.jobs.push(Job { number, tab, life, place, run, uploaded: None });
        self.keep(number);
    }

    /// Which run the lane of a tab lets go next.
    pub fn next(&self, tab: usize) -> Option<usize> {
        let own: Vec<&Job> = self.jobs.iter().filter(|job| job.tab == tab).collect();
        let next = lane::next(own.iter().map(|job| (job.place, &job.run)), self.is_paused)?;
        Some(own.get(next)?.number)
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
        let tab = self.job(number)?.tab;
        let server = &mut self.tabs[tab].server;
        let heard_at = server.heard_at;
        server.learn(&event, at(now_ms));
        if server.heard_at != heard_at {
            self.store.heard_at = server.heard_at;
        }
        let around = self.around(tab, now_ms);
        let job = self.job_mut(number)?;
        let before = job.run.stored();
        let step = job.run.update(event, &around)?;
        if before != job.run.stored() {
            self.keep(number);
        }
        Some(step)
    }

    /// All of this tab that is not stored is gone.
    pub fn close(&mut self, tab: usize) {
        self.tabs[tab].is_open = false;
        self.jobs.retain(|job| job.tab != tab);
    }

    pub fn open(&mut self, tab: usize) {
        self.is_paused = self.store.is_paused;
        let server = Server { heard_at: self.store.heard_at, ..Server::default() };
        self.tabs[tab] = Tab { is_open: true, was_open: true, server };
    }

    /// Takes up what was stored and no other tab looks after, and says what each of those runs
    /// wants done.
    pub fn take_up(&mut self, tab: usize, now_ms: u64) -> Vec<(usize, Step)> {
        let mut steps = Vec::new();
        for (number, record) in self.store.records.clone() {
            if self.job(number).is_some() {
                continue;
            }
            let Some(stored) = json::parse(&record).as_ref().and_then(Stored::from_value) else {
                continue;
            };
            if stored.ended.is_none() {
                // Which of them they are nobody knows any more.
                self.store.files.remove(&number);
            }
            let here: Vec<usize> = self.store.here(number).collect();
            let around = self.around(tab, now_ms);
            let (run, step) = Run::restore(&stored, &here, self.is_paused, &around);
            let place = self.store.places.get(&number).copied().unwrap_or(number as u32);
            self.lives += 1;
            self.jobs.push(Job { number, tab, life: self.lives, place, run, uploaded: None });
            steps.push((number, step));
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
            Some(stored) => self.write(number, stored),
            None => {
                self.store.records.remove(&number);
            }
        }
    }

    /// Where there is no room, first without what the history said, then not at all: a former
    /// record would be believed.
    fn write(&mut self, number: usize, stored: Stored) {
        let short = stored.ended.is_some().then(|| Stored { ended: None, ..stored.clone() });
        for stored in [Some(stored), short].into_iter().flatten() {
            if !self.room.percent(self.writes_fail_percent) {
                self.store.records.insert(number, stored.to_value().to_string());
                self.store.refused.remove(&number);
                return;
            }
        }
        self.store.records.remove(&number);
        self.store.refused.insert(number);
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

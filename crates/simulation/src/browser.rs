//! The browser that the page runs in: what it stores, which tab holds which lock, and a session for
//! each open tab. Invariant: nothing is decided here; what a tab does is decided by its `Session`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::OnceLock;

use pilotlight_comfy::comfy::{Endpoint, Response};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::At;
use pilotlight_forms::form::{Draft, FieldKey, Form, Package, PictureRef};
use pilotlight_runs::estimate::Waits;
use pilotlight_runs::run::{Phase, Run};
use pilotlight_runs::usage::{Ledger, Zone};
use pilotlight_session::{
    Context, Effect, Event, RequestId, RunEntry, RunNumber, RunRequest, Session, Settings, Storage,
};

use crate::chance::Chance;
use crate::script::{Kind, Script};

/// How often a tab counts what goes on.
const TICK_MS: u64 = 10_000;
/// The moment at which the world begins, by the browser's clock.
const BEGINNING_MS: u64 = 1_795_336_000_000;

pub fn at(now_ms: u64) -> At {
    At(BEGINNING_MS + now_ms)
}

/// What a run was requested for, as an onlooker knows it.
#[derive(Clone, Debug)]
pub struct Order {
    pub kind: Kind,
    /// Stands in the prompt and so in the result: tells whose picture it is.
    pub mark: String,
    pub seed: u64,
    /// Pictures to be made; 1 for an answer.
    pub pictures: u64,
}

/// What outlives the page.
#[derive(Debug, Default)]
pub struct Store {
    /// Local storage.
    pub values: BTreeMap<String, String>,
    /// Files in the database, by prompt id and place.
    pub files: BTreeSet<(String, usize)>,
    /// The runs whose results are in the database.
    pub results: BTreeSet<usize>,
    /// The user was told that these are in memory only.
    pub refused: BTreeSet<usize>,
}

#[derive(Debug)]
pub struct Tab {
    pub session: Session,
    /// Calls and timers of an earlier life of the tab belong to nobody.
    pub life: u32,
    /// What storage refused.
    memory: BTreeMap<String, String>,
    /// The runs that were in its list, by their numbers, as an onlooker counts them. Where nothing
    /// is stored, another tab gives the same numbers to others.
    indices: BTreeMap<RunNumber, usize>,
    /// Whether somebody pressed *Wake* or *Keep awake* since it was opened.
    pub has_keep_awake_press: bool,
    /// The files that arrived and are not yet stored or dropped.
    pub arrived: BTreeMap<RequestId, Response>,
}

/// Which tab holds a lock, and which wait for it, in order.
#[derive(Debug, Default)]
struct Lock {
    holder: Option<usize>,
    waiting: Vec<usize>,
}

impl Lock {
    /// Whether it is granted at once.
    fn ask(&mut self, tab: usize) -> bool {
        match self.holder {
            None => self.holder = Some(tab),
            Some(holder) if holder == tab => {}
            Some(_) if self.waiting.contains(&tab) => {}
            Some(_) => self.waiting.push(tab),
        }
        self.holder == Some(tab)
    }

    /// Returns the tab to which it goes.
    fn release(&mut self, tab: usize) -> Option<usize> {
        self.waiting.retain(|waiting| *waiting != tab);
        if self.holder != Some(tab) {
            return None;
        }
        self.holder = (!self.waiting.is_empty()).then(|| self.waiting.remove(0));
        self.holder
    }
}

#[derive(Debug)]
pub struct Browser {
    pub endpoint: Endpoint,
    /// By run, counted from 0.
    pub orders: Vec<Order>,
    /// The runs by the prompt ids that they began with.
    ids: BTreeMap<String, usize>,
    pub store: Store,
    pub is_hidden: bool,
    pub tabs: [Option<Tab>; 2],
    was_open: [bool; 2],
    locks: BTreeMap<RunNumber, Lock>,
    leader: Lock,
    lives: u32,
    settings: Settings,
    /// Decides what storage has room for.
    room: Chance,
    writes_fail_percent: u64,
}

/// Storage as one tab sees it.
struct View<'a> {
    values: &'a BTreeMap<String, String>,
    memory: &'a BTreeMap<String, String>,
}

impl Storage for View<'_> {
    fn get(&self, key: &str) -> Option<String> {
        self.values.get(key).or_else(|| self.memory.get(key)).cloned()
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        let all = [self.values, self.memory].into_iter().flat_map(BTreeMap::keys);
        all.filter(|key| key.starts_with(prefix)).cloned().collect()
    }

    fn is_stored(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }
}

impl Store {
    /// The record of a run with one of these ids, as stored.
    pub fn record(&self, ids: &[String]) -> Option<serde_json::Value> {
        let names = |text: &&String| ids.iter().any(|id| text.contains(id.as_str()));
        let record = self.records().find(names)?;
        serde_json::from_str(record).ok()
    }

    /// The texts of all records.
    pub fn records(&self) -> impl Iterator<Item = &String> {
        let from = self.values.range("run.".to_owned()..);
        from.take_while(|(key, _)| key.starts_with("run.")).map(|(_, text)| text)
    }

    /// The places of the files of a run that are stored, by the ids it has.
    pub fn here<'a>(&'a self, ids: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        self.files.iter().filter(|(id, _)| ids.contains(id)).map(|(_, place)| *place)
    }
}

impl Browser {
    pub fn new(endpoint: Endpoint, script: &Script, room: Chance) -> Self {
        let mut browser = Self {
            endpoint,
            orders: Vec::new(),
            ids: BTreeMap::new(),
            store: Store::default(),
            is_hidden: false,
            tabs: [None, None],
            was_open: [false; 2],
            locks: BTreeMap::new(),
            leader: Lock::default(),
            lives: 0,
            settings: Settings {
                limits: script.limits,
                idle_delay_ms: script.idle_delay_ms,
                limits_of_use: [script.minutes_per_day, None],
                tick_ms: TICK_MS,
                ..Settings::default()
            },
            room,
            writes_fail_percent: script.records_fail_percent,
        };
        if let Some((from, to)) = script.usual_run_ms {
            browser.learn_waits([from, to]);
        }
        browser
    }

    /// What earlier visits learnt of how long runs take.
    fn learn_waits(&mut self, all: [u64; 2]) {
        let mut waits = Waits::default();
        for form in forms() {
            let kind = format!("running {} {}", form.id, self.endpoint.key());
            all.iter().for_each(|ms| waits.add(&kind, *ms));
        }
        self.store
            .values
            .insert("waits".to_owned(), serde_json::to_string(&waits).unwrap_or_default());
    }

    /// Opens a tab; what it is told first are `events_of_opening`.
    pub fn open(&mut self, tab: usize) {
        self.lives += 1;
        self.was_open[tab] = true;
        self.tabs[tab] = Some(Tab {
            session: Session::new(self.settings.clone()),
            life: self.lives,
            memory: BTreeMap::new(),
            indices: BTreeMap::new(),
            has_keep_awake_press: false,
            arrived: BTreeMap::new(),
        });
    }

    pub fn events_of_opening(&self) -> Vec<Event> {
        let mut events = vec![Event::EndpointChanged(Some(self.endpoint.clone()))];
        events.extend(forms().iter().map(|form| Event::FormOpened(Rc::new(form.clone()))));
        events.push(Event::Opened { only_form: None });
        events
    }

    /// Closes a tab. Its locks go to the tabs that wait for them: returns those with the runs.
    pub fn close(&mut self, tab: usize) -> Vec<(usize, RunNumber)> {
        self.tabs[tab] = None;
        let runs: Vec<RunNumber> = self.locks.keys().copied().collect();
        let granted = |run| Some((self.release_lock(tab, run)?, run));
        runs.into_iter().filter_map(granted).collect()
    }

    /// Whether the lock is granted at once.
    pub fn ask_for_lock(&mut self, tab: usize, run: RunNumber) -> bool {
        self.locks.entry(run).or_default().ask(tab)
    }

    /// The same for the lock of the leader.
    pub fn ask_to_be_leader(&mut self, tab: usize) -> bool {
        self.leader.ask(tab)
    }

    /// A tab gives a lock back, or asks for it no longer. Returns the tab to which it goes.
    pub fn release_lock(&mut self, tab: usize, run: RunNumber) -> Option<usize> {
        self.locks.get_mut(&run)?.release(tab)
    }

    /// A tab that is closed is no leader any more. Returns the tab that is one now.
    pub fn leave_leader(&mut self, tab: usize) -> Option<usize> {
        self.leader.release(tab)
    }

    pub fn tab(&self, tab: usize) -> Option<&Tab> {
        self.tabs[tab].as_ref()
    }

    /// Tells a tab what happened.
    pub fn handle(
        &mut self,
        tab: usize,
        event: Event,
        now_ms: u64,
        chance: &mut Chance,
    ) -> Vec<Effect> {
        let Some(tab) = self.tabs[tab].as_mut() else { return Vec::new() };
        let chance = RefCell::new(chance);
        let context = Context {
            now: at(now_ms),
            zone: Zone(0),
            is_hidden: self.is_hidden,
            storage: &View { values: &self.store.values, memory: &tab.memory },
            random: &|| chance.borrow_mut().bytes(),
        };
        tab.session.handle(event, &context)
    }

    /// Writes a value; `false` where there is no room for it, and its former value is gone.
    pub fn write(&mut self, tab: usize, key: &str, value: &str, may_fail: bool) -> bool {
        let percent = if may_fail || !self.is_available() { self.writes_fail_percent } else { 0 };
        let is_refused = self.room.percent(percent);
        let Some(tab) = self.tabs[tab].as_mut() else { return false };
        if is_refused {
            self.store.values.remove(key);
            tab.memory.insert(key.to_owned(), value.to_owned());
        } else {
            self.store.values.insert(key.to_owned(), value.to_owned());
            tab.memory.remove(key);
        }
        !is_refused
    }

    pub fn remove(&mut self, tab: usize, key: &str) {
        self.store.values.remove(key);
        if let Some(tab) = self.tabs[tab].as_mut() {
            tab.memory.remove(key);
        }
    }

    /// The GPU time that is counted up to now, in ms.
    pub fn used_ms(&self, now_ms: u64) -> u64 {
        let stored = self.store.values.get(&format!("used.{}", self.endpoint.key()));
        let read = stored.and_then(|text| serde_json::from_str(text).ok());
        let ledger: Ledger = read.unwrap_or_default();
        ledger.this_month(at(now_ms), Zone(0)).total_ms()
    }

    /// Whether a run goes on that does not wait in the queue, or the GPU is being woken or kept
    /// awake.
    pub fn goes_on(&self) -> bool {
        let is_busy = |run: &Run| run.is_live() && *run.phase() != Phase::Waiting;
        let keeps = |tab: &Tab| tab.session.keep_awake().is_on();
        self.tabs.iter().flatten().any(keeps) || self.jobs().any(|(_, job)| is_busy(&job.run))
    }

    /// Whether anything is stored for the page.
    pub fn is_available(&self) -> bool {
        self.writes_fail_percent < 100
    }

    /// The runs of all open tabs.
    pub fn jobs(&self) -> impl Iterator<Item = (usize, &RunEntry)> {
        self.tabs.iter().flatten().flat_map(Tab::jobs)
    }

    /// Counts the runs that are new in the list of a tab: those that were requested last among
    /// those that have not begun, told by their words, and those that are known by their ids.
    pub fn count_new_runs(&mut self, tab: usize) {
        let Some(tab) = self.tabs[tab].as_mut() else { return };
        for job in tab.session.jobs() {
            let id = job.run.id().as_str();
            if tab.indices.contains_key(&job.number) {
                continue;
            }
            let index = self.ids.get(id).copied().or_else(|| {
                let has_begun = |at: &usize| self.ids.values().any(|index| index == at);
                let words = |at: &usize| self.orders[*at].mark == job.request.title;
                (0..self.orders.len()).filter(words).find(|at| !has_begun(at))
            });
            if let Some(index) = index {
                self.ids.insert(id.to_owned(), index);
                tab.indices.insert(job.number, index);
            }
        }
    }

    /// Which run the server knows by another id from now on.
    pub fn knows_as(&mut self, id: &str, index: usize) {
        self.ids.insert(id.to_owned(), index);
    }

    pub fn index_of_id(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    pub fn job(&self, number: usize) -> Option<&RunEntry> {
        self.jobs().find(|(known, _)| *known == number).map(|(_, job)| job)
    }

    /// The tab that looks after a run.
    pub fn tab_of(&self, number: usize) -> Option<usize> {
        let has = |tab: &Tab| tab.jobs().any(|(index, _)| index == number);
        self.tabs.iter().position(|tab| tab.as_ref().is_some_and(has))
    }

    pub fn is_open(&self) -> bool {
        self.tabs.iter().any(Option::is_some)
    }

    pub fn is_open_in(&self, tab: usize) -> bool {
        self.tabs[tab].is_some()
    }

    /// In how many tabs the page was open.
    pub fn tabs_used(&self) -> usize {
        self.was_open.iter().filter(|was_open| **was_open).count()
    }

    /// The number of the next run.
    pub fn next_number(&self) -> usize {
        self.orders.len()
    }
}

impl Tab {
    /// The runs in its list, as an onlooker counts them.
    pub fn jobs(&self) -> impl Iterator<Item = (usize, &RunEntry)> {
        self.session.jobs().iter().filter_map(|job| Some((self.index(job.number)?, job)))
    }

    pub fn index(&self, number: RunNumber) -> Option<usize> {
        self.indices.get(&number).copied()
    }
}

/// The two workflows that come with the page.
fn forms() -> &'static [Form; 2] {
    static BOTH: OnceLock<[Form; 2]> = OnceLock::new();
    BOTH.get_or_init(|| {
        [
            include_str!("../../../public/workflows/janus-text-to-image.json"),
            include_str!("../../../public/workflows/janus-image-understanding.json"),
        ]
        .map(|text| Package::parse(text).expect("a workflow of the page").parts().0)
    })
}

/// What a press of *Run* asks for: filled in and checked as the page does.
pub fn request(order: &Order) -> RunRequest {
    let [picture, answer] = forms();
    let text = |text: String| Draft::Text(text);
    let (form, filled) = match order.kind {
        Kind::Picture => (
            picture,
            vec![
                ("2", "prompt", text(order.mark.clone())),
                ("2", "seed", text(order.seed.to_string())),
                ("2", "batch_size", text(order.pictures.to_string())),
            ],
        ),
        Kind::Answer => {
            let picture = PictureRef {
                name: "input.png".to_owned(),
                size_bytes: 70,
                hash: "0a1b2c".to_owned(),
            };
            (
                answer,
                vec![
                    ("4", "question", text(order.mark.clone())),
                    ("4", "seed", text(order.seed.to_string())),
                    ("5", "image", Draft::Picture(Some(picture))),
                ],
            )
        }
    };
    let mut drafts = form.drafts(Language::English);
    for (node, input, draft) in filled {
        drafts.set(FieldKey::new(node, input), draft);
    }
    let ready = form.check(&drafts, order.seed).expect("a form that is filled in");
    RunRequest { form: form.id.clone(), title: order.mark.clone(), drafts, ready }
}

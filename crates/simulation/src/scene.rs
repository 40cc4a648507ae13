//! One seed, played: the page, the world, and what lies between them, instant by instant.
//! Invariant: time only moves here; the page acts only when something happened to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use pilotlight_comfy::comfy::{Endpoint, Request};
use pilotlight_comfy::failure::Failure;
use pilotlight_emulator::World;
use pilotlight_runs::run::{Outcome, Phase};
use pilotlight_session::{Event, TimerId};

use crate::browser::Browser;
use crate::chance::Chance;
use crate::network::Call;
use crate::observer::Observer;
use crate::report::{Report, Tally, Violation};
use crate::script::{Act, Moment, Script};
use crate::wire;

/// No script needs longer; what goes on after that goes on for ever.
const HORIZON_MS: u64 = 6 * 3_600_000;
const INSTANTS_MAX: u32 = 100_000;

pub struct Scene {
    pub now: u64,
    pub world: World,
    pub browser: Browser,
    pub script: Script,
    pub observer: Observer,
    pub tally: Tally,
    pub(crate) chance: Chance,
    pub(crate) calls: Vec<Call>,
    pub(crate) asleep_until: u64,
    pub(crate) stopped_by_stranger: bool,
    pub(crate) pictures_lost: bool,
    diary: Option<Vec<String>>,
    agenda: BinaryHeap<Reverse<Due>>,
    pub(crate) count: u64,
    steps: u32,
}

#[derive(Debug)]
pub(crate) enum What {
    Arrive(u64),
    Straggle(usize, Box<Request>),
    Came(u64),
    Limit(u64),
    Fire { tab: usize, life: u32, timer: TimerId, throttled: bool },
    Tell { tab: usize, life: u32, event: Box<Event> },
    Press(usize),
    Action(Act),
    Open(usize),
    Show,
    Rouse,
    Resume,
    Mend(usize),
}

#[derive(Debug)]
struct Due {
    at: u64,
    count: u64,
    what: What,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.count) == (other.at, other.count)
    }
}
impl Eq for Due {}
impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.count).cmp(&(other.at, other.count))
    }
}

/// Plays one seed to its end, or to the first broken property.
pub fn play(seed: u64, with_diary: bool) -> Report {
    let mut scene = Scene::new(seed, with_diary);
    scene.note(|| format!("{:?}", scene_opening(seed)));
    let violation = scene.run();
    Report { seed, violation, tally: scene.tally, diary: scene.diary.unwrap_or_default() }
}

fn scene_opening(seed: u64) -> Script {
    Script::draw(&mut Chance::new(seed))
}

impl Scene {
    fn new(seed: u64, with_diary: bool) -> Self {
        let mut chance = Chance::new(seed);
        let script = Script::draw(&mut chance);
        let world = World::new(script.params.clone(), chance.bits());
        let (base, model) = match script.params.kubeai {
            true => ("openai", Some(wire::MODEL)),
            false => ("", None),
        };
        let endpoint = Endpoint::new(base, model, script.transport);
        let mut scene = Self {
            now: 0,
            world,
            browser: Browser::new(endpoint, &script, Chance::new(!seed)),
            observer: Observer::new(&script),
            tally: Tally::default(),
            chance,
            calls: Vec::new(),
            asleep_until: 0,
            stopped_by_stranger: false,
            pictures_lost: false,
            diary: with_diary.then(Vec::new),
            agenda: BinaryHeap::new(),
            count: 0,
            steps: 0,
            script,
        };
        scene.open(0);
        for at in 0..scene.script.presses.len() {
            scene.due(scene.script.presses[at].at_ms, What::Press(at));
        }
        if let Some(ms) = scene.script.second_tab_at_ms {
            scene.due(ms, What::Open(1));
        }
        for at in 0..scene.script.actions.len() {
            if let Moment::At(ms) = scene.script.actions[at].when {
                scene.due(ms, What::Action(scene.script.actions[at].act));
            }
        }
        scene
    }

    fn run(&mut self) -> Option<Violation> {
        let mut instants = 0;
        while self.observer.violation.is_none() {
            let Some(next) = self.agenda.peek().map(|Reverse(due)| due.at) else { break };
            let next = self.world.next_at().map_or(next, |world| world.min(next)).max(self.now);
            instants += 1;
            if next > HORIZON_MS || instants > INSTANTS_MAX {
                self.observer.goes_on(&self.browser, next, instants);
                break;
            }
            self.now = next;
            for (ticket, answer) in self.world.advance(next) {
                self.answered(ticket, answer);
            }
            self.observer.instant(&self.world);
            while self.observer.violation.is_none()
                && self.agenda.peek().is_some_and(|Reverse(due)| due.at <= self.now)
            {
                let Some(Reverse(due)) = self.agenda.pop() else { break };
                instants += 1;
                if instants > INSTANTS_MAX {
                    break;
                }
                self.happen(due.what);
            }
        }
        if self.observer.violation.is_none() {
            self.observer.final_state(
                self.now,
                &self.browser,
                &self.world,
                self.stopped_by_stranger,
            );
        }
        self.tally.many("also", "misses forgiven", self.observer.forgiven());
        self.tally.many(
            "a prompt",
            "queued more than once by kubeai",
            self.queued_more_than_once(),
        );
        self.observer.violation.take()
    }

    /// Executions that follow another of the same id in the same pod.
    fn queued_more_than_once(&self) -> u64 {
        let all = self.world.executions();
        let again = |at: usize| {
            all[..at].iter().any(|e| (e.pod, &e.prompt_id) == (all[at].pod, &all[at].prompt_id))
        };
        (0..all.len()).filter(|at| again(*at)).count() as u64
    }

    /// A line for whoever reads a failing seed.
    pub fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(diary) = &mut self.diary {
            diary.push(format!("{:>9.3} s  {}", self.now as f64 / 1_000.0, line()));
        }
    }

    pub(crate) fn due(&mut self, at: u64, what: What) {
        self.count += 1;
        self.agenda.push(Reverse(Due { at, count: self.count, what }));
    }

    fn happen(&mut self, what: What) {
        let asleep = self.asleep_until > self.now;
        let waits_for_lid = matches!(
            what,
            What::Came(_)
                | What::Limit(_)
                | What::Fire { .. }
                | What::Tell { .. }
                | What::Press(_)
                | What::Resume
                | What::Mend(_)
        );
        if asleep && waits_for_lid {
            return self.due(self.asleep_until, what);
        }
        match what {
            What::Arrive(id) => self.arrive(id),
            What::Straggle(number, request) => self.straggle(number, &request),
            What::Came(id) => self.came(id),
            What::Limit(id) => self.limit(id),
            What::Fire { tab, life, timer, throttled } => {
                if self.browser.is_hidden && !throttled {
                    let at = self.now + self.chance.below(60_000);
                    return self.due(at, What::Fire { tab, life, timer, throttled: true });
                }
                self.tell(tab, life, Event::TimerFired(timer));
            }
            What::Tell { tab, life, event } => self.tell(tab, life, *event),
            What::Press(at) => self.press(at),
            What::Action(act) => self.act(act),
            What::Open(tab) => self.open(tab),
            What::Show => {
                self.browser.is_hidden = false;
                self.wake();
            }
            What::Rouse => self.wake(),
            What::Resume if self.browser.is_open() => self.resume(),
            // The person finds it paused when the page is open again.
            What::Resume => self.later_resume(5_000),
            What::Mend(number) => self.mend(number),
        }
    }

    pub(crate) fn later_fire(&mut self, tab: usize, timer: TimerId, ms: u64) {
        let Some(life) = self.browser.tab(tab).map(|tab| tab.life) else { return };
        self.due(self.now + ms, What::Fire { tab, life, timer, throttled: false });
    }

    /// Tells a tab something within so many ms.
    pub(crate) fn later_tell(&mut self, tab: usize, most_ms: u64, event: Event) {
        let Some(life) = self.browser.tab(tab).map(|tab| tab.life) else { return };
        let at = self.now + self.chance.below(most_ms);
        self.due(at, What::Tell { tab, life, event: Box::new(event) });
    }

    fn tell(&mut self, tab: usize, life: u32, event: Event) {
        if self.browser.tab(tab).is_some_and(|tab| tab.life == life) {
            self.dispatch(tab, event);
        }
    }

    pub(crate) fn later_open(&mut self, tab: usize, ms: u64) {
        self.due(self.now + ms, What::Open(tab));
    }

    pub(crate) fn later_show(&mut self, ms: u64) {
        self.due(self.now + ms, What::Show);
    }

    pub(crate) fn later_rouse(&mut self, ms: u64) {
        self.due(self.now + ms, What::Rouse);
    }

    pub(crate) fn later_resume(&mut self, ms: u64) {
        self.due(self.now + ms, What::Resume);
    }

    pub(crate) fn later_mend(&mut self, number: usize, ms: u64) {
        self.due(self.now + ms, What::Mend(number));
    }

    /// Counts the page's steps: a action may be bound to one of them.
    pub(crate) fn stepped(&mut self) {
        self.steps += 1;
        for at in 0..self.script.actions.len() {
            if let Moment::Step { nth, delay_ms } = self.script.actions[at].when
                && nth == self.steps
            {
                self.due(self.now + delay_ms, What::Action(self.script.actions[at].act));
            }
        }
    }

    /// Tells a tab what happened, notes what became of its runs, and performs what it wants done.
    pub(crate) fn dispatch(&mut self, tab: usize, event: Event) {
        let before = self.phases(tab);
        let effects = self.browser.handle(tab, event.clone(), self.now, &mut self.chance);
        self.observer.answered(&event, &effects);
        self.browser.count_new_runs(tab);
        for (number, phase, is_ended) in self.phases(tab) {
            let former = before.iter().find(|(known, ..)| *known == number);
            match former {
                Some((_, known, _)) if *known == phase => {}
                Some((_, known, _)) => {
                    self.note(|| format!("run {number}: {known} → {phase}"));
                    if phase == "waiting" {
                        // Tried again, it stands where it stood.
                        self.observer.line.back(number);
                    }
                    let others = self.browser.tab(tab).map_or(0, |tab| tab.session.waiting().len());
                    if *known == "waiting" && !is_ended && others > 0 {
                        self.tally.count("also", "released while others waited");
                    }
                    if is_ended {
                        self.ended(number);
                    }
                }
                None => self.appeared(number),
            }
        }
        self.observer.lists(&self.browser, self.now);
        self.perform(tab, effects);
    }

    /// The runs of a tab, with the names of their phases.
    fn phases(&self, tab: usize) -> Vec<(usize, &'static str, bool)> {
        let jobs = self.browser.tab(tab).into_iter().flat_map(|tab| tab.jobs());
        jobs.map(|(number, job)| (number, phase_name(job.run.phase()), job.run.is_ended()))
            .collect()
    }

    /// A run is in the list of a tab: it was started, or resumed.
    fn appeared(&mut self, number: usize) {
        let Some(job) = self.browser.job(number) else { return };
        let (phase, outcome) = (job.run.phase().clone(), job.run.outcome().cloned());
        if self.observer.begins(number, job.run.id()) {
            self.note(|| format!("run {number} is {}", phase_name(&phase)));
            return;
        }
        let (id, here) = (job.run.id().as_str().to_owned(), job.files_here().len());
        if here == 0 {
            // Which of the results they are nobody knows any more.
            self.browser.store.files.retain(|(of, _)| *of != id);
        }
        self.observer.restored(number, here, self.now);
        match outcome {
            // It was lost before, and still is.
            Some(Outcome::Failed(Failure::Lost { .. })) => self.observer.runs[number].ended = true,
            Some(_) => self.ended(number),
            None => self.note(|| format!("run {number} is resumed as {}", phase_name(&phase))),
        }
    }

    fn open(&mut self, tab: usize) {
        self.note(|| format!("tab {tab} is opened"));
        self.browser.open(tab);
        if !self.browser.is_available() {
            // A pause that is stored nowhere is forgotten by a page that is opened anew.
            self.observer.line.is_paused = false;
        }
        for event in self.browser.events_of_opening() {
            self.dispatch(tab, event);
        }
    }

    pub(crate) fn wake(&mut self) {
        self.note(|| "the page is looked at".to_owned());
        self.tally.count("also", "woken");
        let numbers: Vec<usize> = self.browser.jobs().map(|(number, _)| number).collect();
        for number in numbers {
            self.observer.woken(number);
        }
        self.dispatch_all(&Event::Returned);
    }
}

pub fn phase_name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Waking => "waking",
        Phase::Uploading => "uploading",
        Phase::Submitting => "submitting",
        Phase::Unconfirmed { .. } => "unconfirmed",
        Phase::Queued { .. } => "queued",
        Phase::Running => "running",
        Phase::Collecting { .. } => "collecting",
        Phase::Cancelling(_) => "cancelling",
        Phase::Ended(_) => "ended",
    }
}

//! One seed, played: the page, the world, and what lies between them, instant by instant.
//! Invariant: time only moves here; the page acts only when something happened to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use pilotlight_emulator::World;
use pilotlight_engine::comfy::{Endpoint, Request};
use pilotlight_engine::failure::Failure;
use pilotlight_engine::run::{Event, Outcome, Phase, Step, Turn};

use crate::chance::Chance;
use crate::page::Page;
use crate::report::{Report, Tally, Violation};
use crate::script::{Act, Moment, Script};
use crate::watch::Watch;
use crate::way::{Call, Gather};
use crate::wire;

/// No script needs longer; what goes on after that goes on for ever.
const HORIZON_MS: u64 = 6 * 3_600_000;
const INSTANTS_MAX: u32 = 100_000;

pub struct Scene {
    pub now: u64,
    pub world: World,
    pub page: Page,
    pub script: Script,
    pub watch: Watch,
    pub tally: Tally,
    pub(crate) chance: Chance,
    pub(crate) calls: Vec<Call>,
    pub(crate) gathers: Vec<Gather>,
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
    Ring { life: u32, number: usize, turn: Turn, throttled: bool },
    Press(usize),
    Deed(Act),
    Open(usize),
    Show,
    Rouse,
    Resume,
    Mend { life: u32, number: usize },
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
            page: Page::new(
                endpoint,
                script.limits,
                script.usual_run_ms,
                (Chance::new(!seed), script.records_fail_percent),
            ),
            watch: Watch::new(&script),
            tally: Tally::default(),
            chance,
            calls: Vec::new(),
            gathers: Vec::new(),
            asleep_until: 0,
            stopped_by_stranger: false,
            pictures_lost: false,
            diary: with_diary.then(Vec::new),
            agenda: BinaryHeap::new(),
            count: 0,
            steps: 0,
            script,
        };
        for at in 0..scene.script.presses.len() {
            scene.due(scene.script.presses[at].at_ms, What::Press(at));
        }
        if let Some(ms) = scene.script.second_tab_at_ms {
            scene.due(ms, What::Open(1));
        }
        for at in 0..scene.script.deeds.len() {
            if let Moment::At(ms) = scene.script.deeds[at].when {
                scene.due(ms, What::Deed(scene.script.deeds[at].act));
            }
        }
        scene
    }

    fn run(&mut self) -> Option<Violation> {
        let mut instants = 0;
        while self.watch.violation.is_none() {
            let Some(next) = self.agenda.peek().map(|Reverse(due)| due.at) else { break };
            let next = self.world.next_at().map_or(next, |world| world.min(next)).max(self.now);
            instants += 1;
            if next > HORIZON_MS || instants > INSTANTS_MAX {
                self.watch.goes_on(&self.page, next, instants);
                break;
            }
            self.now = next;
            for (ticket, answer) in self.world.advance(next) {
                self.answered(ticket, answer);
            }
            self.watch.instant(&self.world);
            while self.watch.violation.is_none()
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
        if self.watch.violation.is_none() {
            self.watch.curtain(self.now, &self.page, &self.world, self.stopped_by_stranger);
        }
        self.tally.many("also", "misses forgiven", self.watch.forgiven());
        self.tally.many(
            "a prompt",
            "queued more than once by kubeai",
            self.queued_more_than_once(),
        );
        self.watch.violation.take()
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
                | What::Ring { .. }
                | What::Press(_)
                | What::Resume
                | What::Mend { .. }
        );
        if asleep && waits_for_lid {
            return self.due(self.asleep_until, what);
        }
        match what {
            What::Arrive(id) => self.arrive(id),
            What::Straggle(number, request) => self.straggle(number, &request),
            What::Came(id) => self.came(id),
            What::Limit(id) => self.limit(id),
            What::Ring { life, number, turn, throttled } => {
                if self.page.hidden && !throttled {
                    let at = self.now + self.chance.below(60_000);
                    return self.due(at, What::Ring { life, number, turn, throttled: true });
                }
                if Some(life) == self.page.life_of(number) {
                    self.tell(number, Event::Rang(turn));
                }
            }
            What::Press(at) => self.press(at),
            What::Deed(act) => self.act(act),
            What::Open(tab) => self.open(tab),
            What::Show => {
                self.page.hidden = false;
                self.wake();
            }
            What::Rouse => self.wake(),
            What::Resume if self.page.is_open() => self.resume(),
            // The person finds it paused when the page is open again.
            What::Resume => self.later_resume(5_000),
            What::Mend { life, number } => {
                if Some(life) == self.page.life_of(number) {
                    self.note(|| format!("the person presses the remedy of run {number}"));
                    self.watch.resumed(number, self.now);
                    self.tell(number, Event::Resumed);
                }
            }
        }
    }

    pub(crate) fn later_ring(&mut self, number: usize, turn: Turn, ms: u64) {
        let Some(life) = self.page.life_of(number) else { return };
        self.due(self.now + ms, What::Ring { life, number, turn, throttled: false });
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
        let Some(life) = self.page.life_of(number) else { return };
        self.due(self.now + ms, What::Mend { life, number });
    }

    /// Counts the page's steps: a deed may be bound to one of them.
    pub(crate) fn stepped(&mut self) {
        self.steps += 1;
        for at in 0..self.script.deeds.len() {
            if let Moment::Step { nth, delay_ms } = self.script.deeds[at].when
                && nth == self.steps
            {
                self.due(self.now + delay_ms, What::Deed(self.script.deeds[at].act));
            }
        }
    }

    /// Tells a run what happened and does what follows, as the page's driver does.
    pub(crate) fn tell(&mut self, number: usize, event: Event) {
        let Some(job) = self.page.job(number) else { return };
        let before = phase_name(job.run.phase());
        let Some(step) = self.page.tell(number, event, self.now) else { return };
        let Some(job) = self.page.job(number) else { return };
        let (after, is_ended) = (phase_name(job.run.phase()), job.run.is_ended());
        if before != after {
            self.note(|| format!("run {number}: {before} → {after}"));
        }
        if is_ended && before != after {
            self.ended(number);
        }
        self.perform(number, step);
        self.release();
    }

    pub(crate) fn release(&mut self) {
        (0..2).for_each(|tab| self.release_in(tab));
    }

    fn release_in(&mut self, tab: usize) {
        if let Some(number) = self.page.next(tab) {
            if self.page.waiting().len() > 1 {
                self.tally.count("also", "released while others waited");
            }
            self.tell(number, Event::Released);
        }
    }

    fn open(&mut self, tab: usize) {
        self.note(|| format!("tab {tab} is opened"));
        self.page.open(tab);
        self.take_up(tab);
    }

    /// What no tab looks after any more.
    pub(crate) fn take_up(&mut self, tab: usize) {
        let steps = self.page.take_up(tab, self.now);
        for (number, step) in steps {
            let here = self.page.store.here(number).count();
            self.watch.restored(number, here, self.now);
            if here > 0 {
                self.tally.count("also", "files that were here after a reload");
            }
            match self.page.job(number).map(|job| job.run.phase()) {
                // It was lost before, and still is.
                Some(Phase::Ended(Outcome::Failed(Failure::Lost { .. }))) => {
                    self.watch.runs[number].ended = true;
                }
                Some(Phase::Ended(_)) => self.ended(number),
                Some(_) | None => {}
            }
            if step != Step::Rest {
                self.perform(number, step);
            }
        }
        self.release();
    }

    pub(crate) fn wake(&mut self) {
        self.note(|| "the page is looked at".to_owned());
        self.tally.count("also", "woken");
        let numbers: Vec<usize> = self.page.jobs.iter().map(|job| job.number).collect();
        for number in numbers {
            self.watch.woken(number);
            self.tell(number, Event::Woken);
        }
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

//! A test of the way from the page to ComfyUI: told what came back, it answers with the next probe,
//! and names the link that is broken.
//!
//! Invariants: nothing is asked without a press, nor after an end, and every end has a name. What
//! wakes nothing is asked first; what may wake a GPU is asked only when the way there is whole. It
//! waits for exactly one thing, named by its `Turn`; whatever arrives for an older turn is stale.

mod finding;
mod machine;
mod place;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Link};
pub use place::Place;

use crate::run::Turn;
use pilotlight_comfy::comfy::{Endpoint, Facts, Heard, Request, Transport};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::sighting::Known;
use pilotlight_comfy::time::{At, SECOND_MS};

/// Whatever answers by itself does so within this.
const QUICK_LIMIT_MS: u64 = 20 * SECOND_MS;
/// A run that nobody has: the extension says so after a second.
const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

/// What is tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Spoken to in the way that is tried first.
    pub endpoint: Endpoint,
    /// Whether the browser has a network, and how it sees the address.
    pub place: Place,
    /// Whether kubeai is expected there: it wakes a GPU for whoever asks.
    pub is_kubeai: bool,
}

/// What is asked next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// For a model that nobody has: comes as far as kubeai, wakes nothing.
    Stranger,
    /// Whether anybody answers at all, readable or not; wakes nothing.
    Reach,
    /// What ComfyUI says of itself; wakes the GPU.
    Knock,
    /// What ComfyUI answers without the extension; wakes the GPU.
    Plain,
    /// Whether the extension is there.
    Wait,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub enum Echo {
    /// A reply, or the fault that there was none.
    Heard(Heard),
    /// Somebody answered, and the browser hides what.
    Opaque,
    /// It leads elsewhere; that was not followed.
    Redirected,
}

/// What happened. A turn names the step it answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The user pressed *Test*.
    Pressed(Box<Target>),
    /// The user pressed *Stop*.
    Stopped,
    /// The probe was answered.
    Echoed(Turn, Echo),
    /// The pause is over.
    Rang(Turn),
}

/// What to do next; performing it ends whatever was outstanding.
/// `limit_ms`: when to give up waiting and report `TimedOut`.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Send a probe.
    Ask {
        /// What is asked.
        probe: Probe,
        /// The request that asks it.
        request: Request,
        /// When to give up waiting, in ms.
        limit_ms: u64,
    },
    /// Wait before the next probe.
    Sleep {
        /// For how long, in ms.
        ms: u64,
    },
    /// Nothing: the test has ended.
    Rest,
}

/// Whether ComfyUI has the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// It is there, and lets this page in.
    There,
    /// It is not there.
    Absent,
    /// There, with a key of its own.
    Locked,
    /// Neither yes nor no came back.
    Unknown,
}

/// All is well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Well {
    /// The way that works.
    pub transport: Transport,
    /// What ComfyUI said of itself.
    pub facts: Facts,
    /// Whether the extension is there.
    pub extension: Extension,
    /// Of the quickest reply.
    pub round_trip_ms: u64,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Every link is whole.
    Well(Well),
    /// A link is broken.
    Broken(Broken),
    /// The user stopped it.
    Stopped,
}

/// A link that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What is wrong with it.
    pub finding: Finding,
    /// The way on which it was found.
    pub transport: Transport,
    /// What came back, to unfold; empty when nothing did.
    pub raw: String,
}

/// What a test needs to know of the world outside itself.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// The moment.
    pub now: At,
    /// For how long a GPU may take to wake, in ms.
    pub limit_ms: u64,
}

/// One test, and then what came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain {
    turn: Turn,
    target: Option<Target>,
    end: Option<End>,
    /// What is out; none while it sleeps.
    probe: Option<Probe>,
    asked: Option<At>,
    /// The link that the last probe was for.
    link: Option<Link>,
    /// Since when a GPU is being woken.
    knocked: Option<At>,
    woke: Option<u64>,
    waited_ms: u64,
    attempts: u32,
    hiccup: Option<(Finding, u64)>,
    round_trip_ms: Option<u64>,
    /// kubeai is not there after all.
    is_plain: bool,
    /// Somebody answered there, readable or not.
    is_reached: bool,
    has_switched: bool,
    /// What the other way was given up for.
    former: Option<Broken>,
    /// What is known when only the extension is left to ask for.
    found: Option<Well>,
}

impl Chain {
    /// Takes in what happened. `None`: nothing changes, what is outstanding goes on.
    pub fn update(&mut self, event: Event, around: &Around) -> Option<Step> {
        match event {
            Event::Pressed(target) => {
                *self = Self { turn: self.turn, target: Some(*target), ..Self::default() };
                Some(self.begin(around))
            }
            Event::Stopped => self.is_on().then(|| self.finish(End::Stopped)),
            Event::Rang(turn) => (turn == self.turn && self.is_on() && self.probe.is_none())
                .then(|| self.ask(Probe::Knock, around)),
            Event::Echoed(turn, echo) => {
                let probe = self.probe.filter(|_| turn == self.turn && self.is_on())?;
                Some(self.echoed(probe, echo, around))
            }
        }
    }

    /// Returns the number of the step that the test is at.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// Returns whether a test goes on.
    pub fn is_on(&self) -> bool {
        self.target.is_some() && self.end.is_none()
    }

    /// Returns how the last test ended; `None` while one goes on, or before the first.
    pub fn ended(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Returns what is tested, or was.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Since when the GPU is being woken, or has been asked for.
    pub fn knocked(&self) -> Option<At> {
        self.knocked
    }

    /// How long it took to wake, in ms.
    pub fn woke_ms(&self) -> Option<u64> {
        self.woke
    }

    /// How long the GPU was waited for in vain, in ms.
    pub fn waited_ms(&self) -> u64 {
        self.waited_ms
    }

    /// The last hiccup of waking, and how long that request had been out.
    pub fn hiccup(&self) -> Option<(Finding, u64)> {
        self.hiccup
    }

    /// The way that is being tried.
    pub fn transport(&self) -> Option<Transport> {
        self.target.as_ref().map(|target| target.endpoint.transport())
    }

    /// The links of this way.
    pub fn links(&self) -> &'static [Link] {
        match (self.has_kubeai(), self.is_direct() && !self.is_own()) {
            (true, false) => &[Link::Way, Link::Kubeai, Link::Gpu, Link::Comfy, Link::Extension],
            (true, true) => &[Link::Way, Link::Gpu, Link::Comfy, Link::Extension],
            (false, _) => &[Link::Way, Link::Comfy, Link::Extension],
        }
    }

    /// The link that is being tried, or that is broken; `None` when all are whole.
    pub fn at(&self) -> Option<Link> {
        match &self.end {
            Some(End::Well(_)) => None,
            Some(End::Broken(broken)) => {
                let link = broken.finding.link();
                self.links().iter().copied().find(|known| *known >= link)
            }
            Some(End::Stopped) | None => self.link,
        }
    }

    /// What the way that was tried first was given up for, where the other works.
    pub fn former(&self) -> Option<&Broken> {
        self.former.as_ref()
    }

    /// Returns whether kubeai stands on the way, as far as is known.
    pub fn has_kubeai(&self) -> bool {
        !self.is_plain && self.target.as_ref().is_some_and(|target| target.is_kubeai)
    }

    fn is_own(&self) -> bool {
        self.target.as_ref().is_some_and(|target| target.place.is_own)
    }

    fn is_direct(&self) -> bool {
        self.transport() == Some(Transport::Direct)
    }

    fn has_model(&self) -> bool {
        self.target.as_ref().is_some_and(|target| target.endpoint.model().is_some())
    }

    fn begin(&mut self, around: &Around) -> Step {
        let Some(place) = self.target.as_ref().map(|target| target.place) else {
            return Step::Rest;
        };
        if !place.is_online {
            return self.broken(Finding::Offline, None);
        }
        if place.is_insecure {
            return self.broken(Finding::Insecure, None);
        }
        if self.is_direct() && self.has_kubeai() && !self.has_model() {
            return self.broken(Finding::ModelWanted, None);
        }
        let probe = match (self.is_direct(), self.has_kubeai()) {
            (true, _) if !place.is_own && !self.is_reached => Probe::Reach,
            (true, true) if !place.is_own => Probe::Knock,
            (_, true) => Probe::Stranger,
            (_, false) => Probe::Knock,
        };
        self.ask(probe, around)
    }

    fn ask(&mut self, probe: Probe, around: &Around) -> Step {
        let Some(target) = &self.target else { return Step::Rest };
        let endpoint = &target.endpoint;
        let request = match probe {
            Probe::Stranger => endpoint.stranger(),
            Probe::Reach => endpoint.reach(target.is_kubeai),
            Probe::Knock => endpoint.knock(),
            Probe::Plain => endpoint.plain(),
            Probe::Wait => match PromptId::named(NOBODYS) {
                Some(id) => endpoint.wait(&id, Known::Running),
                None => return self.well(Extension::Unknown),
            },
        };
        let may_wake = matches!(probe, Probe::Knock | Probe::Plain) && self.has_kubeai();
        let waited = match may_wake {
            true => around.now.since(*self.knocked.get_or_insert(around.now)),
            false => 0,
        };
        let limit_ms = match may_wake {
            true => around.limit_ms.saturating_sub(waited).max(SECOND_MS),
            false => QUICK_LIMIT_MS,
        };
        self.link = Some(match probe {
            Probe::Stranger | Probe::Reach => Link::Way,
            Probe::Knock | Probe::Plain if self.has_kubeai() => Link::Gpu,
            Probe::Knock => Link::Way,
            Probe::Plain => Link::Comfy,
            Probe::Wait => Link::Extension,
        });
        self.probe = Some(probe);
        self.issue(Step::Ask { probe, request, limit_ms }, around.now)
    }

    fn finish(&mut self, end: End) -> Step {
        (self.end, self.probe) = (Some(end), None);
        self.turn.0 = self.turn.0.wrapping_add(1);
        Step::Rest
    }

    fn issue(&mut self, step: Step, now: At) -> Step {
        self.turn.0 = self.turn.0.wrapping_add(1);
        self.asked = Some(now);
        step
    }
}

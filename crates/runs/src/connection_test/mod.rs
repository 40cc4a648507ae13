//! The connection test, a state machine: it receives events and returns the next step. It reports
//! the first step of the connection that fails.
//!
//! Invariants: nothing is requested without a press, nor after the end; every end has a reason.
//! Requests that may wake a GPU are sent only after those that wake nothing have succeeded. The
//! test waits for exactly one thing, identified by its `Turn`; events of older turns are ignored.

mod finding;
mod machine;
mod place;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Link};
pub use place::Place;

use crate::run::Turn;
use pilotlight_comfy::comfy::{Endpoint, Facts, Request, Response, Transport};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::run_status::Known;
use pilotlight_comfy::time::{At, SECOND_MS};

/// The time limit of requests that need no GPU.
const QUICK_LIMIT_MS: u64 = 20 * SECOND_MS;
/// The id of a run that does not exist: the extension answers it after a second.
const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

/// What is tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The server, with the transport that is tried first.
    pub endpoint: Endpoint,
    /// How the page relates to the address, and whether there is a network.
    pub place: Place,
    /// Whether kubeai is expected there, which wakes a GPU for any request.
    pub is_kubeai: bool,
}

/// A request of the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// For a model that does not exist: reaches kubeai and wakes nothing.
    UnknownModel,
    /// Tests whether anything responds, readable or not; wakes nothing.
    Reach,
    /// Reads `system_stats` of ComfyUI; wakes the GPU.
    Wake,
    /// Reads from ComfyUI without the extension; wakes the GPU.
    Plain,
    /// Tests whether the extension is installed.
    Wait,
}

/// The response to a request of the test.
#[derive(Clone, Debug, PartialEq)]
pub enum Echo {
    /// A response, or why there is none.
    Response(Response),
    /// An unreadable response.
    Opaque,
    /// A redirect, which was not followed.
    Redirected,
}

/// What happened. A turn identifies the step that the event belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The user pressed *Test*.
    Pressed(Box<Target>),
    /// The user pressed *Stop*.
    Stopped,
    /// The request was answered.
    Echoed(Turn, Echo),
    /// The pause is over.
    TimerFired(Turn),
}

/// What to do next; performing it aborts whatever was outstanding.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Send a request.
    Ask {
        /// Which request it is.
        probe: Probe,
        /// The request.
        request: Request,
        /// The time limit, in ms; after it, `TimedOut` is reported.
        limit_ms: u64,
    },
    /// Wait before the next request.
    Sleep {
        /// For how long, in ms.
        ms: u64,
    },
    /// Do nothing: the test has ended.
    Rest,
}

/// Whether ComfyUI has the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// Installed, and it accepts this page.
    There,
    /// Not installed.
    Absent,
    /// Installed, but it requires an access key.
    Locked,
    /// Unknown.
    Unknown,
}

/// The result of a successful test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Well {
    /// The transport that works.
    pub transport: Transport,
    /// What ComfyUI reported about itself.
    pub facts: Facts,
    /// The state of the extension.
    pub extension: Extension,
    /// The duration of the fastest response, in ms.
    pub round_trip_ms: u64,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Every step succeeded.
    Well(Well),
    /// A step failed.
    Broken(Broken),
    /// The user stopped it.
    Stopped,
}

/// A step that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The reason.
    pub finding: Finding,
    /// The transport that was tried.
    pub transport: Transport,
    /// The raw response; empty if there was none.
    pub raw: String,
}

/// The environment of a test.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The current time.
    pub now: At,
    /// How long a GPU may take to wake, in ms.
    pub limit_ms: u64,
}

/// The state of the test, and of its result afterwards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionTest {
    turn: Turn,
    target: Option<Target>,
    end: Option<End>,
    /// The outstanding request; `None` during a pause.
    probe: Option<Probe>,
    asked: Option<At>,
    /// The step of the connection that the last request was for.
    link: Option<Link>,
    /// When waking began.
    wake_replied: Option<At>,
    woke: Option<u64>,
    waited_ms: u64,
    attempts: u32,
    hiccup: Option<(Finding, u64)>,
    round_trip_ms: Option<u64>,
    /// The server turned out not to be kubeai.
    is_plain: bool,
    /// Something responded, readable or not.
    is_reached: bool,
    has_switched: bool,
    /// Why the other transport was given up.
    former: Option<Broken>,
    /// The result so far, when only the extension remains to be tested.
    found: Option<Well>,
}

impl ConnectionTest {
    /// Handles an event. `None`: nothing changes, and what is outstanding continues.
    pub fn update(&mut self, event: Event, context: &Context) -> Option<Step> {
        match event {
            Event::Pressed(target) => {
                *self = Self { turn: self.turn, target: Some(*target), ..Self::default() };
                Some(self.begin(context))
            }
            Event::Stopped => self.is_on().then(|| self.finish(End::Stopped)),
            Event::TimerFired(turn) => (turn == self.turn && self.is_on() && self.probe.is_none())
                .then(|| self.ask(Probe::Wake, context)),
            Event::Echoed(turn, echo) => {
                let probe = self.probe.filter(|_| turn == self.turn && self.is_on())?;
                Some(self.echoed(probe, echo, context))
            }
        }
    }

    /// Returns the number of the current step.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// Returns whether a test is in progress.
    pub fn is_on(&self) -> bool {
        self.target.is_some() && self.end.is_none()
    }

    /// Returns how the last test ended; `None` during a test, or before the first.
    pub fn ended(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Returns what is or was tested.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Returns when the first request that may wake the GPU was sent.
    pub fn wake_replied(&self) -> Option<At> {
        self.wake_replied
    }

    /// Returns how long waking took, in ms.
    pub fn woke_ms(&self) -> Option<u64> {
        self.woke
    }

    /// Returns how long the GPU was waited for without success, in ms.
    pub fn waited_ms(&self) -> u64 {
        self.waited_ms
    }

    /// Returns the last transient fault while waking, and how long its request took, in ms.
    pub fn hiccup(&self) -> Option<(Finding, u64)> {
        self.hiccup
    }

    /// Returns the transport that is being tried.
    pub fn transport(&self) -> Option<Transport> {
        self.target.as_ref().map(|target| target.endpoint.transport())
    }

    /// Returns the steps of the connection.
    pub fn links(&self) -> &'static [Link] {
        match (self.has_kubeai(), self.is_direct() && !self.is_own()) {
            (true, false) => &[Link::Way, Link::Kubeai, Link::Gpu, Link::Comfy, Link::Extension],
            (true, true) => &[Link::Way, Link::Gpu, Link::Comfy, Link::Extension],
            (false, _) => &[Link::Way, Link::Comfy, Link::Extension],
        }
    }

    /// Returns the step that is being tested or has failed; `None` if all succeeded.
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

    /// Returns why the first transport was given up, if another one works.
    pub fn former(&self) -> Option<&Broken> {
        self.former.as_ref()
    }

    /// Returns whether the connection leads through kubeai, as far as known.
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

    fn begin(&mut self, context: &Context) -> Step {
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
            (true, true) if !place.is_own => Probe::Wake,
            (_, true) => Probe::UnknownModel,
            (_, false) => Probe::Wake,
        };
        self.ask(probe, context)
    }

    fn ask(&mut self, probe: Probe, context: &Context) -> Step {
        let Some(target) = &self.target else { return Step::Rest };
        let endpoint = &target.endpoint;
        let request = match probe {
            Probe::UnknownModel => endpoint.unknown_model(),
            Probe::Reach => endpoint.reach(target.is_kubeai),
            Probe::Wake => endpoint.wake_request(),
            Probe::Plain => endpoint.plain(),
            Probe::Wait => match PromptId::named(NOBODYS) {
                Some(id) => endpoint.wait(&id, Known::Running),
                None => return self.well(Extension::Unknown),
            },
        };
        let may_wake = matches!(probe, Probe::Wake | Probe::Plain) && self.has_kubeai();
        let waited = match may_wake {
            true => context.now.since(*self.wake_replied.get_or_insert(context.now)),
            false => 0,
        };
        let limit_ms = match may_wake {
            true => context.limit_ms.saturating_sub(waited).max(SECOND_MS),
            false => QUICK_LIMIT_MS,
        };
        self.link = Some(match probe {
            Probe::UnknownModel | Probe::Reach => Link::Way,
            Probe::Wake | Probe::Plain if self.has_kubeai() => Link::Gpu,
            Probe::Wake => Link::Way,
            Probe::Plain => Link::Comfy,
            Probe::Wait => Link::Extension,
        });
        self.probe = Some(probe);
        self.issue(Step::Ask { probe, request, limit_ms }, context.now)
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

//! Waking the GPU without a run, and keeping it awake for a while: a state machine that receives
//! events and returns the next step, like that of a run.
//!
//! Invariants: nothing is requested without a press, nor after an end; every end has a reason. It
//! waits for exactly one thing, a reply or a timer, identified by its `Turn`; events of older turns
//! are ignored. Only a held request keeps a GPU awake, so nothing is claimed while none is held.

#[cfg(test)]
mod tests;

use crate::run::{FRESH_MS, Span, Turn, WAIT_LIMIT_MS, backoff_ms, keep_waking_if_seen};
use crate::server::HELD_MS;
use pilotlight_comfy::comfy::Facts;
use pilotlight_comfy::failure::Fault;
use pilotlight_comfy::time::{At, MINUTE_MS, SECOND_MS};

/// After this time in the background, the page stops keeping the GPU awake.
pub const HIDDEN_MS: u64 = 5 * MINUTE_MS;
/// An answer sooner than this was not held, so it keeps nothing awake.
const HELD_LEAST_MS: u64 = SECOND_MS;

/// The user's command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Wake the GPU.
    Wake,
    /// Keep the GPU awake for a time, counted from when it is awake.
    Keep {
        /// How long, in ms.
        ms: u64,
    },
}

/// What happened. A turn identifies the step that the event belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The user pressed *Wake* or *Keep awake*.
    Pressed(Goal),
    /// The user pressed *Stop*.
    Stopped,
    /// The wake request was answered.
    WakeReplied(Turn, Result<Facts, Fault>),
    /// The held request was answered; `Ok(false)`: the server has no such route.
    Held(Turn, Result<bool, Fault>),
    /// The pause is over.
    TimerFired(Turn),
    /// The page went into the background.
    Hid,
    /// The page is visible again, or the network came back.
    Returned,
    /// At least a second has passed.
    Ticked,
}

/// What to do next; performing it aborts whatever was outstanding. After `limit_ms`, `TimedOut` is
/// reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Wake a GPU: `GET system_stats`, which is held until a pod answers.
    Wake {
        /// In ms.
        limit_ms: u64,
    },
    /// Send a request that the extension holds.
    Hold {
        /// In ms.
        limit_ms: u64,
    },
    /// Wait, then report `TimerFired`.
    Sleep {
        /// For how long, in ms.
        ms: u64,
    },
    /// Do nothing: it has ended.
    Rest,
}

/// Why it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// The GPU was to be woken, and is awake.
    Awake,
    /// The time is over.
    Over,
    /// The user stopped it.
    Stopped,
    /// The page was in the background for `HIDDEN_MS`.
    Hidden,
    /// The server cannot hold requests: it lacks the extension, or has an earlier version.
    NotHeld,
    /// The server did not answer for too long.
    OutOfReach(Fault),
    /// The address, the model or the access key is wrong.
    Setup(Fault),
}

/// The current phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Off.
    Resting,
    /// A GPU is being woken.
    Waking {
        /// The user's command.
        goal: Goal,
    },
    /// The GPU is kept awake.
    Keeping {
        /// When that ends.
        until: At,
    },
}

/// The environment.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The current time.
    pub now: At,
    /// When the server last answered anything.
    pub heard_at: Option<At>,
    /// How long to continue without an answer, in ms: the waking limit of runs.
    pub limit_ms: u64,
}

/// The state of waking the GPU and keeping it awake.
#[derive(Clone, Debug, PartialEq)]
pub struct KeepAwake {
    turn: Turn,
    phase: Phase,
    /// When the outstanding step started.
    asked: At,
    sleeping: bool,
    attempts: u32,
    unheard: Option<At>,
    fault: Option<Fault>,
    fault_after_ms: u64,
    hidden: Option<At>,
    end: Option<End>,
    woke: Option<Span>,
    held: Option<Span>,
}

impl Default for KeepAwake {
    fn default() -> Self {
        Self {
            turn: Turn::default(),
            phase: Phase::Resting,
            asked: At(0),
            sleeping: false,
            attempts: 0,
            unheard: None,
            fault: None,
            fault_after_ms: 0,
            hidden: None,
            end: None,
            woke: None,
            held: None,
        }
    }
}

impl KeepAwake {
    /// Handles an event. `None`: nothing changes, and what is outstanding continues.
    pub fn update(&mut self, event: Event, context: &Context) -> Option<Step> {
        match event {
            Event::Pressed(goal) => {
                if let Some(end) = self.due(context.now) {
                    self.end(end, context.now);
                }
                return self.pressed(goal, context);
            }
            Event::Hid => self.hidden = self.hidden.or(Some(context.now)),
            Event::Returned
            | Event::Stopped
            | Event::WakeReplied(..)
            | Event::Held(..)
            | Event::TimerFired(_)
            | Event::Ticked => {}
        }
        if let Some(end) = self.due(context.now) {
            return Some(self.end(end, context.now));
        }
        match event {
            Event::Pressed(_) | Event::Hid | Event::Ticked => None,
            Event::Stopped => self.is_on().then(|| self.end(End::Stopped, context.now)),
            Event::Returned => {
                self.hidden = None;
                (self.is_on() && self.sleeping).then(|| self.ask(true, context))
            }
            Event::TimerFired(turn) => {
                (turn == self.turn && self.sleeping).then(|| self.ask(true, context))
            }
            Event::WakeReplied(turn, result) => self.reply(turn)?.wake_replied(result, context),
            Event::Held(turn, result) => self.reply(turn)?.heard_of_hold(result, context),
        }
    }

    /// Returns the current phase.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns the number of the current step.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// Returns whether a GPU is being woken or kept awake.
    pub fn is_on(&self) -> bool {
        !matches!(self.phase, Phase::Resting)
    }

    /// Whether it is known by now that a GPU is being woken: a request for it is held, or was.
    pub fn is_waking(&self, now: At) -> bool {
        let is_held = self.woke.is_some_and(|span| now.since(span.from) > HELD_MS);
        matches!(self.phase, Phase::Waking { .. }) && is_held
    }

    /// Returns why it last ended; `None` while it is on.
    pub fn ended(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Returns the last transient fault, until the server answers again.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Returns how long the request of the last transient fault was outstanding, in ms.
    pub fn fault_after_ms(&self) -> u64 {
        self.fault_after_ms
    }

    /// How many requests failed in a row.
    pub fn failures(&self) -> u32 {
        self.attempts
    }

    /// Returns the last waking, from the first wake request to its answer.
    pub fn woke(&self) -> Option<Span> {
        self.woke
    }

    /// Returns the last period in which requests were held one after another.
    pub fn held(&self) -> Option<Span> {
        self.held
    }

    fn reply(&mut self, turn: Turn) -> Option<&mut Self> {
        (turn == self.turn && !self.sleeping && self.is_on()).then_some(self)
    }

    fn pressed(&mut self, goal: Goal, context: &Context) -> Option<Step> {
        match (self.phase, goal) {
            (Phase::Waking { .. }, Goal::Keep { .. }) => {
                self.phase = Phase::Waking { goal };
                None
            }
            (Phase::Keeping { .. }, Goal::Keep { ms }) => {
                self.phase = Phase::Keeping { until: context.now.plus(ms) };
                None
            }
            (Phase::Waking { .. } | Phase::Keeping { .. }, Goal::Wake) => None,
            (Phase::Resting, _) => {
                *self = Self { turn: self.turn, ..Self::default() };
                let fresh = context.heard_at.is_some_and(|at| context.now.since(at) <= FRESH_MS);
                if fresh {
                    return Some(self.awake(goal, context));
                }
                self.phase = Phase::Waking { goal };
                Some(self.ask(true, context))
            }
        }
    }

    /// Continues once the GPU is awake.
    fn awake(&mut self, goal: Goal, context: &Context) -> Step {
        match goal {
            Goal::Wake => self.end(End::Awake, context.now),
            Goal::Keep { ms } => {
                self.phase = Phase::Keeping { until: context.now.plus(ms) };
                self.ask(false, context)
            }
        }
    }

    fn wake_replied(&mut self, result: Result<Facts, Fault>, context: &Context) -> Option<Step> {
        Some(match (result, self.phase) {
            (Ok(_), Phase::Waking { goal }) => {
                self.heard();
                close(&mut self.woke, context.now);
                self.awake(goal, context)
            }
            (Ok(_), Phase::Keeping { .. } | Phase::Resting) => {
                self.heard();
                self.ask(false, context)
            }
            (Err(fault), _) => self.missed(fault, context),
        })
    }

    fn heard_of_hold(&mut self, result: Result<bool, Fault>, context: &Context) -> Option<Step> {
        let was_held = context.now.since(self.asked) >= HELD_LEAST_MS;
        Some(match result {
            Ok(true) if was_held => {
                self.heard();
                self.ask(false, context)
            }
            Ok(_) => {
                self.held = None;
                self.end(End::NotHeld, context.now)
            }
            Err(fault) => self.missed(fault, context),
        })
    }

    /// Waits a little longer each time, then sends a wake request, since the GPU may sleep again.
    fn missed(&mut self, fault: Fault, context: &Context) -> Step {
        if !fault.is_transient() {
            return self.end(End::Setup(fault), context.now);
        }
        // The pod may be gone: requests held after the next answer are another period.
        close(&mut self.held, context.now);
        let unheard = *self.unheard.get_or_insert(self.asked);
        if context.now.since(unheard) >= context.limit_ms {
            return self.end(End::OutOfReach(fault), context.now);
        }
        if matches!(self.phase, Phase::Waking { .. }) {
            keep_waking_if_seen(&mut self.woke, &fault, self.asked, context.now);
        }
        // The time serves as jitter, since there is no run id.
        let spread = context.now.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let ms = backoff_ms(self.attempts, fault.retry_after_s, spread);
        self.attempts += 1;
        self.fault_after_ms = context.now.since(self.asked);
        self.fault = Some(fault);
        self.issue(Step::Sleep { ms }, context.now)
    }

    fn heard(&mut self) {
        self.attempts = 0;
        self.unheard = None;
        self.fault = None;
    }

    /// Returns the next request; `knocks`: a wake request. None outlives the time to keep awake.
    fn ask(&mut self, knocks: bool, context: &Context) -> Step {
        let left_ms = match self.phase {
            Phase::Resting => return Step::Rest,
            Phase::Waking { .. } => context.limit_ms,
            Phase::Keeping { until } => until.since(context.now),
        };
        let unheard_ms = self.unheard.map_or(0, |at| context.now.since(at));
        let limit_ms = left_ms.min(context.limit_ms.saturating_sub(unheard_ms)).max(SECOND_MS);
        if knocks {
            if matches!(self.phase, Phase::Waking { .. }) {
                self.woke.get_or_insert(Span { from: context.now, until: None });
            }
            return self.issue(Step::Wake { limit_ms }, context.now);
        }
        if self.held.is_none_or(|span| span.until.is_some()) {
            self.held = Some(Span { from: context.now, until: None });
        }
        self.issue(Step::Hold { limit_ms: limit_ms.min(WAIT_LIMIT_MS) }, context.now)
    }

    fn issue(&mut self, step: Step, now: At) -> Step {
        self.turn.0 = self.turn.0.wrapping_add(1);
        self.sleeping = matches!(step, Step::Sleep { .. });
        self.asked = now;
        step
    }

    /// Returns why it must end now, whatever is outstanding.
    fn due(&self, now: At) -> Option<End> {
        let Phase::Keeping { until } = self.phase else { return None };
        if now >= until {
            return Some(End::Over);
        }
        self.hidden.filter(|at| now.since(*at) >= HIDDEN_MS).map(|_| End::Hidden)
    }

    fn end(&mut self, end: End, now: At) -> Step {
        close(&mut self.woke, now);
        close(&mut self.held, now);
        (self.phase, self.end) = (Phase::Resting, Some(end));
        self.fault = None;
        self.issue(Step::Rest, now)
    }
}

fn close(span: &mut Option<Span>, now: At) {
    if let Some(span) = span {
        span.until.get_or_insert(now);
    }
}

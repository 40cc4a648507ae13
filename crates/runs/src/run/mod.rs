//! The state machine of a run: it receives events and returns the next step.
//!
//! Invariants: a run waits for exactly one thing, a reply or a timer, identified by its `Turn`;
//! events of older turns are ignored. A prompt is sent again only after the server was asked twice
//! and did not know it. `posts` is increased before a prompt is sent, so that a stored run is never
//! mistaken for an unsent one. No clock, no randomness: times and jitter are arguments.

mod cancel;
mod keep;
mod machine;
mod pace;
mod span;
mod step;
mod waking;

#[cfg(test)]
mod tests;

use pilotlight_comfy::comfy::{Accepted, Facts};
use pilotlight_comfy::failure::{Failure, Fault};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::run_status::{Ended, StatusReport};
use pilotlight_comfy::time::{At, MINUTE_MS, SECOND_MS};

pub use cancel::Cancelling;
pub(crate) use pace::{WAIT_LIMIT_MS, backoff_ms, keep_waking_if_seen};
pub use span::{Span, Stage};
pub use step::{Ask, Step};

/// The number of a run's current step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn(pub u32);

/// The phase of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// In the page's queue: nothing was requested yet.
    Waiting,
    /// The wake request is outstanding, which changes nothing and is held until a pod is ready.
    Waking,
    /// Images are being uploaded.
    Uploading,
    /// The prompt is being sent.
    Submitting,
    /// The prompt may have arrived or not; the server is asked.
    Unconfirmed {
        /// Whether it was resumed from storage: then it is never sent again by itself.
        restored: bool,
    },
    /// In the server's queue.
    Queued {
        /// The number of runs before it in the server's queue; `None` until it was seen there.
        ahead: Option<u32>,
    },
    /// The server executes it.
    Running,
    /// It has ended; its files are being fetched.
    Collecting {
        /// What the history said.
        ended: Box<Ended>,
        /// The files that are still to be fetched, by their index in `ended.files()`.
        missing: Vec<usize>,
        /// The files that the server no longer had, by their index.
        gone: Vec<usize>,
    },
    /// The user pressed *Cancel*; the server is asked to stop it.
    Cancelling(Cancelling),
    /// It is over.
    Ended(Outcome),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It succeeded.
    Done {
        /// What the history said.
        ended: Box<Ended>,
        /// The files that the server no longer had, by their index in `ended.files()`.
        gone: Vec<usize>,
    },
    /// The user canceled it.
    Cancelled {
        /// Whether the server was seen not to have it; otherwise it may still be there.
        confirmed: bool,
    },
    /// It failed.
    Failed(Failure),
}

impl Outcome {
    /// Whether a result was gone before it could be fetched.
    pub fn lacks_results(&self) -> bool {
        match self {
            Self::Done { gone, .. } => !gone.is_empty(),
            Self::Cancelled { .. } | Self::Failed(_) => false,
        }
    }
}

/// What happened. A turn identifies the step that the event belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The queue released the run.
    Released,
    /// The wake request was answered.
    WakeReplied(Turn, Result<Facts, Fault>),
    /// All images were uploaded; the driver has their names.
    Uploaded(Turn, Result<(), UploadFault>),
    /// The prompt was answered.
    Accepted(Turn, Result<Accepted, Fault>),
    /// The history or the queue was read.
    Seen(Turn, Result<StatusReport, Fault>),
    /// The long-poll was answered.
    Waited(Turn, Result<StatusReport, Fault>),
    /// All requested files were answered, in the order of the request.
    Collected(Turn, Vec<Fetched>),
    /// The request to stop the run was answered.
    Stopped(Turn, Result<(), Fault>),
    /// The pause is over.
    TimerFired(Turn),
    /// The page became visible, or the network came back.
    Woken,
    /// The user pressed *Cancel*.
    Cancelled,
    /// The user pressed the button of a failure that can be resumed.
    Resumed,
}

/// Why an image was not uploaded.
#[derive(Clone, Debug, PartialEq)]
pub enum UploadFault {
    /// The image is not stored any more.
    PictureLost,
    /// The upload failed or was refused.
    Fault(Fault),
}

/// The outcome of fetching a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// It arrived.
    Here,
    /// The server no longer has it.
    Gone,
    /// It did not arrive; it may be requested again.
    Missed(Fault),
}

/// Whether the server has the extension's long-poll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LongPoll {
    /// It was not requested yet.
    #[default]
    Unknown,
    /// It answered.
    There,
    /// The server has no such route.
    Absent,
}

/// The environment of a run.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The current time.
    pub now: At,
    /// When the server last answered anything.
    pub heard_at: Option<At>,
    /// Whether the server has the long-poll.
    pub long_poll: LongPoll,
    /// How long runs of this workflow usually take, from and to, in ms.
    pub usual_run_ms: Option<(u64, u64)>,
    /// Whether the page is in the background.
    pub hidden: bool,
    /// The time limits.
    pub limits: Limits,
}

/// The time limits of a run, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The limit for waking a pod. Default 15 min.
    pub waking_ms: u64,
    /// The limit for a live run without any answer. Default 15 min.
    pub reach_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { waking_ms: 15 * MINUTE_MS, reach_ms: 15 * MINUTE_MS }
    }
}

/// An answer this recent shows that a pod is ready: it is younger than any scale-down delay.
pub const FRESH_MS: u64 = 20 * SECOND_MS;
/// An older run is looked up only on the user's command, since that wakes a GPU.
pub const EXPIRES_MS: u64 = 60 * MINUTE_MS;
/// So many failures in a row are more than a hiccup.
pub(crate) const UNHEARD_AFTER: u32 = 2;
/// How often a prompt that never arrives is sent at most.
pub const POSTS_MAX: u32 = 6;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Misses {
    count: u32,
    first: Option<At>,
    /// Enough misses to decide, except for a last look at the history.
    enough: bool,
}

/// The state of a run, and what it waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    id: PromptId,
    has_pictures: bool,
    uploaded: bool,
    uploaded_again: bool,
    posts: u32,
    turn: Turn,
    phase: Phase,
    pressed: At,
    since: At,
    asked: At,
    sleeping: bool,
    attempts: u32,
    unheard: Option<At>,
    misses: Misses,
    placed: Option<At>,
    polls: bool,
    fault: Option<Fault>,
    fault_after_ms: u64,
    warnings: Vec<Problem>,
    partial: Option<Box<Ended>>,
    /// What the history said, once it was read.
    came: Option<Box<Ended>>,
    /// The files that are stored, by their index in `came.files()`.
    here: Vec<usize>,
    spans: [Option<Span>; 4],
    /// Whether the server has not answered since it was resumed.
    is_recalled: bool,
}

impl Run {
    /// Returns a run that waits in the queue. `now`: when it was requested.
    pub fn new(id: PromptId, has_pictures: bool, now: At) -> Self {
        Self {
            id,
            has_pictures,
            uploaded: false,
            uploaded_again: false,
            posts: 0,
            turn: Turn::default(),
            phase: Phase::Waiting,
            pressed: now,
            since: now,
            asked: now,
            sleeping: false,
            attempts: 0,
            unheard: None,
            misses: Misses::default(),
            placed: None,
            polls: false,
            fault: None,
            fault_after_ms: 0,
            warnings: Vec::new(),
            partial: None,
            came: None,
            here: Vec::new(),
            spans: [None; 4],
            is_recalled: false,
        }
    }

    /// Handles an event. `None`: nothing changes, and what is outstanding continues.
    pub fn update(&mut self, event: Event, context: &Context) -> Option<Step> {
        match event {
            Event::Released => self.released(context),
            Event::Woken => self.woken(context),
            Event::Cancelled => self.cancelled(context),
            Event::Resumed => self.resumed(context),
            Event::TimerFired(turn) => {
                (turn == self.turn && self.sleeping).then(|| self.ask(context))
            }
            Event::WakeReplied(turn, result) => self.reply(turn)?.woke(result, context),
            Event::Uploaded(turn, result) => self.reply(turn)?.uploaded(result, context),
            Event::Accepted(turn, result) => self.reply(turn)?.accepted(result, context),
            Event::Seen(turn, result) | Event::Waited(turn, result) => {
                self.reply(turn)?.seen(result, context)
            }
            Event::Collected(turn, fetched) => self.reply(turn)?.collected(fetched, context),
            Event::Stopped(turn, result) => self.reply(turn)?.stopped(result, context),
        }
    }

    /// Returns the id at the server; the page's own until the server answers with another.
    pub fn id(&self) -> &PromptId {
        &self.id
    }

    /// Returns the number of the current step.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// Returns the current phase.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Returns how often the prompt was sent, including one that is about to be.
    pub fn posts(&self) -> u32 {
        self.posts
    }

    /// Returns when it was requested.
    pub fn pressed(&self) -> At {
        self.pressed
    }

    /// Returns the time span of a stage; `None` if it was not reached.
    pub fn span(&self, stage: Stage) -> Option<Span> {
        self.spans[stage as usize]
    }

    /// Returns the last transient fault, until the server answers again.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Returns how long the request of the last transient fault was outstanding, in ms.
    pub fn fault_after_ms(&self) -> u64 {
        self.fault_after_ms
    }

    /// How many requests of it failed in a row.
    pub fn failures(&self) -> u32 {
        self.attempts
    }

    /// Whether the server had the run, and has failed to answer more than once since: whether it
    /// still has it is not known.
    pub fn is_unheard_of(&self) -> bool {
        let is_there = matches!(self.phase, Phase::Queued { .. } | Phase::Running);
        is_there && self.attempts >= UNHEARD_AFTER
    }

    /// Since when it has been in its phase.
    pub fn since(&self) -> At {
        self.since
    }

    /// Whether pictures are sent with it.
    pub fn has_pictures(&self) -> bool {
        self.has_pictures
    }

    /// Returns what the history said of an ended run, successful or not.
    pub fn brought(&self) -> Option<&Ended> {
        if let Phase::Ended(Outcome::Done { ended, .. }) = &self.phase {
            return Some(ended);
        }
        self.partial.as_deref()
    }

    /// Returns the problems that the server reported although it accepted the prompt.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Returns for how long the outstanding request is unanswered, in ms; `None` between requests.
    pub fn unanswered_ms(&self, now: At) -> Option<u64> {
        (!self.sleeping && self.is_live()).then(|| now.since(self.asked))
    }

    /// Returns whether it was resumed and the server has not answered since.
    pub fn is_recalled(&self) -> bool {
        self.is_recalled
    }

    /// Returns whether the run is followed by short polls, which do not keep a pod alive.
    pub fn polls(&self) -> bool {
        self.polls
    }

    /// Returns whether it has left the page's queue and has not ended.
    pub fn is_live(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_) | Phase::Waiting)
    }

    /// Returns whether it has ended.
    pub fn is_ended(&self) -> bool {
        self.outcome().is_some()
    }

    /// Returns how it ended.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.phase {
            Phase::Ended(outcome) => Some(outcome),
            Phase::Waiting
            | Phase::Waking
            | Phase::Uploading
            | Phase::Submitting
            | Phase::Unconfirmed { .. }
            | Phase::Queued { .. }
            | Phase::Running
            | Phase::Collecting { .. }
            | Phase::Cancelling(_) => None,
        }
    }

    /// Returns whether *Cancel* has an effect: not while files are fetched, nor a second time.
    pub fn can_cancel(&self) -> bool {
        match self.phase {
            Phase::Waiting
            | Phase::Waking
            | Phase::Uploading
            | Phase::Submitting
            | Phase::Unconfirmed { .. }
            | Phase::Queued { .. }
            | Phase::Running => true,
            Phase::Collecting { .. } | Phase::Cancelling(_) | Phase::Ended(_) => false,
        }
    }
}

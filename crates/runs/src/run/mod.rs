//! The life of one run: told what happened, it answers with what to do next.
//!
//! Invariants: a run waits for exactly one thing, a reply or a timer, named by its `Turn`; whatever
//! arrives for an older turn is stale. A prompt is sent again only after the server was asked twice
//! and knew nothing of it. `posts` grows before a prompt is sent, so that a stored run is never
//! mistaken for one that was not. No clock, no randomness: moments and jitter are arguments.

mod cancel;
mod keep;
mod machine;
mod pace;
mod step;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use pilotlight_comfy::comfy::{Accepted, Facts};
use pilotlight_comfy::failure::{Failure, Fault};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::sighting::{Ended, Glimpse};
use pilotlight_comfy::time::{At, MINUTE_MS, SECOND_MS};

pub use cancel::Cancelling;
pub(crate) use pace::{WAIT_LIMIT_MS, backoff_ms};
pub use step::{Ask, Step};

/// Numbers the step a run is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn(pub u32);

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// In the lane: nothing was asked yet.
    Waiting,
    /// A harmless request is out, held until a pod is there.
    Waking,
    /// Pictures are on their way to the pod.
    Uploading,
    /// The prompt is on its way.
    Submitting,
    /// It may have arrived or not; the server is asked.
    Unconfirmed {
        /// Whether it was resumed from what was stored: then it is never sent again by itself.
        restored: bool,
    },
    /// `None`: accepted, place not seen yet.
    Queued {
        /// How many runs stand before it in the queue of the server.
        ahead: Option<u32>,
    },
    /// The server works on it.
    Running,
    /// The run has ended well; its files are being fetched.
    Collecting {
        /// What the history said of its end.
        ended: Box<Ended>,
        /// The files that are still to be fetched, by their place in `ended.files()`.
        missing: Vec<usize>,
        /// The files that the server no longer had, by their place.
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
    /// `gone`: files that the server no longer had, by their place in `ended.files()`.
    Done {
        /// What the history said of its end.
        ended: Box<Ended>,
        /// The files that the server no longer had, by their place in `ended.files()`.
        gone: Vec<usize>,
    },
    /// Not `confirmed`: the server did not answer; the run may still be there.
    Cancelled {
        /// Whether the server was seen to have it no longer.
        confirmed: bool,
    },
    /// It failed, for this reason.
    Failed(Failure),
}

/// What happened. A turn names the step it answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The lane lets the run go.
    Released,
    /// The request that wakes a GPU was answered.
    Knocked(Turn, Result<Facts, Fault>),
    /// Every picture is at the server; the driver holds the names.
    Uploaded(Turn, Result<(), UploadFault>),
    /// The prompt was answered.
    Accepted(Turn, Result<Accepted, Fault>),
    /// The history or the queue was read.
    Seen(Turn, Result<Glimpse, Fault>),
    /// As `Seen`, by the long-poll.
    Waited(Turn, Result<Glimpse, Fault>),
    /// One entry for each file that was asked for, in that order.
    Collected(Turn, Vec<Fetched>),
    /// The request to stop the run was answered.
    Stopped(Turn, Result<(), Fault>),
    /// The pause is over.
    Rang(Turn),
    /// The page became visible, or the network came back.
    Woken,
    /// The person pressed *Cancel*.
    Cancelled,
    /// The person pressed the remedy of a failure that can be taken up again.
    Resumed,
}

/// Why a picture did not come to the server.
#[derive(Clone, Debug, PartialEq)]
pub enum UploadFault {
    /// This browser no longer has the picture.
    PictureLost,
    /// The upload was not answered, or refused.
    Fault(Fault),
}

/// What became of one file that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// It arrived.
    Here,
    /// The server no longer has it.
    Gone,
    /// It did not arrive; it may be asked for again.
    Missed(Fault),
}

/// Whether the server has the extension's long-poll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LongPoll {
    /// It was not asked for yet.
    #[default]
    Unknown,
    /// It answered.
    There,
    /// The server has no such route.
    Absent,
}

/// What a run needs to know of the world outside itself.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// The moment.
    pub now: At,
    /// When the server last answered anything.
    pub heard_at: Option<At>,
    /// Whether the server has the long-poll.
    pub long_poll: LongPoll,
    /// What runs of this workflow usually take, from and to, in ms.
    pub usual_run_ms: Option<(u64, u64)>,
    /// Nobody is looking at the page.
    pub hidden: bool,
    /// How long a run waits.
    pub limits: Limits,
}

/// How long a run goes on without what it waits for, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long to wait for a pod. Default 15 min.
    pub waking_ms: u64,
    /// How long a live run may go without any answer. Default 15 min.
    pub reach_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { waking_ms: 15 * MINUTE_MS, reach_ms: 15 * MINUTE_MS }
    }
}

/// An answer this young tells that a pod is ready: it is younger than any scale-down delay.
pub const FRESH_MS: u64 = 20 * SECOND_MS;
/// An older run is asked after only on a press: asking wakes a GPU.
pub const EXPIRES_MS: u64 = 60 * MINUTE_MS;
/// A prompt that never arrives is sent this often at most.
pub const POSTS_MAX: u32 = 6;

/// The parts of a run that have a clock of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Until a GPU was awake.
    Waking,
    /// In the queue of the server.
    InLine,
    /// At work.
    Running,
    /// While files were fetched.
    Fetching,
}

/// Stored as `[from, until]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(At, Option<At>)", into = "(At, Option<At>)")]
pub struct Span {
    /// When it began.
    pub from: At,
    /// When it ended; `None` while it goes on.
    pub until: Option<At>,
}

impl From<(At, Option<At>)> for Span {
    fn from((from, until): (At, Option<At>)) -> Self {
        Self { from, until }
    }
}

impl From<Span> for (At, Option<At>) {
    fn from(span: Span) -> Self {
        (span.from, span.until)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Misses {
    count: u32,
    first: Option<At>,
    /// Enough for a verdict, but for one last look at the history.
    enough: bool,
}

/// One run: all that is known of it, and what it waits for.
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
    /// What the history said, once it did.
    came: Option<Box<Ended>>,
    /// Which of its files are here, by their place in `came.files()`.
    here: Vec<usize>,
    spans: [Option<Span>; 4],
    /// Nothing was heard since it was taken up.
    is_recalled: bool,
}

impl Run {
    /// Returns a run that waits in the queue. `now`: when it was asked for.
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

    /// Takes in what happened. `None`: nothing changes, what is outstanding goes on.
    pub fn update(&mut self, event: Event, around: &Around) -> Option<Step> {
        match event {
            Event::Released => self.released(around),
            Event::Woken => self.woken(around),
            Event::Cancelled => self.cancelled(around),
            Event::Resumed => self.resumed(around),
            Event::Rang(turn) => (turn == self.turn && self.sleeping).then(|| self.ask(around)),
            Event::Knocked(turn, result) => self.reply(turn)?.knocked(result, around),
            Event::Uploaded(turn, result) => self.reply(turn)?.uploaded(result, around),
            Event::Accepted(turn, result) => self.reply(turn)?.accepted(result, around),
            Event::Seen(turn, result) | Event::Waited(turn, result) => {
                self.reply(turn)?.seen(result, around)
            }
            Event::Collected(turn, fetched) => self.reply(turn)?.collected(fetched, around),
            Event::Stopped(turn, result) => self.reply(turn)?.stopped(result, around),
        }
    }

    /// The id at the server; its own until a server answers with another.
    pub fn id(&self) -> &PromptId {
        &self.id
    }

    /// Returns the number of the step that it is at.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// Returns where it stands.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// How often the prompt was sent, or was about to be.
    pub fn posts(&self) -> u32 {
        self.posts
    }

    /// Returns when it was asked for.
    pub fn pressed(&self) -> At {
        self.pressed
    }

    /// Returns from when until when a stage went on; `None` where it did not come to that.
    pub fn span(&self, stage: Stage) -> Option<Span> {
        self.spans[stage as usize]
    }

    /// The last hiccup, until something was heard again.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// How long the request that brought the last hiccup had been out.
    pub fn fault_after_ms(&self) -> u64 {
        self.fault_after_ms
    }

    /// What the run brought, whether it ended well or not.
    pub fn brought(&self) -> Option<&Ended> {
        if let Phase::Ended(Outcome::Done { ended, .. }) = &self.phase {
            return Some(ended);
        }
        self.partial.as_deref()
    }

    /// What the server said will not run although it took the prompt.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// For how long the outstanding request has been without an answer; `None` between requests.
    pub fn unanswered_ms(&self, now: At) -> Option<u64> {
        (!self.sleeping && self.is_live()).then(|| now.since(self.asked))
    }

    /// Whether it stands as it was when the page went, and nothing was heard of it since.
    pub fn is_recalled(&self) -> bool {
        self.is_recalled
    }

    /// Whether the run is followed by short polls, which do not keep a pod alive.
    pub fn polls(&self) -> bool {
        self.polls
    }

    /// Returns whether it is under way: it left the queue of the page, and has not ended.
    pub fn is_live(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_) | Phase::Waiting)
    }

    /// Returns whether it is over.
    pub fn is_ended(&self) -> bool {
        self.outcome().is_some()
    }

    /// How it ended.
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

    /// Returns whether *Cancel* does something: not while files are fetched, nor a second time.
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

//! The life of one run: told what happened, it answers with what to do next.
//!
//! Invariants: a run waits for exactly one thing, a reply or a timer, named by its `Turn`; whatever
//! arrives for an older turn is stale. A prompt is sent again only after the server was asked twice
//! and knew nothing of it. `posts` grows before a prompt is sent, so that a stored run is never
//! mistaken for one that was not. No clock, no randomness: moments and jitter are arguments.

mod cancel;
mod pace;

#[cfg(test)]
mod tests;

use crate::comfy::{Accepted, Facts};
use crate::failure::{ApiError, Failure, Fault};
use crate::id::PromptId;
use crate::problem::Problem;
use crate::record::Stored;
use crate::sighting::{Ended, FileRef, Glimpse, How, Known};
use crate::time::{At, MINUTE_MS, SECOND_MS};

pub use cancel::Cancelling;

/// Numbers the step a run is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn(pub u32);

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
        restored: bool,
    },
    /// `None`: accepted, place not seen yet.
    Queued {
        ahead: Option<u32>,
    },
    Running,
    /// The run has ended well; its files are being fetched.
    Collecting {
        ended: Box<Ended>,
        missing: Vec<usize>,
        gone: Vec<usize>,
    },
    Cancelling(Cancelling),
    Ended(Outcome),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// `gone`: files that the server no longer had, by their place in `ended.files()`.
    Done {
        ended: Box<Ended>,
        gone: Vec<usize>,
    },
    /// Not `confirmed`: the server did not answer; the run may still be there.
    Cancelled {
        confirmed: bool,
    },
    Failed(Failure),
}

/// What happened. A turn names the step it answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The lane lets the run go.
    Released,
    Knocked(Turn, Result<Facts, Fault>),
    /// Every picture is at the server; the driver holds the names.
    Uploaded(Turn, Result<(), UploadFault>),
    Accepted(Turn, Result<Accepted, Fault>),
    Seen(Turn, Result<Glimpse, Fault>),
    /// One entry for each file that was asked for, in that order.
    Collected(Turn, Vec<Fetched>),
    Stopped(Turn, Result<(), Fault>),
    Rang(Turn),
    /// The page became visible, or the network came back.
    Woken,
    /// The person pressed *Cancel*.
    Cancelled,
    /// The person pressed the remedy of a failure that can be taken up again.
    Resumed,
}

#[derive(Clone, Debug, PartialEq)]
pub enum UploadFault {
    /// This browser no longer has the picture.
    PictureLost,
    Fault(Fault),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    Here,
    Gone,
    Missed(Fault),
}

/// What to do next; performing it ends whatever was outstanding.
/// `limit_ms`: when to give up waiting and report `TimedOut`.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Knock {
        limit_ms: u64,
    },
    Upload {
        limit_ms: u64,
    },
    Submit {
        limit_ms: u64,
    },
    Look {
        ask: Ask,
        limit_ms: u64,
    },
    Wait {
        known: Known,
        limit_ms: u64,
    },
    Collect {
        files: Vec<(usize, FileRef)>,
        limit_ms: u64,
    },
    /// Drop it from the queue, then interrupt it, both by its id.
    Stop {
        limit_ms: u64,
    },
    Sleep {
        ms: u64,
    },
    Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    History,
    Queue,
}

/// Whether the server has the extension's long-poll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LongPoll {
    #[default]
    Unknown,
    There,
    Absent,
}

/// What a run needs to know of the world outside itself.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    pub now: At,
    /// When the server last answered anything.
    pub heard_at: Option<At>,
    pub long_poll: LongPoll,
    /// What runs of this workflow usually take, from and to, in ms.
    pub usual_run_ms: Option<(u64, u64)>,
    /// Nobody is looking at the page.
    pub hidden: bool,
    pub limits: Limits,
}

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
    Waking,
    InLine,
    Running,
    Fetching,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: At,
    pub until: Option<At>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Misses {
    count: u32,
    first: Option<At>,
}

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
    spans: [Option<Span>; 4],
}

impl Run {
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
            spans: [None; 4],
        }
    }

    /// Takes up a stored run when the page is opened again.
    pub fn restore(stored: &Stored, around: &Around) -> (Self, Step) {
        let mut run = Self::new(stored.prompt_id.clone(), stored.has_pictures, stored.pressed);
        run.posts = stored.posts;
        let age = around.now.since(stored.pressed);
        let step = match (stored.posts, stored.cancelled) {
            (0, true) => run.end(Outcome::Cancelled { confirmed: true }, around.now),
            (0, false) if age >= around.limits.waking_ms => {
                let failure = Failure::OutOfReach { waking: true, fault: None };
                run.end(Outcome::Failed(failure), around.now)
            }
            (0, false) => {
                run.since = around.now;
                Step::Rest
            }
            (_, _) if age >= EXPIRES_MS => run.end(Outcome::Failed(Failure::Expired), around.now),
            (_, true) => run.cancel_unseen(around),
            (_, false) => {
                run.enter(Phase::Unconfirmed { restored: true }, around.now);
                run.ask(around)
            }
        };
        (run, step)
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
            Event::Seen(turn, result) => self.reply(turn)?.seen(result, around),
            Event::Collected(turn, fetched) => self.reply(turn)?.collected(fetched, around),
            Event::Stopped(turn, result) => self.reply(turn)?.stopped(result, around),
        }
    }

    /// The id at the server; its own until a server answers with another.
    pub fn id(&self) -> &PromptId {
        &self.id
    }

    pub fn turn(&self) -> Turn {
        self.turn
    }

    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// How often the prompt was sent, or was about to be.
    pub fn posts(&self) -> u32 {
        self.posts
    }

    pub fn pressed(&self) -> At {
        self.pressed
    }

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

    /// What the server said will not run although it took the prompt.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// For how long the outstanding request has been without an answer; `None` between requests.
    pub fn unanswered_ms(&self, now: At) -> Option<u64> {
        (!self.sleeping && self.is_live()).then(|| now.since(self.asked))
    }

    /// Whether the run is followed by short polls, which do not keep a pod alive.
    pub fn polls(&self) -> bool {
        self.polls
    }

    pub fn is_live(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_) | Phase::Waiting)
    }

    pub fn is_ended(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

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

    /// What must be stored now; `None` when nothing of the run is left to be taken up.
    pub fn stored(&self) -> Option<Stored> {
        let takes_up = match &self.phase {
            Phase::Ended(Outcome::Failed(Failure::OutOfReach { .. } | Failure::Expired)) => true,
            Phase::Ended(_) => false,
            _ => true,
        };
        takes_up.then(|| Stored {
            prompt_id: self.id.clone(),
            has_pictures: self.has_pictures,
            posts: self.posts,
            cancelled: matches!(self.phase, Phase::Cancelling(_)),
            pressed: self.pressed,
        })
    }

    fn reply(&mut self, turn: Turn) -> Option<&mut Self> {
        (turn == self.turn && !self.sleeping && self.is_live()).then_some(self)
    }

    fn released(&mut self, around: &Around) -> Option<Step> {
        if self.phase != Phase::Waiting {
            return None;
        }
        let fresh = around.heard_at.is_some_and(|heard| around.now.since(heard) <= FRESH_MS);
        if fresh {
            return Some(self.send(around));
        }
        self.enter(Phase::Waking, around.now);
        Some(self.ask(around))
    }

    fn knocked(&mut self, result: Result<Facts, Fault>, around: &Around) -> Option<Step> {
        if self.phase != Phase::Waking {
            return None;
        }
        Some(match result {
            Ok(_) => {
                self.heard();
                self.send(around)
            }
            Err(fault) if !fault.is_transient() => {
                self.end(Outcome::Failed(Failure::Setup(fault)), around.now)
            }
            Err(fault) => self.again(fault, around),
        })
    }

    fn uploaded(&mut self, result: Result<(), UploadFault>, around: &Around) -> Option<Step> {
        if self.phase != Phase::Uploading {
            return None;
        }
        Some(match result {
            Ok(()) => {
                self.heard();
                self.uploaded = true;
                self.send(around)
            }
            Err(UploadFault::PictureLost) => {
                self.end(Outcome::Failed(Failure::PictureLost), around.now)
            }
            Err(UploadFault::Fault(fault)) if fault.is_transient() => self.again(fault, around),
            Err(UploadFault::Fault(fault)) => self.fail(fault, around),
        })
    }

    fn accepted(&mut self, result: Result<Accepted, Fault>, around: &Around) -> Option<Step> {
        if self.phase != Phase::Submitting {
            return None;
        }
        Some(match result {
            Ok(accepted) => {
                self.heard();
                self.id = accepted.prompt_id;
                self.warnings = accepted.problems;
                self.enter(Phase::Queued { ahead: None }, around.now);
                self.follow(around)
            }
            Err(fault) if fault.is_transient() => {
                self.enter(Phase::Unconfirmed { restored: false }, around.now);
                self.again(fault, around)
            }
            // The pod that had the pictures may be gone: they are sent once more, then believed.
            Err(fault)
                if fault.error == ApiError::Refused
                    && self.has_pictures
                    && !self.uploaded_again =>
            {
                (self.uploaded, self.uploaded_again) = (false, true);
                self.send(around)
            }
            Err(fault) => self.fail(fault, around),
        })
    }

    fn seen(&mut self, result: Result<Glimpse, Fault>, around: &Around) -> Option<Step> {
        match self.phase {
            Phase::Unconfirmed { .. } | Phase::Queued { .. } | Phase::Running => {}
            Phase::Cancelling(_) => return Some(self.seen_while_cancelling(result, around)),
            Phase::Waiting
            | Phase::Waking
            | Phase::Uploading
            | Phase::Submitting
            | Phase::Collecting { .. }
            | Phase::Ended(_) => return None,
        }
        let slow = around.now.since(self.asked) >= pace::SLOW_ANSWER_MS;
        let stumbled = self.attempts > 0;
        let glimpse = match result {
            Ok(glimpse) => glimpse,
            Err(fault) if fault.is_transient() => return Some(self.again(fault, around)),
            Err(fault) => {
                let failure = Failure::OutOfReach { waking: false, fault: Some(fault) };
                return Some(self.end(Outcome::Failed(failure), around.now));
            }
        };
        self.heard();
        Some(match glimpse {
            Glimpse::Ended(ended) => self.ended(ended, around),
            Glimpse::Running => {
                self.place(Phase::Running, around.now);
                self.follow(around)
            }
            Glimpse::Pending { ahead } => {
                self.place(Phase::Queued { ahead: Some(ahead) }, around.now);
                self.follow(around)
            }
            Glimpse::NotInHistory => {
                let placed =
                    self.placed.is_some_and(|at| around.now.since(at) < pace::PLACE_LASTS_MS);
                let sure = self.phase == Phase::Running && placed && !slow && !stumbled;
                if sure && self.misses.count == 0 {
                    self.follow(around)
                } else {
                    self.look(Ask::Queue, around)
                }
            }
            Glimpse::NotInQueue => self.missed(around),
            Glimpse::NoLongPoll => {
                self.polls = true;
                self.look(Ask::History, around)
            }
        })
    }

    fn collected(&mut self, fetched: Vec<Fetched>, around: &Around) -> Option<Step> {
        let Phase::Collecting { missing, gone, .. } = &mut self.phase else {
            return None;
        };
        let mut fault = None;
        let asked = std::mem::take(missing);
        for (at, fetched) in asked.into_iter().zip(fetched) {
            match fetched {
                Fetched::Here => {}
                Fetched::Gone => gone.push(at),
                Fetched::Missed(why) => {
                    missing.push(at);
                    fault = Some(why);
                }
            }
        }
        Some(match fault {
            None => {
                self.heard();
                self.done(around.now)
            }
            Some(fault) if fault.is_transient() => self.again(fault, around),
            Some(fault) => {
                let failure = Failure::OutOfReach { waking: false, fault: Some(fault) };
                self.end(Outcome::Failed(failure), around.now)
            }
        })
    }

    fn woken(&mut self, around: &Around) -> Option<Step> {
        (self.sleeping && self.is_live()).then(|| self.ask(around))
    }

    fn resumed(&mut self, around: &Around) -> Option<Step> {
        let Phase::Ended(Outcome::Failed(failure)) = &self.phase else {
            return None;
        };
        match failure {
            Failure::OutOfReach { .. } | Failure::Expired | Failure::Setup(_) => {}
            Failure::Rejected(_)
            | Failure::TooLarge(_)
            | Failure::Lost { .. }
            | Failure::Broken(_)
            | Failure::Interrupted
            | Failure::PictureLost => return None,
        }
        self.heard();
        self.misses = Misses::default();
        let next =
            if self.posts == 0 { Phase::Waking } else { Phase::Unconfirmed { restored: true } };
        self.enter(next, around.now);
        Some(self.ask(around))
    }

    /// Sends what the server needs: pictures first, then the prompt.
    fn send(&mut self, around: &Around) -> Step {
        self.misses = Misses::default();
        if self.has_pictures && !self.uploaded {
            self.enter(Phase::Uploading, around.now);
        } else {
            self.posts += 1;
            self.enter(Phase::Submitting, around.now);
        }
        self.ask(around)
    }

    /// Nowhere: sent again when it never arrived, lost when it was there.
    fn missed(&mut self, around: &Around) -> Step {
        self.misses.count += 1;
        let first = *self.misses.first.get_or_insert(around.now);
        let apart = around.now.since(first);
        let restored = matches!(self.phase, Phase::Unconfirmed { restored: true });
        if matches!(self.phase, Phase::Unconfirmed { .. }) {
            if self.misses.count < 2 || apart < pace::UNSEEN_APART_MS {
                return self.sleep(pace::UNSEEN_APART_MS, around);
            }
            if !restored && self.posts < POSTS_MAX {
                self.uploaded = false;
                return self.send(around);
            }
            if !restored {
                let failure = Failure::OutOfReach { waking: false, fault: self.fault.clone() };
                return self.end(Outcome::Failed(failure), around.now);
            }
        } else if self.misses.count < 3 || apart < pace::LOST_AFTER_MS {
            return self.sleep(pace::LOST_AFTER_MS / 2, around);
        }
        let long_poll = !self.polls && around.long_poll != LongPoll::Absent;
        self.end(Outcome::Failed(Failure::Lost { long_poll }), around.now)
    }

    fn ended(&mut self, ended: Box<Ended>, around: &Around) -> Step {
        match &ended.how {
            How::Well => {
                let missing: Vec<usize> = (0..ended.files().len()).collect();
                let nothing = missing.is_empty();
                self.enter(Phase::Collecting { ended, missing, gone: Vec::new() }, around.now);
                if nothing { self.done(around.now) } else { self.ask(around) }
            }
            How::Interrupted => self.end(Outcome::Failed(Failure::Interrupted), around.now),
            How::Badly(failure) => {
                self.end(Outcome::Failed(Failure::Broken(failure.clone())), around.now)
            }
        }
    }

    fn done(&mut self, now: At) -> Step {
        let Phase::Collecting { ended, gone, .. } = &mut self.phase else {
            return Step::Rest;
        };
        let outcome = Outcome::Done { ended: ended.clone(), gone: std::mem::take(gone) };
        self.end(outcome, now)
    }

    /// A fault that waiting cannot mend, of a prompt that was not taken.
    fn fail(&mut self, fault: Fault, around: &Around) -> Step {
        let failure = match fault.error {
            ApiError::Refused => Failure::Rejected(fault),
            ApiError::TooLarge => Failure::TooLarge(fault),
            ApiError::Unauthorized | ApiError::NoSuchModel | ApiError::NotUnderstood(_) => {
                Failure::Setup(fault)
            }
            ApiError::Unanswered
            | ApiError::TimedOut
            | ApiError::Busy
            | ApiError::Unavailable(_)
            | ApiError::Garbled => Failure::OutOfReach { waking: false, fault: Some(fault) },
        };
        self.end(Outcome::Failed(failure), around.now)
    }

    /// Sleeps a little longer each time, then asks again; gives up after the limit.
    fn again(&mut self, fault: Fault, around: &Around) -> Step {
        let unheard = *self.unheard.get_or_insert(self.asked);
        let waking = self.phase == Phase::Waking;
        let (from, limit_ms) = match waking {
            true => (self.since, around.limits.waking_ms),
            false => (unheard, around.limits.reach_ms),
        };
        if around.now.since(from) >= limit_ms {
            let failure = Failure::OutOfReach { waking, fault: Some(fault) };
            return self.end(Outcome::Failed(failure), around.now);
        }
        let ms = pace::backoff_ms(self.attempts, fault.retry_after_s, self.id.spread());
        self.attempts += 1;
        self.fault_after_ms = around.now.since(self.asked);
        self.fault = Some(fault);
        self.sleep(ms, around)
    }

    fn heard(&mut self) {
        self.attempts = 0;
        self.unheard = None;
        self.fault = None;
    }

    fn place(&mut self, phase: Phase, now: At) {
        self.misses = Misses::default();
        self.placed = Some(now);
        if self.phase != phase {
            self.enter(phase, now);
        }
    }

    /// Goes on watching a run that is at the server: held by it, or asked for after a while.
    fn follow(&mut self, around: &Around) -> Step {
        if self.waits(around) {
            return self.ask(around);
        }
        let ms = pace::look_ms(&self.phase, around.now.since(self.since), around);
        self.sleep(ms, around)
    }

    fn waits(&self, around: &Around) -> bool {
        !self.polls && self.misses.count == 0 && around.long_poll != LongPoll::Absent
    }

    /// The request that belongs to the phase.
    fn ask(&mut self, around: &Around) -> Step {
        let long_ms = around.limits.reach_ms;
        let step = match &self.phase {
            Phase::Waiting | Phase::Ended(_) => return Step::Rest,
            Phase::Waking => {
                let left = around.limits.waking_ms.saturating_sub(around.now.since(self.since));
                Step::Knock { limit_ms: left.max(SECOND_MS) }
            }
            Phase::Uploading => Step::Upload { limit_ms: long_ms },
            Phase::Submitting => Step::Submit { limit_ms: pace::SUBMIT_LIMIT_MS },
            Phase::Queued { ahead } if self.waits(around) => Step::Wait {
                known: Known::Pending { ahead: ahead.unwrap_or(0) },
                limit_ms: pace::WAIT_LIMIT_MS,
            },
            Phase::Running if self.waits(around) => {
                Step::Wait { known: Known::Running, limit_ms: pace::WAIT_LIMIT_MS }
            }
            Phase::Unconfirmed { .. } | Phase::Queued { .. } | Phase::Running => {
                Step::Look { ask: Ask::History, limit_ms: long_ms }
            }
            Phase::Cancelling(_) => {
                Step::Look { ask: Ask::History, limit_ms: pace::CANCEL_UNHEARD_MS }
            }
            Phase::Collecting { ended, missing, .. } => {
                let files = ended.files();
                let files = missing.iter().filter_map(|at| Some((*at, files.get(*at)?.clone())));
                Step::Collect { files: files.collect(), limit_ms: long_ms }
            }
        };
        self.issue(step, around)
    }

    fn look(&mut self, ask: Ask, around: &Around) -> Step {
        self.issue(Step::Look { ask, limit_ms: around.limits.reach_ms }, around)
    }

    fn sleep(&mut self, ms: u64, around: &Around) -> Step {
        self.issue(Step::Sleep { ms }, around)
    }

    fn issue(&mut self, step: Step, around: &Around) -> Step {
        self.turn.0 = self.turn.0.wrapping_add(1);
        self.sleeping = matches!(step, Step::Sleep { .. });
        self.asked = around.now;
        step
    }

    fn end(&mut self, outcome: Outcome, now: At) -> Step {
        self.enter(Phase::Ended(outcome), now);
        self.turn.0 = self.turn.0.wrapping_add(1);
        self.sleeping = false;
        Step::Rest
    }

    fn enter(&mut self, phase: Phase, now: At) {
        let stage = match &phase {
            Phase::Waking => Some(Stage::Waking),
            Phase::Uploading
            | Phase::Submitting
            | Phase::Unconfirmed { .. }
            | Phase::Queued { .. } => Some(Stage::InLine),
            Phase::Running => Some(Stage::Running),
            Phase::Collecting { .. } => Some(Stage::Fetching),
            Phase::Waiting | Phase::Cancelling(_) | Phase::Ended(_) => None,
        };
        for (at, span) in self.spans.iter_mut().enumerate() {
            if stage.map(|stage| stage as usize) != Some(at)
                && let Some(span) = span
            {
                span.until.get_or_insert(now);
            }
        }
        if let Some(stage) = stage {
            let span = self.spans[stage as usize].get_or_insert(Span { from: now, until: None });
            span.until = None;
        }
        self.phase = phase;
        self.since = now;
    }
}

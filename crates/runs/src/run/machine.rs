//! The transitions of a run: one function per event, then those that they share. Invariant: every
//! function returns the one step that is outstanding from now on.

use super::pace;
use super::{
    Around, Ask, FRESH_MS, Fetched, LongPoll, Misses, Outcome, POSTS_MAX, Phase, Run, Span, Stage,
    Step, Turn, UploadFault,
};
use pilotlight_comfy::comfy::{Accepted, Facts};
use pilotlight_comfy::failure::{ApiError, Failure, Fault};
use pilotlight_comfy::sighting::{Ended, Glimpse, How, Known};
use pilotlight_comfy::time::{At, SECOND_MS};

impl Run {
    pub(super) fn reply(&mut self, turn: Turn) -> Option<&mut Self> {
        (turn == self.turn && !self.sleeping && self.is_live()).then_some(self)
    }

    pub(super) fn released(&mut self, around: &Around) -> Option<Step> {
        if !matches!(self.phase, Phase::Waiting) {
            return None;
        }
        let fresh = around.heard_at.is_some_and(|heard| around.now.since(heard) <= FRESH_MS);
        if fresh {
            return Some(self.send(around));
        }
        self.enter(Phase::Waking, around.now);
        Some(self.ask(around))
    }

    pub(super) fn knocked(
        &mut self,
        result: Result<Facts, Fault>,
        around: &Around,
    ) -> Option<Step> {
        if !matches!(self.phase, Phase::Waking) {
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

    pub(super) fn uploaded(
        &mut self,
        result: Result<(), UploadFault>,
        around: &Around,
    ) -> Option<Step> {
        if !matches!(self.phase, Phase::Uploading) {
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

    pub(super) fn accepted(
        &mut self,
        result: Result<Accepted, Fault>,
        around: &Around,
    ) -> Option<Step> {
        if !matches!(self.phase, Phase::Submitting) {
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
            // The pod that had the images may be gone: they are uploaded once more.
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

    pub(super) fn seen(&mut self, result: Result<Glimpse, Fault>, around: &Around) -> Option<Step> {
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
            Glimpse::NotInHistory if self.misses.enough => self.nowhere(around),
            Glimpse::NotInHistory => {
                let placed =
                    self.placed.is_some_and(|at| around.now.since(at) < pace::PLACE_LASTS_MS);
                let running = matches!(self.phase, Phase::Running);
                let sure = running && placed && !slow && !stumbled;
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

    pub(super) fn collected(&mut self, fetched: Vec<Fetched>, around: &Around) -> Option<Step> {
        let Phase::Collecting { missing, gone, .. } = &mut self.phase else {
            return None;
        };
        let mut fault = None;
        let asked = std::mem::take(missing);
        for (at, fetched) in asked.into_iter().zip(fetched) {
            match fetched {
                Fetched::Here => self.here.push(at),
                Fetched::Gone => gone.push(at),
                Fetched::Missed(why) => {
                    missing.push(at);
                    // Of several faults, the one with the longest wait counts.
                    if fault.as_ref().is_none_or(|f: &Fault| f.retry_after_s <= why.retry_after_s) {
                        fault = Some(why);
                    }
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

    pub(super) fn woken(&mut self, around: &Around) -> Option<Step> {
        (self.sleeping && self.is_live()).then(|| self.ask(around))
    }

    pub(super) fn resumed(&mut self, around: &Around) -> Option<Step> {
        let Phase::Ended(Outcome::Failed(failure)) = &self.phase else {
            return None;
        };
        // It was refused then, and may be sent again once no earlier one is known to have arrived.
        let was_refused = match failure {
            Failure::Setup(_) => true,
            Failure::OutOfReach { .. } | Failure::Expired => false,
            Failure::Rejected(_)
            | Failure::TooLarge(_)
            | Failure::Lost { .. }
            | Failure::Broken(_)
            | Failure::Interrupted
            | Failure::PictureLost => return None,
        };
        self.heard();
        self.misses = Misses::default();
        if let Some(ended) = self.came.clone() {
            return Some(self.ended(ended, around));
        }
        // A run that was never sent waits in the queue again, since many may be retried at once.
        let next = match self.posts {
            0 => Phase::Waiting,
            _ => Phase::Unconfirmed { restored: !was_refused },
        };
        self.spans = [None; 4]; // the time since the failure belongs to no stage
        self.enter(next, around.now);
        Some(self.ask(around))
    }

    /// Sends what the server needs: first the images, then the prompt.
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

    /// Counts a look that did not find the run, by the time when the look was sent.
    fn missed(&mut self, around: &Around) -> Step {
        self.misses.count += 1;
        let first = *self.misses.first.get_or_insert(around.now);
        let apart = self.asked.since(first);
        let (least, apart_ms, pause_ms) = if matches!(self.phase, Phase::Unconfirmed { .. }) {
            (2, pace::UNSEEN_APART_MS, pace::UNSEEN_APART_MS)
        } else {
            (3, pace::LOST_AFTER_MS, pace::LOST_AFTER_MS / 2)
        };
        if self.misses.count < least || apart < apart_ms {
            return self.sleep(pause_ms, around);
        }
        // It may have left the queue after the history was read, so the history is read once more.
        self.misses.enough = true;
        self.sleep(pace::LAST_LOOK_MS, around)
    }

    /// Sends a run again that never arrived at the server; otherwise it is lost.
    fn nowhere(&mut self, around: &Around) -> Step {
        if matches!(self.phase, Phase::Unconfirmed { restored: false }) {
            if self.posts < POSTS_MAX {
                self.uploaded = false;
                return self.send(around);
            }
            let failure = Failure::OutOfReach { waking: false, fault: self.fault.clone() };
            return self.end(Outcome::Failed(failure), around.now);
        }
        let long_poll = !self.polls && around.long_poll != LongPoll::Absent;
        self.end(Outcome::Failed(Failure::Lost { long_poll }), around.now)
    }

    pub(super) fn ended(&mut self, ended: Box<Ended>, around: &Around) -> Step {
        let missing = self.missing(&ended);
        let nothing = missing.is_empty();
        self.came = Some(ended.clone());
        self.enter(Phase::Collecting { ended, missing, gone: Vec::new() }, around.now);
        if nothing { self.done(around.now) } else { self.ask(around) }
    }

    pub(super) fn missing(&self, ended: &Ended) -> Vec<usize> {
        (0..ended.files().len()).filter(|at| !self.here.contains(at)).collect()
    }

    /// Ends a run whose files are fetched. A failed run may have some results, too.
    fn done(&mut self, now: At) -> Step {
        let Phase::Collecting { ended, gone, .. } = &mut self.phase else {
            return Step::Rest;
        };
        let (ended, gone) = (ended.clone(), std::mem::take(gone));
        let failure = match &ended.how {
            How::Well => return self.end(Outcome::Done { ended, gone }, now),
            How::Interrupted => Failure::Interrupted,
            How::Badly(failure) => Failure::Broken(failure.clone()),
        };
        self.partial = (!ended.outputs.is_empty()).then_some(ended);
        self.end(Outcome::Failed(failure), now)
    }

    /// Fails because of a fault that a retry cannot fix; the prompt was not accepted.
    fn fail(&mut self, fault: Fault, around: &Around) -> Step {
        let failure = match fault.error {
            ApiError::Refused => Failure::Rejected(fault),
            ApiError::TooLarge => Failure::TooLarge(fault),
            ApiError::Unauthorized
            | ApiError::Barred(_)
            | ApiError::NoSuchModel
            | ApiError::NotUnderstood(_) => Failure::Setup(fault),
            ApiError::Unanswered
            | ApiError::TimedOut
            | ApiError::Busy
            | ApiError::Unavailable(_)
            | ApiError::Garbled => Failure::OutOfReach { waking: false, fault: Some(fault) },
        };
        self.end(Outcome::Failed(failure), around.now)
    }

    /// Waits a little longer each time, then repeats the request; gives up after the limit.
    pub(super) fn again(&mut self, fault: Fault, around: &Around) -> Step {
        let unheard = *self.unheard.get_or_insert(self.asked);
        let waking = matches!(self.phase, Phase::Waking);
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

    pub(super) fn heard(&mut self) {
        self.attempts = 0;
        self.unheard = None;
        self.fault = None;
        self.is_recalled = false;
    }

    fn place(&mut self, phase: Phase, now: At) {
        self.misses = Misses::default();
        self.placed = Some(now);
        let known = match (&self.phase, &phase) {
            (Phase::Running, Phase::Running) => true,
            (Phase::Queued { ahead: known }, Phase::Queued { ahead }) => known == ahead,
            (_, _) => false,
        };
        if !known {
            self.enter(phase, now);
        }
    }

    /// Follows a run at the server: with the long-poll, or by looking after a while.
    fn follow(&mut self, around: &Around) -> Step {
        if self.waits(around) {
            return self.ask(around);
        }
        let ms = pace::look_ms(&self.phase, around.now.since(self.since), around);
        self.sleep(ms, around)
    }

    /// Returns whether to use the long-poll. After a transient fault a short look comes first: a
    /// gateway may end every long-poll, and that says nothing about the run.
    fn waits(&self, around: &Around) -> bool {
        let is_smooth = self.misses.count == 0 && self.attempts == 0;
        !self.polls && is_smooth && around.long_poll != LongPoll::Absent
    }

    /// Returns the request of the current phase.
    pub(super) fn ask(&mut self, around: &Around) -> Step {
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

    pub(super) fn look(&mut self, ask: Ask, around: &Around) -> Step {
        self.issue(Step::Look { ask, limit_ms: around.limits.reach_ms }, around)
    }

    pub(super) fn sleep(&mut self, ms: u64, around: &Around) -> Step {
        self.issue(Step::Sleep { ms }, around)
    }

    pub(super) fn issue(&mut self, step: Step, around: &Around) -> Step {
        self.turn.0 = self.turn.0.wrapping_add(1);
        self.sleeping = matches!(step, Step::Sleep { .. });
        self.asked = around.now;
        step
    }

    pub(super) fn end(&mut self, outcome: Outcome, now: At) -> Step {
        self.enter(Phase::Ended(outcome), now);
        self.turn.0 = self.turn.0.wrapping_add(1);
        self.sleeping = false;
        Step::Rest
    }

    pub(super) fn enter(&mut self, phase: Phase, now: At) {
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

//! The transitions of a run: one function per event, then those that they share. Invariant: every
//! function returns the one step that is outstanding from now on.

use super::pace;
use super::{
    Ask, Context, Fetched, LongPoll, Misses, Outcome, POSTS_MAX, Phase, Run, Span, Stage, Step,
    Turn, UploadFault,
};
use pilotlight_comfy::comfy::Accepted;
use pilotlight_comfy::failure::{ApiError, Failure, Fault};
use pilotlight_comfy::run_status::{Ended, How, Known, StatusReport};
use pilotlight_comfy::time::{At, SECOND_MS};

impl Run {
    pub(super) fn reply(&mut self, turn: Turn) -> Option<&mut Self> {
        (turn == self.turn && !self.sleeping && self.is_live()).then_some(self)
    }

    pub(super) fn uploaded(
        &mut self,
        result: Result<(), UploadFault>,
        context: &Context,
    ) -> Option<Step> {
        if !matches!(self.phase, Phase::Uploading) {
            return None;
        }
        Some(match result {
            Ok(()) => {
                self.heard();
                self.uploaded = true;
                self.send(context)
            }
            Err(UploadFault::PictureLost) => {
                self.end(Outcome::Failed(Failure::PictureLost), context.now)
            }
            Err(UploadFault::Fault(fault)) if fault.is_transient() => self.again(fault, context),
            Err(UploadFault::Fault(fault)) => self.fail(fault, context),
        })
    }

    pub(super) fn accepted(
        &mut self,
        result: Result<Accepted, Fault>,
        context: &Context,
    ) -> Option<Step> {
        if !matches!(self.phase, Phase::Submitting) {
            return None;
        }
        Some(match result {
            Ok(accepted) => {
                self.heard();
                self.id = accepted.prompt_id;
                self.warnings = accepted.problems;
                self.enter(Phase::Queued { ahead: None }, context.now);
                self.follow(context)
            }
            Err(fault) if fault.is_transient() => {
                self.enter(Phase::Unconfirmed { restored: false }, context.now);
                self.again(fault, context)
            }
            // The pod that had the images may be gone: they are uploaded once more.
            Err(fault)
                if fault.error == ApiError::Refused
                    && self.has_pictures
                    && !self.uploaded_again =>
            {
                (self.uploaded, self.uploaded_again) = (false, true);
                self.send(context)
            }
            Err(fault) => self.fail(fault, context),
        })
    }

    pub(super) fn seen(
        &mut self,
        result: Result<StatusReport, Fault>,
        context: &Context,
    ) -> Option<Step> {
        match self.phase {
            Phase::Unconfirmed { .. } | Phase::Queued { .. } | Phase::Running => {}
            Phase::Cancelling(_) => return Some(self.seen_while_cancelling(result, context)),
            Phase::Waiting
            | Phase::Waking
            | Phase::Uploading
            | Phase::Submitting
            | Phase::Collecting { .. }
            | Phase::Ended(_) => return None,
        }
        let slow = context.now.since(self.asked) >= pace::SLOW_ANSWER_MS;
        let stumbled = self.attempts > 0;
        let glimpse = match result {
            Ok(glimpse) => glimpse,
            Err(fault) if fault.is_transient() => return Some(self.again(fault, context)),
            Err(fault) => {
                let failure = Failure::OutOfReach { waking: false, fault: Some(fault) };
                return Some(self.end(Outcome::Failed(failure), context.now));
            }
        };
        self.heard();
        Some(match glimpse {
            StatusReport::Ended(ended) => self.ended(ended, context),
            StatusReport::Running => {
                self.place(Phase::Running, context.now);
                self.follow(context)
            }
            StatusReport::Pending { ahead } => {
                self.place(Phase::Queued { ahead: Some(ahead) }, context.now);
                self.follow(context)
            }
            StatusReport::NotInHistory if self.misses.enough => self.not_at_server(context),
            StatusReport::NotInHistory => {
                let placed =
                    self.placed.is_some_and(|at| context.now.since(at) < pace::PLACE_LASTS_MS);
                let running = matches!(self.phase, Phase::Running);
                let sure = running && placed && !slow && !stumbled;
                if sure && self.misses.count == 0 {
                    self.follow(context)
                } else {
                    self.look(Ask::Queue, context)
                }
            }
            StatusReport::NotInQueue => self.missed(context),
            StatusReport::NoLongPoll => {
                self.polls = true;
                self.look(Ask::History, context)
            }
        })
    }

    pub(super) fn collected(&mut self, fetched: Vec<Fetched>, context: &Context) -> Option<Step> {
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
                self.done(context.now)
            }
            Some(fault) if fault.is_transient() => self.again(fault, context),
            Some(fault) => {
                let failure = Failure::OutOfReach { waking: false, fault: Some(fault) };
                self.end(Outcome::Failed(failure), context.now)
            }
        })
    }

    pub(super) fn woken(&mut self, context: &Context) -> Option<Step> {
        (self.sleeping && self.is_live()).then(|| self.ask(context))
    }

    pub(super) fn resumed(&mut self, context: &Context) -> Option<Step> {
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
            return Some(self.ended(ended, context));
        }
        // A run that was never sent waits in the queue again, since many may be retried at once.
        let next = match self.posts {
            0 => Phase::Waiting,
            _ => Phase::Unconfirmed { restored: !was_refused },
        };
        self.spans = [None; 4]; // the time since the failure belongs to no stage
        self.enter(next, context.now);
        Some(self.ask(context))
    }

    /// Sends what the server needs: first the images, then the prompt.
    pub(super) fn send(&mut self, context: &Context) -> Step {
        self.misses = Misses::default();
        if self.has_pictures && !self.uploaded {
            self.enter(Phase::Uploading, context.now);
        } else {
            self.posts += 1;
            self.enter(Phase::Submitting, context.now);
        }
        self.ask(context)
    }

    /// Counts a look that did not find the run, by the time when the look was sent.
    fn missed(&mut self, context: &Context) -> Step {
        self.misses.count += 1;
        let first = *self.misses.first.get_or_insert(context.now);
        let apart = self.asked.since(first);
        let (least, apart_ms, pause_ms) = if matches!(self.phase, Phase::Unconfirmed { .. }) {
            (2, pace::UNSEEN_APART_MS, pace::UNSEEN_APART_MS)
        } else {
            (3, pace::LOST_AFTER_MS, pace::LOST_AFTER_MS / 2)
        };
        if self.misses.count < least || apart < apart_ms {
            return self.sleep(pause_ms, context);
        }
        // It may have left the queue after the history was read, so the history is read once more.
        self.misses.enough = true;
        self.sleep(pace::LAST_LOOK_MS, context)
    }

    /// Sends a run again that never arrived at the server; otherwise it is lost.
    fn not_at_server(&mut self, context: &Context) -> Step {
        if matches!(self.phase, Phase::Unconfirmed { restored: false }) {
            if self.posts < POSTS_MAX {
                self.uploaded = false;
                return self.send(context);
            }
            let failure = Failure::OutOfReach { waking: false, fault: self.fault.clone() };
            return self.end(Outcome::Failed(failure), context.now);
        }
        let long_poll = !self.polls && context.long_poll != LongPoll::Absent;
        self.end(Outcome::Failed(Failure::Lost { long_poll }), context.now)
    }

    pub(super) fn ended(&mut self, ended: Box<Ended>, context: &Context) -> Step {
        let missing = self.missing(&ended);
        let nothing = missing.is_empty();
        self.came = Some(ended.clone());
        self.enter(Phase::Collecting { ended, missing, gone: Vec::new() }, context.now);
        if nothing { self.done(context.now) } else { self.ask(context) }
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
    fn fail(&mut self, fault: Fault, context: &Context) -> Step {
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
        self.end(Outcome::Failed(failure), context.now)
    }

    /// Waits a little longer each time, then repeats the request; gives up after the limit.
    pub(super) fn again(&mut self, fault: Fault, context: &Context) -> Step {
        let unheard = *self.unheard.get_or_insert(self.asked);
        let waking = matches!(self.phase, Phase::Waking);
        if waking {
            let waking = &mut self.spans[Stage::Waking as usize];
            pace::keep_waking_if_seen(waking, &fault, self.asked, context.now);
        }
        let (from, limit_ms) = match waking {
            true => (self.since, context.limits.waking_ms),
            false => (unheard, context.limits.reach_ms),
        };
        if context.now.since(from) >= limit_ms {
            let failure = Failure::OutOfReach { waking, fault: Some(fault) };
            return self.end(Outcome::Failed(failure), context.now);
        }
        let ms = pace::backoff_ms(self.attempts, fault.retry_after_s, self.id.spread());
        self.attempts += 1;
        self.fault_after_ms = context.now.since(self.asked);
        self.fault = Some(fault);
        self.sleep(ms, context)
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
    fn follow(&mut self, context: &Context) -> Step {
        if self.waits(context) {
            return self.ask(context);
        }
        let ms = pace::look_ms(&self.phase, context.now.since(self.since), context);
        self.sleep(ms, context)
    }

    /// Returns whether to use the long-poll. After a transient fault a short look comes first: a
    /// gateway may end every long-poll, and that says nothing about the run.
    fn waits(&self, context: &Context) -> bool {
        let is_smooth = self.misses.count == 0 && self.attempts == 0;
        !self.polls && is_smooth && context.long_poll != LongPoll::Absent
    }

    /// Returns the request of the current phase.
    pub(super) fn ask(&mut self, context: &Context) -> Step {
        let long_ms = context.limits.reach_ms;
        let step = match &self.phase {
            Phase::Waiting | Phase::Ended(_) => return Step::Rest,
            Phase::Waking => {
                self.begin_waking(context.now);
                let left = context.limits.waking_ms.saturating_sub(context.now.since(self.since));
                Step::Wake { limit_ms: left.max(SECOND_MS) }
            }
            Phase::Uploading => Step::Upload { limit_ms: long_ms },
            Phase::Submitting => Step::Submit { limit_ms: pace::SUBMIT_LIMIT_MS },
            Phase::Queued { ahead } if self.waits(context) => Step::Wait {
                known: Known::Pending { ahead: ahead.unwrap_or(0) },
                limit_ms: pace::WAIT_LIMIT_MS,
            },
            Phase::Running if self.waits(context) => {
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
        self.issue(step, context)
    }

    pub(super) fn look(&mut self, ask: Ask, context: &Context) -> Step {
        self.issue(Step::Look { ask, limit_ms: context.limits.reach_ms }, context)
    }

    pub(super) fn sleep(&mut self, ms: u64, context: &Context) -> Step {
        self.issue(Step::Sleep { ms }, context)
    }

    pub(super) fn issue(&mut self, step: Step, context: &Context) -> Step {
        self.turn.0 = self.turn.0.wrapping_add(1);
        self.sleeping = matches!(step, Step::Sleep { .. });
        self.asked = context.now;
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

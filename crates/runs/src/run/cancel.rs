//! Cancels a run. Invariant: a stop always names the run, and is sent at most `STOPS_MAX` times.

use super::{Ask, Context, Misses, Outcome, Phase, Run, Step, pace};
use pilotlight_comfy::failure::Fault;
use pilotlight_comfy::run_status::{How, StatusReport};
use pilotlight_comfy::time::{At, MINUTE_MS, SECOND_MS};

/// The most stops that are sent: a node can only be stopped when it ends, so more have no effect.
const STOPS_MAX: u32 = 5;
const STOPS_APART_MS: u64 = 4 * SECOND_MS;
/// How long a run may continue after it was told to stop.
const CANCEL_LIMIT_MS: u64 = 10 * MINUTE_MS;
/// How much later a prompt may arrive that was being sent when the run was canceled.
const STRAGGLES_MS: u64 = 3 * SECOND_MS;

/// The state of a run that is being stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelling {
    /// When the user pressed *Cancel*.
    pub from: At,
    stops: u32,
    last_stop: Option<At>,
    /// It was seen stopped; the queue may contain another one with the same id.
    stopped: bool,
}

impl Run {
    pub(super) fn cancelled(&mut self, context: &Context) -> Option<Step> {
        match self.phase {
            Phase::Waiting | Phase::Waking | Phase::Uploading if self.posts == 0 => {
                Some(self.end(Outcome::Cancelled { confirmed: true }, context.now))
            }
            Phase::Waiting
            | Phase::Waking
            | Phase::Uploading
            | Phase::Submitting
            | Phase::Unconfirmed { .. } => Some(self.cancel_unseen(context)),
            Phase::Queued { .. } | Phase::Running => {
                self.start_cancelling(context.now);
                Some(self.stop(context))
            }
            Phase::Collecting { .. } | Phase::Cancelling(_) | Phase::Ended(_) => None,
        }
    }

    /// Cancels a run whose prompt may have arrived: it is looked up first, then stopped.
    pub(super) fn cancel_unseen(&mut self, context: &Context) -> Step {
        self.start_cancelling(context.now);
        self.sleep(SECOND_MS, context)
    }

    pub(super) fn stopped(&mut self, result: Result<(), Fault>, context: &Context) -> Option<Step> {
        if !matches!(self.phase, Phase::Cancelling(_)) {
            return None;
        }
        Some(match result {
            Ok(()) => {
                self.heard();
                self.sleep(pace::FIRST_LOOK_MS, context)
            }
            Err(fault) => self.cancel_again(fault, context),
        })
    }

    pub(super) fn seen_while_cancelling(
        &mut self,
        result: Result<StatusReport, Fault>,
        context: &Context,
    ) -> Step {
        let glimpse = match result {
            Ok(glimpse) => glimpse,
            Err(fault) => return self.cancel_again(fault, context),
        };
        self.heard();
        match glimpse {
            StatusReport::Ended(ended) => match ended.how {
                How::Well => self.ended(ended, context),
                // kubeai repeats a prompt whose reply is lost, so there may be more than one.
                How::Interrupted | How::Badly(_) => {
                    self.mark_stopped(true);
                    self.look(Ask::Queue, context)
                }
            },
            StatusReport::NotInHistory | StatusReport::NoLongPoll => self.look(Ask::Queue, context),
            StatusReport::Pending { .. } | StatusReport::Running => self.still_there(context),
            StatusReport::NotInQueue => self.missed_while_cancelling(context),
        }
    }

    fn start_cancelling(&mut self, now: At) {
        self.misses = Misses::default();
        self.attempts = 0;
        self.unheard = None;
        let cancelling = Cancelling { from: now, stops: 0, last_stop: None, stopped: false };
        self.enter(Phase::Cancelling(cancelling), now);
    }

    fn mark_stopped(&mut self, is_stopped: bool) {
        if let Phase::Cancelling(cancelling) = &mut self.phase {
            cancelling.stopped = is_stopped;
        }
    }

    fn stop(&mut self, context: &Context) -> Step {
        if let Phase::Cancelling(cancelling) = &mut self.phase {
            cancelling.stops += 1;
            cancelling.last_stop = Some(context.now);
        }
        self.issue(Step::Stop { limit_ms: pace::CANCEL_UNHEARD_MS }, context)
    }

    fn still_there(&mut self, context: &Context) -> Step {
        self.misses = Misses::default();
        self.mark_stopped(false);
        let Phase::Cancelling(Cancelling { from, stops, last_stop, .. }) = self.phase else {
            return Step::Rest;
        };
        if context.now.since(from) >= CANCEL_LIMIT_MS {
            return self.end(Outcome::Cancelled { confirmed: false }, context.now);
        }
        let due = last_stop.is_none_or(|at| context.now.since(at) >= STOPS_APART_MS);
        if due && stops < STOPS_MAX {
            self.stop(context)
        } else {
            self.sleep(2 * SECOND_MS, context)
        }
    }

    fn missed_while_cancelling(&mut self, context: &Context) -> Step {
        self.misses.count += 1;
        let first = *self.misses.first.get_or_insert(context.now);
        let apart = self.asked.since(first);
        let is_stopped = matches!(self.phase, Phase::Cancelling(cancelling) if cancelling.stopped);
        if is_stopped || self.misses.count >= 2 && apart >= STRAGGLES_MS {
            return self.end(Outcome::Cancelled { confirmed: true }, context.now);
        }
        self.sleep(STRAGGLES_MS.saturating_sub(apart).max(SECOND_MS), context)
    }

    fn cancel_again(&mut self, fault: Fault, context: &Context) -> Step {
        let unheard = *self.unheard.get_or_insert(self.asked);
        if !fault.is_transient() || context.now.since(unheard) >= pace::CANCEL_UNHEARD_MS {
            return self.end(Outcome::Cancelled { confirmed: false }, context.now);
        }
        self.again(fault, context)
    }
}

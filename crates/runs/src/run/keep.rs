//! Stores runs and resumes them when the page is opened again. Invariant: a prompt that was sent is
//! never sent again by itself.

use super::{Ask, Context, EXPIRES_MS, Outcome, Phase, Run, Step};
use crate::record::{Seen, Stored};
use pilotlight_comfy::failure::Failure;
use pilotlight_comfy::json::Version;
use pilotlight_comfy::run_status::Ended;

impl Run {
    /// Resumes a stored run. `here`: the indexes of its files that are stored. `is_paused`: the
    /// queue holds back runs that were never sent.
    pub fn restore(
        stored: &Stored,
        here: &[usize],
        is_paused: bool,
        context: &Context,
    ) -> (Self, Step) {
        let mut run = Self::new(stored.prompt_id.clone(), stored.has_pictures, stored.pressed);
        run.posts = stored.posts;
        let age = context.now.since(stored.pressed);
        if let Some(long_poll) = stored.lost {
            let step = run.end(Outcome::Failed(Failure::Lost { long_poll }), context.now);
            return (run, step);
        }
        if let Some(ended) = &stored.ended {
            run.here = here.to_vec();
            run.spans = stored.spans;
            let step = run.restore_ended(ended, age, context);
            return (run, step);
        }
        let step = match (stored.posts, stored.cancelled) {
            (0, true) => run.end(Outcome::Cancelled { confirmed: true }, context.now),
            (0, false) if !is_paused && unheeded(stored, context) >= context.limits.waking_ms => {
                let failure = Failure::OutOfReach { waking: true, fault: None };
                run.end(Outcome::Failed(failure), context.now)
            }
            (0, false) => {
                run.since = context.now;
                Step::Rest
            }
            (_, _) if age >= EXPIRES_MS => run.end(Outcome::Failed(Failure::Expired), context.now),
            (_, true) => run.cancel_unseen(context),
            (_, false) => {
                run.spans = stored.spans;
                let phase = match stored.seen {
                    None => Phase::Unconfirmed { restored: true },
                    // As it was when the page was closed; the next look updates it.
                    Some(Seen::InLine) => Phase::Queued { ahead: None },
                    Some(Seen::Running) => Phase::Running,
                };
                run.enter(phase, context.now);
                run.is_recalled = true;
                run.look(Ask::History, context)
            }
        };
        (run, step)
    }

    /// Resumes a run whose end was already known. Stored files need no server; requesting the
    /// others of an old run would wake a GPU.
    fn restore_ended(&mut self, ended: &Ended, age_ms: u64, context: &Context) -> Step {
        let ended = Box::new(ended.clone());
        if age_ms < EXPIRES_MS || self.missing(&ended).is_empty() {
            return self.ended(ended, context);
        }
        self.came = Some(ended);
        self.end(Outcome::Failed(Failure::Expired), context.now)
    }

    /// Returns what must be stored now; `None` if the run cannot be resumed or run again.
    pub fn stored(&self) -> Option<Stored> {
        let (is_over, lost) = match self.outcome() {
            None => (false, None),
            Some(Outcome::Done { .. } | Outcome::Cancelled { .. }) => (true, None),
            Some(Outcome::Failed(failure)) => match failure {
                Failure::OutOfReach { .. } | Failure::Expired => (false, None),
                Failure::Lost { long_poll } => (false, Some(*long_poll)),
                Failure::Setup(_)
                | Failure::Rejected(_)
                | Failure::TooLarge(_)
                | Failure::Broken(_)
                | Failure::Interrupted
                | Failure::PictureLost => (true, None),
            },
        };
        (!is_over).then(|| Stored {
            version: Version,
            prompt_id: self.id.clone(),
            has_pictures: self.has_pictures,
            posts: self.posts,
            cancelled: matches!(self.phase, Phase::Cancelling(_)),
            pressed: self.pressed,
            lost,
            seen: match self.phase {
                Phase::Queued { .. } => Some(Seen::InLine),
                Phase::Running => Some(Seen::Running),
                Phase::Waiting
                | Phase::Waking
                | Phase::Uploading
                | Phase::Submitting
                | Phase::Unconfirmed { .. }
                | Phase::Collecting { .. }
                | Phase::Cancelling(_)
                | Phase::Ended(_) => None,
            },
            spans: self.spans,
            ended: self.came.clone(),
        })
    }
}

/// Returns how long a run that was never sent has been waiting, in ms: since it was requested, or
/// since the server last answered, because runs before it may have been in progress until then.
fn unheeded(stored: &Stored, context: &Context) -> u64 {
    context.now.since(context.heard_at.map_or(stored.pressed, |heard| heard.max(stored.pressed)))
}

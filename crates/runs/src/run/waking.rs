//! The beginning of a run: it is released, and a GPU is woken. Invariant: the time of waking begins
//! with the first request that was held or answered from behind the gateway.

use super::{Context, FRESH_MS, Outcome, Phase, Run, Span, Stage, Step};
use pilotlight_comfy::comfy::Facts;
use pilotlight_comfy::failure::{Failure, Fault};
use pilotlight_comfy::time::At;

impl Run {
    pub(super) fn released(&mut self, context: &Context) -> Option<Step> {
        if !matches!(self.phase, Phase::Waiting) {
            return None;
        }
        let fresh = context.heard_at.is_some_and(|heard| context.now.since(heard) <= FRESH_MS);
        if fresh {
            return Some(self.send(context));
        }
        self.enter(Phase::Waking, context.now);
        Some(self.ask(context))
    }

    pub(super) fn woke(&mut self, result: Result<Facts, Fault>, context: &Context) -> Option<Step> {
        if !matches!(self.phase, Phase::Waking) {
            return None;
        }
        Some(match result {
            Ok(_) => {
                self.heard();
                self.send(context)
            }
            Err(fault) if !fault.is_transient() => {
                self.end(Outcome::Failed(Failure::Setup(fault)), context.now)
            }
            Err(fault) => self.again(fault, context),
        })
    }

    /// Begins the time of waking with the request that is about to be sent, unless it goes on.
    pub(super) fn begin_waking(&mut self, now: At) {
        let span = &mut self.spans[Stage::Waking as usize];
        span.get_or_insert(Span { from: now, until: None });
    }
}

//! What the page is to tell when a run or keeping awake has ended.

use pilotlight_comfy::failure::{Failure, Fault};
use pilotlight_runs::run::Outcome;

use crate::context::Handling;
use crate::effect::Effect;
use crate::request::RunNumber;
use crate::session::Session;

impl Session {
    /// Has the end of a run told, where there is something to tell. Of several runs that go on
    /// together, the end of the last one is announced.
    pub(crate) fn announce(&self, run: RunNumber, h: &mut Handling) {
        match self.job(run).and_then(|job| job.run.outcome()) {
            Some(Outcome::Done { .. }) => {}
            Some(Outcome::Failed(failure)) => {
                if let Failure::Rejected(_) = failure {
                    h.push(Effect::ShowRefusal(run));
                }
                if let Failure::Setup(fault) | Failure::OutOfReach { fault: Some(fault), .. } =
                    failure
                {
                    ask_for_key(fault, h);
                }
            }
            Some(Outcome::Cancelled { .. }) | None => return,
        }
        if self.jobs.iter().all(|job| job.run.is_ended()) {
            h.push(Effect::AnnounceEnd(run));
        }
    }
}

/// Has the access key asked for, if the server refused a request for want of it.
pub(crate) fn ask_for_key(fault: &Fault, h: &mut Handling) {
    if let Some(barred) = fault.key_refused() {
        h.push(Effect::AccessKeyWanted(barred));
    }
}

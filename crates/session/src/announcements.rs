//! Announces the ends of runs and of keep-awake.

use pilotlight_comfy::failure::{Failure, Fault};
use pilotlight_runs::run::Outcome;

use crate::context::Handling;
use crate::effect::Effect;
use crate::request::RunNumber;
use crate::session::Session;

impl Session {
    /// Shows why a run was refused, and announces the end of the last live run. Does nothing for
    /// canceled runs.
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

/// Asks for the access key, if the server refused a request because of it.
pub(crate) fn ask_for_key(fault: &Fault, h: &mut Handling) {
    if let Some(barred) = fault.key_refused() {
        h.push(Effect::AccessKeyWanted(barred));
    }
}

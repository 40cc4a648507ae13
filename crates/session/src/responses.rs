//! Reads answers. Invariant: an answer that no run waits for changes nothing.

use pilotlight_comfy::comfy::{self, Response};
use pilotlight_comfy::run_status::StatusReport;
use pilotlight_forms::form::name_missing;
use pilotlight_runs::run::{Event as RunEvent, UploadFault};

use crate::context::Handling;
use crate::effect::Purpose;
use crate::job::{Outstanding, RunEntry};
use crate::request::RequestId;
use crate::session::Session;

impl Session {
    pub(crate) fn responded(&mut self, id: RequestId, response: &Response, h: &mut Handling) {
        if self.keep_awake_responded(id, response, h) {
            return;
        }
        let Some(at) = self.waits_for(id) else { return };
        let run = self.jobs[at].number;
        match std::mem::take(&mut self.jobs[at].outstanding) {
            Outstanding::Response { turn, purpose, limit_ms, .. } => {
                if purpose == Purpose::Delete
                    && comfy::stopped(response).is_ok()
                    && let Some(endpoint) = &self.endpoint
                {
                    let request = endpoint.interrupt(self.jobs[at].run.id());
                    let asked = self.ask(run, request, Purpose::Interrupt, turn, limit_ms, h);
                    self.jobs[at].outstanding = asked;
                    return;
                }
                let event = self.read(&self.jobs[at], purpose, turn, response);
                self.tell(run, event, h);
            }
            Outstanding::Upload { turn, mut names, limit_ms, .. } => {
                match comfy::uploaded(response) {
                    Ok(name) => {
                        let attached = self.jobs[at].request.ready.attachments.get(names.len());
                        names.extend(attached.map(|attached| (attached.key.clone(), name)));
                        self.upload(run, names, turn, limit_ms, h);
                    }
                    Err(fault) => {
                        let event = RunEvent::Uploaded(turn, Err(UploadFault::Fault(fault)));
                        self.tell(run, event, h);
                    }
                }
            }
            // These wait for no such answer: files arrive with `FileResponded`.
            other @ (Outstanding::Nothing | Outstanding::Timer(..) | Outstanding::Files(..)) => {
                self.jobs[at].outstanding = other;
            }
        }
    }

    /// Returns the event for a run that an answer means, according to the request's purpose.
    fn read(
        &self,
        job: &RunEntry,
        purpose: Purpose,
        turn: pilotlight_runs::run::Turn,
        response: &Response,
    ) -> RunEvent {
        let id = job.run.id();
        match purpose {
            Purpose::Wake => RunEvent::WakeReplied(turn, comfy::facts(response)),
            Purpose::Submit => {
                let mut accepted = comfy::accepted(response);
                if let Err(fault) = &mut accepted {
                    name_missing(&mut fault.problems, &job.request.ready.workflow);
                }
                RunEvent::Accepted(turn, accepted)
            }
            Purpose::History => {
                RunEvent::Seen(turn, self.narrowed(job, comfy::history(response, id)))
            }
            Purpose::Queue => RunEvent::Seen(turn, comfy::queue(response, id)),
            Purpose::Wait => RunEvent::Waited(turn, self.narrowed(job, comfy::wait(response, id))),
            Purpose::Delete | Purpose::Interrupt => {
                RunEvent::Stopped(turn, comfy::stopped(response))
            }
            // These are read where their requests are handled.
            Purpose::Upload | Purpose::File { .. } | Purpose::Hold => RunEvent::TimerFired(turn),
        }
    }

    /// Removes results of nodes that the author of the form did not select.
    fn narrowed<E>(
        &self,
        job: &RunEntry,
        seen: Result<StatusReport, E>,
    ) -> Result<StatusReport, E> {
        let form = self.form(&job.request.form);
        seen.map(|mut glimpse| {
            if let StatusReport::Ended(ended) = &mut glimpse {
                ended.narrow(form.map_or(&[], |form| &form.outputs));
            }
            glimpse
        })
    }
}

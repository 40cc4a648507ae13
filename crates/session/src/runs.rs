//! Passes events to runs and performs their steps. Invariant: a run is stored before the step that
//! its new state requests; a new step aborts everything that was outstanding.

use std::mem::discriminant;

use pilotlight_comfy::comfy::{Endpoint, Request};
use pilotlight_comfy::editor_workflow::EditorWorkflow;
use pilotlight_comfy::run_status::FileRef;
use pilotlight_runs::run::{
    Ask, Context as RunContext, Event as RunEvent, Outcome, Phase, Stage, Step, Turn, UploadFault,
};
use pilotlight_runs::server::HELD_MS;

use crate::context::Handling;
use crate::effect::{Call, Effect, Purpose};
use crate::job::{Fetch, FetchState, Outstanding, RunEntry};
use crate::record::editor_key;
use crate::request::{RequestId, RunNumber, TimerId};
use crate::session::Session;

impl Session {
    /// Passes an event to a run and performs the step that follows.
    pub(crate) fn tell(&mut self, run: RunNumber, event: RunEvent, h: &mut Handling) {
        let Some(form) = self.job(run).map(|job| job.request.form.clone()) else { return };
        let is_heard = self.learn(&event, h);
        let around = self.around(&form, h);
        let Some(job) = self.jobs.iter_mut().find(|job| job.number == run) else { return };
        let (stored, phase) = (job.run.stored(), discriminant(job.run.phase()));
        let was_waking = matches!(job.run.phase(), Phase::Waking);
        let step = job.run.update(event, &around);
        let is_stored_anew = stored != job.run.stored();
        let has_new_phase = phase != discriminant(job.run.phase());
        self.meter_run(run, is_heard, h);
        let Some(step) = step else { return };
        if is_stored_anew {
            self.keep(run, h);
        }
        h.push(Effect::RunChanged { run, has_new_phase });
        if has_new_phase {
            self.learn_waits(run, was_waking, h);
            self.store_results(run, h);
            self.announce(run, h);
        }
        self.perform(run, step, h);
        self.release(h);
    }

    /// Returns the context for runs of a form.
    pub(crate) fn around(&self, form: &str, h: &Handling) -> RunContext {
        let (_, running) = self.wait_kinds(form);
        RunContext {
            now: h.now(),
            heard_at: self.server.heard_at,
            long_poll: self.server.long_poll,
            usual_run_ms: self.waits.usual(&running),
            hidden: h.context.is_hidden,
            limits: self.settings.limits,
        }
    }

    /// Performs a step: sends its request, or sets its timer.
    pub(crate) fn perform(&mut self, run: RunNumber, step: Step, h: &mut Handling) {
        let Some(at) = self.jobs.iter().position(|job| job.number == run) else { return };
        let former = std::mem::take(&mut self.jobs[at].outstanding);
        former.abort(h);
        let Some(endpoint) = self.endpoint.clone() else { return };
        let job = &self.jobs[at];
        let (turn, id) = (job.run.turn(), job.run.id().clone());
        self.jobs[at].outstanding = match step {
            Step::Rest => Outstanding::Nothing,
            Step::Sleep { ms } => Outstanding::Timer(h.set_timer(&mut self.ids, ms), turn),
            Step::Upload { limit_ms } => return self.upload(run, Vec::new(), turn, limit_ms, h),
            Step::Collect { files, limit_ms } => {
                let mut fetch = |(place, file): (usize, FileRef)| {
                    let request = endpoint.view(&file, &id);
                    let call = Call::new(Some(run), Purpose::File { place }, request, limit_ms);
                    let id = h.send(&mut self.ids, call);
                    Fetch { place, file, state: FetchState::Requested(id) }
                };
                Outstanding::Files(turn, files.into_iter().map(&mut fetch).collect())
            }
            Step::Wake { limit_ms } => {
                self.ask(run, endpoint.wake_request(), Purpose::Wake, turn, limit_ms, h)
            }
            Step::Submit { limit_ms } => {
                let request = submission(&endpoint, &self.jobs[at], h);
                self.ask(run, request, Purpose::Submit, turn, limit_ms, h)
            }
            Step::Look { ask: Ask::History, limit_ms } => {
                self.ask(run, endpoint.history(&id), Purpose::History, turn, limit_ms, h)
            }
            Step::Look { ask: Ask::Queue, limit_ms } => {
                self.ask(run, endpoint.queue(), Purpose::Queue, turn, limit_ms, h)
            }
            Step::Wait { known, limit_ms } => {
                self.ask(run, endpoint.wait(&id, known), Purpose::Wait, turn, limit_ms, h)
            }
            Step::Stop { limit_ms } => {
                self.ask(run, endpoint.delete(&id), Purpose::Delete, turn, limit_ms, h)
            }
        };
    }

    pub(crate) fn ask(
        &mut self,
        run: RunNumber,
        request: Request,
        purpose: Purpose,
        turn: Turn,
        limit_ms: u64,
        h: &mut Handling,
    ) -> Outstanding {
        let id = h.send(&mut self.ids, Call::new(Some(run), purpose, request, limit_ms));
        Outstanding::Response { id, turn, purpose, limit_ms }
    }

    /// Uploads the next image of a run; `names` are those of the uploaded ones.
    pub(crate) fn upload(
        &mut self,
        run: RunNumber,
        names: Vec<(pilotlight_forms::form::FieldKey, String)>,
        turn: Turn,
        limit_ms: u64,
        h: &mut Handling,
    ) {
        let Some(endpoint) = &self.endpoint else { return };
        let Some(job) = self.jobs.iter_mut().find(|job| job.number == run) else { return };
        let Some(attached) = job.request.ready.attachments.get(names.len()) else {
            job.uploaded = names;
            return self.tell(run, RunEvent::Uploaded(turn, Ok(())), h);
        };
        let request = endpoint.upload(&attached.picture.server_name());
        let picture = Some(attached.picture.hash.clone());
        let id = h.send(
            &mut self.ids,
            Call { picture, ..Call::new(Some(run), Purpose::Upload, request, limit_ms) },
        );
        job.outstanding = Outstanding::Upload { id, turn, names, limit_ms };
    }

    pub(crate) fn picture_missing(&mut self, id: RequestId, h: &mut Handling) {
        let Some(at) = self.waits_for(id) else { return };
        if let Outstanding::Upload { turn, .. } = std::mem::take(&mut self.jobs[at].outstanding) {
            let lost = RunEvent::Uploaded(turn, Err(UploadFault::PictureLost));
            self.tell(self.jobs[at].number, lost, h);
        }
    }

    pub(crate) fn run_timer_fired(&mut self, id: TimerId, h: &mut Handling) {
        let is_its =
            |job: &RunEntry| matches!(job.outstanding, Outstanding::Timer(own, _) if own == id);
        let Some(at) = self.jobs.iter().position(is_its) else { return };
        if let Outstanding::Timer(_, turn) = std::mem::take(&mut self.jobs[at].outstanding) {
            self.tell(self.jobs[at].number, RunEvent::TimerFired(turn), h);
        }
    }

    /// Returns the index of the run that waits for an answer to this request.
    pub(crate) fn waits_for(&self, id: RequestId) -> Option<usize> {
        self.jobs.iter().position(|job| job.outstanding.requests().contains(&id))
    }

    /// Records how long waking and running took.
    fn learn_waits(&mut self, run: RunNumber, was_waking: bool, h: &mut Handling) {
        let Some(job) = self.job(run) else { return };
        let (waking, running) = self.wait_kinds(&job.request.form);
        let length =
            |stage| job.run.span(stage).and_then(|span| Some(span.until?.since(span.from)));
        let woke_ms = length(Stage::Waking).filter(|ms| *ms > HELD_MS);
        let woke_ms = woke_ms.filter(|_| was_waking && !job.run.is_ended());
        let done = match job.run.outcome() {
            Some(Outcome::Done { ended, .. }) if !ended.cached => Some(ended),
            Some(Outcome::Done { .. } | Outcome::Cancelled { .. } | Outcome::Failed(_)) | None => {
                None
            }
        };
        let ran_ms = done.and_then(|ended| ended.ran_ms.or(length(Stage::Running)));
        for (kind, ms) in [(waking, woke_ms), (running, ran_ms)] {
            if let Some(ms) = ms {
                self.learn_wait(&kind, ms, h);
            }
        }
    }
}

/// Returns the request that submits the prompt, with the names of its uploaded images. The editor's
/// workflow is sent if it is stored and differs from the prompt in nothing but values.
fn submission(endpoint: &Endpoint, job: &RunEntry, h: &mut Handling) -> Request {
    let mut ready = job.request.ready.clone();
    for (key, name) in &job.uploaded {
        ready.attach(key, name);
    }
    let stored = h.get(&editor_key(&job.request.form));
    let editor = stored.and_then(|text| EditorWorkflow::from_text(&text)?.with(&ready.workflow));
    endpoint.submit(job.run.id(), &client_id(h), ready.workflow.to_value(), editor)
}

/// Returns the id of this browser, which the server shows in its queue; creates it if necessary.
fn client_id(h: &mut Handling) -> String {
    const CLIENT: &str = "client";
    h.get(CLIENT).unwrap_or_else(|| {
        let id = pilotlight_comfy::id::PromptId::from_random((h.context.random)()).to_string();
        h.store(CLIENT, id.clone());
        id
    })
}

//! The page's queue: its order, its pause, and commands for all of its runs. Invariant: while it is
//! paused nothing is released, also after a reload; the pause ends when no run waits any more.

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_comfy::failure::Failure;
use pilotlight_runs::queue::{self, Move};
use pilotlight_runs::run::{Event as RunEvent, Outcome, Phase, Run};

use crate::context::Handling;
use crate::effect::Effect;
use crate::record::record_key;
use crate::request::{RunNumber, RunRequest};
use crate::session::Session;
use crate::state::LimitedRequest;

/// The key under which a pause is stored.
pub(crate) const PAUSED: &str = "paused";

impl Session {
    /// Returns the waiting runs, in the order of release.
    pub fn waiting(&self) -> Vec<RunNumber> {
        queue::waiting(self.placed()).into_iter().map(|at| self.jobs[at].number).collect()
    }

    /// Returns the runs that were lost with the GPU.
    pub fn lost(&self) -> Vec<RunNumber> {
        let is_lost =
            |run: &Run| matches!(run.phase(), Phase::Ended(Outcome::Failed(Failure::Lost { .. })));
        self.jobs.iter().filter(|job| is_lost(&job.run)).map(|job| job.number).collect()
    }

    fn placed(&self) -> impl Iterator<Item = (u32, &Run)> {
        self.jobs.iter().map(|job| (job.place, &job.run))
    }

    /// Releases the first waiting run, if the server may get another one.
    pub(crate) fn release(&mut self, h: &mut Handling) {
        let is_held = self.is_paused || self.arrivals.are_expected();
        if let Some(at) = queue::next(self.placed(), is_held) {
            self.tell(self.jobs[at].number, RunEvent::Released, h);
        }
    }

    pub(crate) fn pause(&mut self, h: &mut Handling) {
        self.is_paused = true;
        h.store(PAUSED, "1".to_owned());
        h.push(Effect::RunsChanged);
    }

    pub(crate) fn resume_queue(&mut self, h: &mut Handling) {
        self.is_paused = false;
        h.remove(PAUSED);
        h.push(Effect::RunsChanged);
        self.release(h);
    }

    /// Applies a pause that another tab started.
    pub(crate) fn apply_pause(&mut self, h: &Handling) {
        self.is_paused |= h.get(PAUSED).is_some();
    }

    pub(crate) fn move_run(&mut self, run: RunNumber, to: Move, h: &mut Handling) {
        let Some(index) = self.jobs.iter().position(|job| job.number == run) else { return };
        for (at, place) in queue::moved(self.placed(), index, to) {
            self.jobs[at].place = place;
            self.keep(self.jobs[at].number, h);
        }
        h.push(Effect::RunsChanged);
    }

    pub(crate) fn cancel(&mut self, run: RunNumber, h: &mut Handling) {
        self.tell(run, RunEvent::Cancelled, h);
        self.end_empty_pause(h);
    }

    /// Ends waiting runs without a request, and stops those at the server.
    pub(crate) fn cancel_all(&mut self, h: &mut Handling) {
        // Otherwise waiting runs would be released as soon as one before them is canceled.
        let was_paused = std::mem::replace(&mut self.is_paused, true);
        let mut runs = self.waiting();
        let others = self.jobs.iter().map(|job| job.number);
        let others: Vec<RunNumber> = others.filter(|run| !runs.contains(run)).collect();
        runs.extend(others);
        for run in runs {
            if self.job(run).is_some_and(|job| job.run.can_cancel()) {
                self.tell(run, RunEvent::Cancelled, h);
            }
        }
        self.is_paused = was_paused;
        self.end_empty_pause(h);
        self.release(h);
    }

    /// Ends the pause if no run waits, in this tab or another.
    fn end_empty_pause(&mut self, h: &mut Handling) {
        let is_held_elsewhere = || self.stored(h).iter().any(|record| record.run.posts == 0);
        if self.is_paused && self.waiting().is_empty() && !is_held_elsewhere() {
            self.resume_queue(h);
        }
    }

    /// Removes ended runs and their records.
    pub(crate) fn dismiss(&mut self, runs: &[RunNumber], h: &mut Handling) {
        let is_dismissed = |run: RunNumber, is_ended: bool| is_ended && runs.contains(&run);
        for job in &self.jobs {
            if is_dismissed(job.number, job.run.is_ended()) {
                h.remove(&record_key(job.number));
                h.push(Effect::ReleaseLock(job.number));
            }
        }
        self.jobs.retain(|job| !is_dismissed(job.number, job.run.is_ended()));
        if !runs.is_empty() {
            h.push(Effect::RunsChanged);
        }
    }

    /// Starts the same values again, replacing the failed runs, in their order.
    pub(crate) fn run_again(&mut self, runs: Vec<RunNumber>, h: &mut Handling) {
        let ended = self.jobs.iter().filter(|job| job.run.is_ended());
        let requests: Vec<RunRequest> = ended
            .filter(|job| runs.contains(&job.number))
            .map(|job| RunRequest::clone(&job.request))
            .collect();
        self.request_runs(requests, runs, h);
    }

    /// Starts runs, or asks the user if they would pass a limit.
    pub(crate) fn request_runs(
        &mut self,
        requests: Vec<RunRequest>,
        replaced: Vec<RunNumber>,
        h: &mut Handling,
    ) {
        let Some(form) = requests.first().map(|request| request.form.clone()) else { return };
        self.unless_limit_passed(&form, LimitedRequest::Start { requests, replaced }, h);
    }

    /// Continues a failed run with its prompt id. A run that was sent before causes no new cost.
    pub(crate) fn retry(&mut self, run: RunNumber, h: &mut Handling) {
        let Some(job) = self.job(run) else { return };
        // A run that the server refused because of its setup never started.
        let was_refused = matches!(job.run.outcome(), Some(Outcome::Failed(Failure::Setup(_))));
        if job.run.posts() > 0 && !was_refused {
            return self.resume_runs(&[run], h);
        }
        let form = job.request.form.clone();
        self.unless_limit_passed(&form, LimitedRequest::Retry(vec![run]), h);
    }

    pub(crate) fn resume_runs(&mut self, runs: &[RunNumber], h: &mut Handling) {
        for run in runs {
            self.tell(*run, RunEvent::Resumed, h);
        }
    }

    /// Continues the runs that failed without an access key.
    pub(crate) fn enter_access_key(&mut self, endpoint: Endpoint, h: &mut Handling) {
        self.endpoint = Some(endpoint);
        let wants_key = |run: &Run| matches!(run.outcome(), Some(Outcome::Failed(failure)) if failure.wants_key());
        let jobs = self.jobs.iter().filter(|job| wants_key(&job.run));
        let runs: Vec<RunNumber> = jobs.map(|job| job.number).collect();
        let first = runs.first().and_then(|run| self.job(*run));
        let Some(form) = first.map(|job| job.request.form.clone()) else { return };
        self.unless_limit_passed(&form, LimitedRequest::Retry(runs), h);
    }

    /// Reports to every run that the page is visible again.
    pub(crate) fn return_to_runs(&mut self, h: &mut Handling) {
        let runs: Vec<RunNumber> = self.jobs.iter().map(|job| job.number).collect();
        for run in runs {
            self.tell(run, RunEvent::Woken, h);
        }
    }
}

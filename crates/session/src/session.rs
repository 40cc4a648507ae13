//! The session itself: what it holds, and which event goes where.

use std::collections::BTreeMap;
use std::rc::Rc;

use pilotlight_engine::comfy::Endpoint;
use pilotlight_engine::estimate::Waits;
use pilotlight_engine::form::Form;
use pilotlight_engine::run::Limits;
use pilotlight_engine::server::Server;

use crate::context::{Context, Handling};
use crate::effect::Effect;
use crate::event::Event;
use crate::job::Job;
use crate::request::{Ids, RunNumber, TimerId, WriteId};
use crate::resume::Arrivals;
use crate::start::Start;

/// What the configuration says, fixed for the life of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    pub limits: Limits,
}

/// One page.
#[derive(Debug, Default)]
pub struct Session {
    pub(crate) settings: Settings,
    pub(crate) ids: Ids,
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) forms: Vec<Rc<Form>>,
    /// Ordered by number.
    pub(crate) jobs: Vec<Job>,
    pub(crate) server: Server,
    pub(crate) waits: Waits,
    pub(crate) is_paused: bool,
    /// The number of the first of the runs that are counted together.
    pub(crate) round: RunNumber,
    pub(crate) arrivals: Arrivals,
    pub(crate) writes: BTreeMap<WriteId, Write>,
}

/// What a write was for.
#[derive(Debug)]
pub(crate) enum Write {
    /// The record of a run; `fallback` is a shorter one to try where there is no room for it.
    Record { run: RunNumber, fallback: Option<String> },
    /// The records of runs that are started once they are written.
    Start(Start),
    /// What a run brought.
    Results(RunNumber),
}

impl Session {
    /// Returns the session of a page that is about to be opened; `Event::Opened` opens it.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Takes in what happened, and returns what is to be done about it, in order.
    ///
    /// | event | transition |
    /// |---|---|
    /// | `Opened` | reads what is stored; loads the pictures of stored runs, then asks for the lock of each run |
    /// | `LockAcquired` | resumes that run, if it is still stored; of an own run: nothing |
    /// | `RecordStoredElsewhere` | asks for the lock of that run, to resume it when its tab is closed |
    /// | `RunsRequested` | stores all of them; `RecordsStored` puts them into the queue |
    /// | any end of a run, `ResumeRequested`, the last resumed run | releases the first run that waits, if there is a place at the server and the queue is not paused |
    /// | `Responded`, `FileResponded`, `PictureMissing`, `TimerFired` | tells the run that waits for it; without one: nothing |
    /// | `CancelRequested`, `CancelAllRequested` | ends what was never sent without a request, else stops it at the server; ends a pause that holds nothing |
    /// | `MoveRequested` | gives waiting runs other places, and stores them |
    /// | `RetryRequested` | goes on with a run under its prompt id |
    /// | `RunAgainRequested`, `RunLostAgainRequested` | starts the same values under new prompt ids, then removes the failed runs |
    /// | `DismissRequested` | removes an ended run and its record |
    /// | `FileStored` | counts a file as received; the last one ends the run |
    /// | `ResultsStored` | removes the record of the run |
    /// | `EndpointChanged` | forgets what is known of the former server; resumes the stored runs of the new one |
    pub fn handle(&mut self, event: Event, context: &Context) -> Vec<Effect> {
        let mut handling = Handling::new(context);
        let h = &mut handling;
        match event {
            Event::Opened { only_form } => self.open(only_form, h),
            Event::EndpointChanged(endpoint) => self.change_endpoint(endpoint, h),
            Event::FormOpened(form) => self.open_form(form),
            Event::Returned => self.return_to_runs(h),
            Event::RecordStoredElsewhere(run) => self.follow_elsewhere(run, h),
            Event::RunsRequested(requests) => self.request_runs(requests, Vec::new(), h),
            Event::CancelRequested(run) => self.cancel(run, h),
            Event::CancelAllRequested => self.cancel_all(h),
            Event::MoveRequested(run, to) => self.move_run(run, to, h),
            Event::PauseRequested => self.pause(h),
            Event::ResumeRequested => self.resume_queue(h),
            Event::RetryRequested(run) => self.retry(run, h),
            Event::RunAgainRequested(run) => self.run_again(vec![run], h),
            Event::RunLostAgainRequested => self.run_again(self.lost(), h),
            Event::DismissRequested(run) => self.dismiss(&[run], h),
            Event::Responded { id, response } => self.responded(id, &response, h),
            Event::FileResponded { id, response, file } => {
                self.file_responded(id, &response, file.as_ref(), h);
            }
            Event::PictureMissing(id) => self.picture_missing(id, h),
            Event::TimerFired(id) => self.timer_fired(id, h),
            Event::LockAcquired(run) => self.lock_acquired(run, h),
            Event::RecordsStored { id, refused, is_available } => {
                self.records_stored(id, &refused, is_available, h);
            }
            Event::PicturesLoaded => self.pictures_loaded(h),
            Event::FilesLoaded { run, places } => self.files_loaded(&run, &places, h),
            Event::FileStored { id, outcome } => self.file_stored(id, outcome, h),
            Event::ResultsStored { id, outcome } => self.results_stored(id, outcome, h),
        }
        handling.effects
    }

    /// The runs of this page, ordered by number.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    pub fn job(&self, run: RunNumber) -> Option<&Job> {
        self.jobs.iter().find(|job| job.number == run)
    }

    /// What is known of the server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// How long earlier runs took.
    pub fn waits(&self) -> &Waits {
        &self.waits
    }

    pub fn endpoint(&self) -> Option<&Endpoint> {
        self.endpoint.as_ref()
    }

    /// Whether the user paused the queue.
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// The number of the first of the runs that are counted together.
    pub fn round(&self) -> RunNumber {
        self.round
    }

    pub(crate) fn form(&self, id: &str) -> Option<&Rc<Form>> {
        self.forms.iter().find(|form| form.id == id)
    }

    fn open_form(&mut self, form: Rc<Form>) {
        match self.forms.iter_mut().find(|known| known.id == form.id) {
            Some(known) => *known = form,
            None => self.forms.push(form),
        }
    }

    fn timer_fired(&mut self, id: TimerId, h: &mut Handling) {
        if self.arrivals.timer_fired(id) {
            return self.release(h);
        }
        self.run_timer_fired(id, h);
    }
}

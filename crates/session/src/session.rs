//! The session: its state, and which module handles which event.

use std::collections::BTreeMap;
use std::rc::Rc;

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_forms::form::Form;
use pilotlight_runs::estimate::{Range, Waits};
use pilotlight_runs::run::Limits;
use pilotlight_runs::server::Server;

use crate::arrivals::Arrivals;
use crate::context::{Context, Handling};
use crate::effect::Effect;
use crate::event::Event;
use crate::job::RunEntry;
use crate::request::{Ids, RunNumber, TimerId, WriteId};
use crate::state::{Budget, ConnectionTestState, KeepAwakeState, Room, Usage, Write};

/// The settings from the configuration, which do not change while the page is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The time limits of runs.
    pub limits: Limits,
    /// After how long without a request the cluster scales to zero, in ms.
    pub idle_delay_ms: Option<u64>,
    /// How long waking usually takes, from and to, in ms; used until this browser has measured it.
    pub wake_hint_ms: Option<Range>,
    /// The price of an hour of the GPU, and its currency.
    pub price: Option<(f64, String)>,
    /// The limits of a day and of a month: money if there is a price, otherwise minutes.
    pub limits_of_use: [Option<f64>; 2],
    /// Whether the browser has locks; without them, closed tabs cannot be noticed.
    pub has_locks: bool,
    /// The interval at which usage in progress is recorded, in ms.
    pub tick_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            idle_delay_ms: None,
            wake_hint_ms: None,
            price: None,
            limits_of_use: [None; 2],
            has_locks: true,
            tick_ms: 1_000,
        }
    }
}

/// The state of one page.
#[derive(Debug, Default)]
pub struct Session {
    pub(crate) settings: Settings,
    pub(crate) ids: Ids,
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) forms: Vec<Rc<Form>>,
    /// Ordered by number.
    pub(crate) jobs: Vec<RunEntry>,
    pub(crate) server: Server,
    pub(crate) waits: Waits,
    pub(crate) is_paused: bool,
    /// The number of the first run of the current round; its runs are counted together.
    pub(crate) round: RunNumber,
    pub(crate) arrivals: Arrivals,
    pub(crate) writes: BTreeMap<WriteId, Write>,
    pub(crate) room: Room,
    pub(crate) keep_awake: KeepAwakeState,
    pub(crate) usage: Usage,
    pub(crate) budget: Budget,
    pub(crate) connection_test: ConnectionTestState,
}

impl Session {
    /// Returns the session of a page that is about to be opened; `Event::Opened` opens it.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Handles an event and returns the effects, in order.
    ///
    /// | event | transition |
    /// |---|---|
    /// | `FormOpened` | of an unknown form: requests the locks of its stored runs |
    /// | `Opened` | reads what is stored; loads the input images of stored runs, then requests the lock of each run |
    /// | `LockAcquired` | resumes that run, if it is still stored; if its tab was just closed, only if that tab is not back within three seconds; of an own run: nothing |
    /// | `RecordStoredElsewhere` | in the tab that is the leader: requests the lock of that run three seconds later, to resume it when its tab is closed |
    /// | `LeaderLockAcquired` | requests the locks of all stored runs three seconds later, since the former leader may be reloading |
    /// | `RunsRequested` | asks if a limit would be passed; else stores all of them, and `RecordsStored` adds them to the queue |
    /// | any end of a run, `ResumeRequested`, the last resumed run | releases the first waiting run, if the server may get another one and the queue is not paused |
    /// | `Responded`, `FileResponded`, `PictureMissing`, `TimerFired` | passes it to the run that waits for it; without one: nothing |
    /// | `CancelRequested`, `CancelAllRequested` | ends runs that were never sent without a request, stops others at the server; ends a pause if no run waits |
    /// | `MoveRequested` | changes positions of waiting runs, and stores them |
    /// | `RetryRequested`, `AccessKeyEntered` | continues runs with their prompt ids; asks first if runs that were never sent would pass a limit |
    /// | `RunAgainRequested`, `RunLostAgainRequested` | starts the same values with new prompt ids, then removes the failed runs |
    /// | `DismissRequested` | removes an ended run and its record |
    /// | `FileStored` | counts a file as received; the last one ends the run |
    /// | `ResultsStored` | removes the record of the run; tells the other tabs, if they can find the results |
    /// | `StorageFull` | requests the list of stored results; after three attempts gives the write up |
    /// | `ResultsLoaded` | deletes the oldest results that are not pinned, if that makes enough space; otherwise gives the write up |
    /// | `ResultsChanged` | tells the other tabs |
    /// | `TabMessage` | shows what another tab changed |
    /// | `ResultsRemoved` | tells the user and the other tabs, and tries the write again a little later |
    /// | `LimitAccepted`, `LimitDeclined` | does what was asked about, or nothing |
    /// | `KeepAwakeRequested` | asks where a limit would be passed; else wakes the GPU, and holds one request after the other until the time is over, `KeepAwakeStopped`, or nobody looked for five minutes |
    /// | `ConnectionTestRequested` | sends one probe after the other until a link is broken or all are whole |
    /// | `ConnectionTestDiscarded` | ends the test, and forgets what it found |
    /// | `ServerAnswered` | counts what the request woke |
    /// | `UsageRequested` | reads what other tabs counted |
    /// | `EndpointChanged` | of another server: lets go of the runs of the former one, which stay stored, and of what is known of it; resumes the stored runs of the new one |
    pub fn handle(&mut self, event: Event, context: &Context) -> Vec<Effect> {
        let mut handling = Handling::new(context);
        let h = &mut handling;
        self.watch(h);
        match event {
            Event::Opened { only_form } => self.open(only_form, h),
            Event::EndpointChanged(endpoint) => self.change_endpoint(endpoint, h),
            Event::FormOpened(form) => self.open_form(form, h),
            Event::Returned => {
                self.return_to_runs(h);
                self.return_to_keep_awake(h);
            }
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
            Event::AccessKeyEntered(endpoint) => self.enter_access_key(endpoint, h),
            Event::KeepAwakeRequested(goal, form) => self.request_keep_awake(goal, form, h),
            Event::KeepAwakeStopped => self.stop_keep_awake(h),
            Event::LimitAccepted => self.accept_limit(h),
            Event::LimitDeclined => self.decline_limit(),
            Event::LimitSet(period, typed) => self.set_limit(period, &typed, h),
            Event::ConnectionTestRequested(target, form) => self.request_test(target, form, h),
            Event::ConnectionTestStopped => self.stop_test(h),
            Event::ConnectionTestDiscarded => self.discard_test(h),
            Event::UsageRequested => self.refresh_usage(h),
            Event::Responded { id, response } => self.responded(id, &response, h),
            Event::FileResponded { id, response, file } => {
                self.file_responded(id, &response, file.as_ref(), h);
            }
            Event::PictureMissing(id) => self.picture_missing(id, h),
            Event::TimerFired(id) => self.timer_fired(id, h),
            Event::Probed { id, echo } => self.probed(id, echo, h),
            Event::ServerAnswered { asked } => self.server_answered(asked, h),
            Event::LockAcquired(run) => self.lock_acquired(run, h),
            Event::LeaderLockAcquired => self.leader_lock_acquired(h),
            Event::RecordsStored { id, refused, is_available } => {
                self.records_stored(id, &refused, is_available, h);
            }
            Event::PicturesLoaded => self.pictures_loaded(h),
            Event::FilesLoaded { run, places } => self.files_loaded(&run, &places, h),
            Event::FileStored { id, outcome } => self.file_stored(id, outcome, h),
            Event::ResultsStored { id, outcome } => self.results_stored(id, outcome, h),
            Event::StorageFull { id, bytes, attempt } => {
                self.write_found_no_room(id, bytes, attempt, h);
            }
            Event::ResultsLoaded(rows) => self.kept_loaded(rows, h),
            Event::ResultsRemoved(keys) => self.results_removed(keys, h),
            Event::ResultsChanged(change) => self.results_changed(change, h),
            Event::TabMessage(message) => self.tab_told(&message, h),
        }
        self.keep_ticking(h);
        handling.effects
    }

    /// Returns the runs of this page, ordered by number.
    pub fn jobs(&self) -> &[RunEntry] {
        &self.jobs
    }

    /// Returns a run of this page; `None` if it was removed.
    pub fn job(&self, run: RunNumber) -> Option<&RunEntry> {
        self.jobs.iter().find(|job| job.number == run)
    }

    /// Returns the status of the server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Returns the durations of earlier runs.
    pub fn waits(&self) -> &Waits {
        &self.waits
    }

    /// Returns the server that requests go to; `None` if there is none.
    pub fn endpoint(&self) -> Option<&Endpoint> {
        self.endpoint.as_ref()
    }

    /// Returns whether the user paused the queue.
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Returns the number of the first run of the current round; its runs are counted together.
    pub fn round(&self) -> RunNumber {
        self.round
    }

    pub(crate) fn form(&self, id: &str) -> Option<&Rc<Form>> {
        self.forms.iter().find(|form| form.id == id)
    }

    fn open_form(&mut self, form: Rc<Form>, h: &mut Handling) {
        match self.forms.iter_mut().find(|known| known.id == form.id) {
            Some(known) => *known = form,
            None => {
                let id = form.id.clone();
                self.forms.push(form);
                self.resume_runs_of(&id, h);
            }
        }
    }

    fn timer_fired(&mut self, id: TimerId, h: &mut Handling) {
        if self.arrivals.timer_fired(id, &mut self.ids, h) {
            return self.release(h);
        }
        if let Some(run) = self.arrivals.lock_is_due(id) {
            return self.ask_for_lock(run, h);
        }
        if self.arrivals.inherits(id) {
            return self.ask_for_all(h);
        }
        let is_done = self.ticked(id, h)
            || self.keep_awake_timer_fired(id, h)
            || self.test_timer_fired(id, h)
            || self.room_timer_fired(id, h);
        if !is_done {
            self.run_timer_fired(id, h);
        }
    }
}

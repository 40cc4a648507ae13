//! Performs the effects of the session and reports the outcomes to it. Invariant: the session makes
//! the decisions; this module only carries them out.

mod announcements;
mod clock;
pub mod database;
pub mod handlers;
pub mod http;
pub mod input_images;
mod locks;
pub mod page_files;
mod probes;
mod projection;
pub mod provided;
pub mod quota;
mod requests;
mod results;
mod room;
pub mod state;
pub mod stream;
mod tabs;
pub mod task;
mod timers;
mod web_locks;

use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_forms::form::Form;
use pilotlight_runs::config::Config;
use pilotlight_runs::usage::Zone;
use pilotlight_session::{Context, Effect, Event, RunNumber, Session, Settings, WriteId};

use crate::app::{Page, Sheet};
use crate::runtime::handlers::Handlers;
use crate::{browser, framed, storage};

pub use crate::runtime::projection::{
    QUEUE_ID, asked, connection_test, dialog_before_limit, is_paused, keep_awake, key_refused,
    ledger, limits, note_key_refusal, passed_limit, queue, run,
};

pub use crate::runtime::results::restore_result;
pub use crate::runtime::tabs::{change_count, follow_changes, take_changes};

thread_local! {
    static SESSION: RefCell<Session> = RefCell::default();
    /// Events that wait until the effects of earlier ones are performed.
    static EVENTS: RefCell<VecDeque<Event>> = const { RefCell::new(VecDeque::new()) };
    static IS_HANDLING: Cell<bool> = const { Cell::new(false) };
    /// What features do; set by `begin`.
    static HANDLERS: Cell<Option<&'static Handlers>> = const { Cell::new(None) };
    /// The forms that the session was told of, by tab.
    static FORMS: RefCell<Vec<Sheet>> = const { RefCell::new(Vec::new()) };
}

/// Creates the session and passes events of the browser to it. Stored runs are resumed by `open`,
/// not before.
pub fn begin(page: Page, handlers: &'static Handlers) {
    HANDLERS.set(Some(handlers));
    SESSION.set(Session::new(settings(page.config)));
    if let Some(endpoint) = page.endpoint.get_untracked() {
        tell(page, Event::EndpointChanged(Some(Endpoint::clone(&endpoint))));
    }
    clock::begin(page);
    locks::follow_other_tabs(page);
    tabs::begin(page);
    browser::on_return(move || tell(page, Event::Returned));
}

/// Calls a function of a feature. Before `begin` there are no effects that need one.
fn call<T>(function: impl FnOnce(&Handlers) -> T) -> Option<T> {
    HANDLERS.get().map(function)
}

/// Resumes the stored runs. In a frame for one workflow, only the runs of that workflow.
pub fn open(page: Page) {
    let form = page.sheet(page.tab.get_untracked()).map(|sheet| sheet.form.id.clone());
    let is_for_all = framed::shows("tabs") || browser::link() != form;
    tell(page, Event::Opened { only_form: form.filter(|_| !is_for_all) });
    with_session(|session| projection::all(page, session));
}

/// Passes an event to the session and performs the effects that it returns.
pub fn tell(page: Page, event: Event) {
    EVENTS.with_borrow_mut(|events| events.push_back(event));
    handle_all(page);
}

/// Tells the session of opened forms, so that their stored runs can be resumed.
pub fn forms_opened(page: Page) {
    handle_all(page);
}

fn handle_all(page: Page) {
    if IS_HANDLING.replace(true) {
        return;
    }
    page.now.set(browser::now());
    loop {
        open_forms(page);
        let Some(event) = EVENTS.with_borrow_mut(VecDeque::pop_front) else { break };
        page.now.set(browser::now());
        for effect in handle(event) {
            perform(page, effect);
        }
    }
    IS_HANDLING.set(false);
}

fn handle(event: Event) -> Vec<Effect> {
    let context = Context {
        now: browser::now(),
        zone: zone(),
        is_hidden: browser::is_hidden(),
        storage: &storage::Stored,
        random: &browser::random,
    };
    SESSION.with_borrow_mut(|session| session.handle(event, &context))
}

/// Returns the offset of local time from UTC.
pub fn zone() -> Zone {
    Zone(browser::minutes_ahead())
}

fn with_session<T>(read: impl FnOnce(&Session) -> T) -> T {
    SESSION.with_borrow(read)
}

/// Tells the session of all forms that it does not yet know.
fn open_forms(page: Page) {
    let sheets = page.sheets.get_untracked();
    let known = FORMS.replace(sheets.clone());
    for (at, sheet) in sheets.into_iter().enumerate() {
        if known.get(at) != Some(&sheet) {
            for effect in handle(Event::FormOpened(Rc::new(Form::clone(&sheet.form)))) {
                perform(page, effect);
            }
        }
    }
}

fn settings(config: &Config) -> Settings {
    let seconds = |seconds: u64| seconds * 1_000;
    Settings {
        limits: config.limits(),
        idle_delay_ms: config.idle_delay_seconds.map(seconds),
        wake_hint_ms: config.wake_hint_seconds.map(|(from, to)| (seconds(from), seconds(to))),
        price: config.price().map(|price| (price.per_hour, price.currency.to_owned())),
        limits_of_use: [config.limit_per_day, config.limit_per_month],
        has_locks: web_locks::is_available(),
        ..Settings::default()
    }
}

fn perform(page: Page, effect: Effect) {
    match effect {
        Effect::Send { id, call } => requests::send(page, id, *call),
        Effect::Probe { id, probe, request, limit_ms } => {
            probes::send(page, id, probe, *request, limit_ms);
        }
        Effect::Abort(id) => requests::abort(id),
        Effect::SetTimer { id, ms } => timers::set(page, id, ms),
        Effect::ClearTimer(id) => timers::clear(id),
        Effect::Store { key, value } => storage::set(&key, &value),
        Effect::StoreRecords { id, entries } => store_records(page, id, entries),
        Effect::Remove { key } => storage::remove(&key),
        Effect::AcquireLock(run) => locks::acquire(page, run),
        Effect::AcquireHeirLock { only_form, endpoint } => {
            locks::become_leader(page, only_form, &endpoint);
        }
        Effect::ReleaseHeirLock => locks::leave_leader(),
        Effect::ReleaseLock(run) => locks::release(run),
        Effect::LoadPictures(hashes) => results::load_pictures(page, hashes),
        Effect::LoadFiles(run) => results::load_files(page, run),
        Effect::StoreFile { id, from, run, place, file } => {
            results::store_file(page, id, from, run, place, file);
        }
        Effect::StoreResults { id, run } => results::store(page, id, run),
        Effect::LoadResults => room::load_kept(page),
        Effect::RemoveResults(rows) => room::remove(page, rows),
        Effect::RetryWrite(id) => room::end(id, true),
        Effect::AbandonWrite(id) => room::end(id, false),
        Effect::SendToTabs(message) => tabs::send(&message),
        Effect::ShowResultsChange(change) => tabs::show(page, change),
        Effect::ResultsChanged(change) => tabs::changed(change),
        Effect::RunsChanged => with_session(|session| projection::runs(page, session)),
        Effect::RunsStarted { runs, are_again } => started(page, &runs, are_again),
        Effect::RunChanged { run, has_new_phase } => {
            with_session(|session| projection::run_changed(page, session, run));
            if has_new_phase {
                announcements::phase(page, run);
            }
        }
        Effect::AnnounceEnd(run) => announcements::end(page, run),
        Effect::ShowRefusal(run) => {
            call(|handlers| (handlers.show_refusal)(page, run));
        }
        Effect::AccessKeyWanted(barred) => projection::key_refused().set(Some(barred)),
        Effect::ServerChanged => with_session(|session| projection::server(page, session)),
        Effect::KeepAwakeChanged => announcements::keep_awake(page),
        Effect::UsageChanged => with_session(projection::usage),
        Effect::ConnectionTestChanged => with_session(projection::test),
        Effect::AskAboutLimit => with_session(|session| projection::limit(page, session)),
        Effect::Show(notice) => announcements::notice(page, &notice),
    }
}

fn store_records(page: Page, id: WriteId, entries: Vec<(String, String)>) {
    let is_refused = |(key, value): &(String, String)| !storage::keep(key, value);
    let refused = entries.into_iter().filter(is_refused).map(|(key, _)| key);
    let refused: Vec<String> = refused.collect();
    let is_available = refused.is_empty() || storage::is_available();
    tell(page, Event::RecordsStored { id, refused, is_available });
}

fn started(page: Page, runs: &[RunNumber], are_again: bool) {
    for job in runs.iter().filter_map(|number| run(page, *number)) {
        if let (Some(sheet), Some(seed)) = (page.sheet(job.source.sheet), job.source.ready().seed) {
            sheet.last_seed.set(Some(seed));
        }
    }
    if are_again {
        browser::focus_on(QUEUE_ID);
    }
}

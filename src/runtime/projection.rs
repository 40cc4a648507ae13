//! Signals that are copied from the session's state, for views.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use pilotlight_comfy::access::Barred;
use pilotlight_comfy::failure::Fault;
use pilotlight_comfy::time::At;
use pilotlight_i18n::present::{self, Queue};
use pilotlight_runs::budget::Passed;
use pilotlight_runs::connection_test::ConnectionTest;
use pilotlight_runs::keep_awake::KeepAwake;
use pilotlight_runs::run::Run;
use pilotlight_runs::usage::Ledger;
use pilotlight_session::{RunNumber, Session};

use crate::app::{Page, RunSource, RunView};
use crate::command::Dialog;
use leptos::prelude::*;

/// The id of the element that summarizes the queue.
pub const QUEUE_ID: &str = "queue";

/// The signals of this module.
#[derive(Default)]
struct State {
    is_paused: RwSignal<bool>,
    round: RwSignal<RunNumber>,
    keep_awake: RwSignal<KeepAwake>,
    ledger: RwSignal<Ledger>,
    limits: RwSignal<[Option<f64>; 2]>,
    passed_limit: RwSignal<Option<Passed>>,
    dialog_before: Cell<Option<Dialog>>,
    key_refused: RwSignal<Option<Barred>>,
    connection_test: RwSignal<ConnectionTest>,
    asked: RwSignal<Option<At>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns whether the user paused the queue.
pub fn is_paused() -> RwSignal<bool> {
    state().is_paused
}

/// Returns the number of the first run of the current round; its runs are counted together.
pub fn round() -> RwSignal<RunNumber> {
    state().round
}

pub fn keep_awake() -> RwSignal<KeepAwake> {
    state().keep_awake
}

/// Returns the recorded usage.
pub fn ledger() -> RwSignal<Ledger> {
    state().ledger
}

/// Returns the limits of a day and of a month: money if a price is configured, else minutes.
pub fn limits() -> RwSignal<[Option<f64>; 2]> {
    state().limits
}

/// Returns the limit that runs would pass and the user is asked about.
pub fn passed_limit() -> RwSignal<Option<Passed>> {
    state().passed_limit
}

pub fn connection_test() -> RwSignal<ConnectionTest> {
    state().connection_test
}

/// Since when a request that may wake the GPU, and is of no run, is without an answer.
pub fn asked() -> RwSignal<Option<At>> {
    state().asked
}

/// Returns the server's last refusal because of the access key.
pub fn key_refused() -> RwSignal<Option<Barred>> {
    state().key_refused
}

/// Records if a request that belongs to no run was refused because of the access key.
pub fn note_key_refusal(fault: &Fault) {
    if let Some(barred) = fault.key_refused() {
        key_refused().set(Some(barred));
    }
}

/// Returns the summary of the queue. Tracks runs and clock.
pub fn queue(page: Page) -> Queue {
    let round = round().get();
    // Readers by form; most runs are of one form.
    let mut known: Vec<(usize, present::Reader)> = Vec::new();
    page.jobs.with(|jobs| {
        let mut runs = Vec::new();
        for job in jobs {
            if job.run.with(Run::is_ended) && job.number < round.0 {
                continue;
            }
            let sheet = job.source.sheet;
            let reader = match known.iter().find(|(of, _)| *of == sheet) {
                Some((_, reader)) => reader.clone(),
                None => {
                    let reader = page.reader(sheet);
                    known.push((sheet, reader.clone()));
                    reader
                }
            };
            runs.push((job.run.read_untracked(), reader.usual_run));
        }
        let usual_waking = known.first().and_then(|(_, reader)| reader.usual_waking);
        present::queue(runs, usual_waking, is_paused().get(), page.now.get())
    })
}

/// Returns the run with this number, if it is in this page.
pub fn run(page: Page, run: RunNumber) -> Option<RunView> {
    page.jobs.with_untracked(|jobs| jobs.iter().find(|job| job.number == run.0).cloned())
}

pub(super) fn all(page: Page, session: &Session) {
    runs(page, session);
    server(page, session);
    usage(session);
}

pub(super) fn runs(page: Page, session: &Session) {
    set(is_paused(), session.is_paused());
    set(round(), session.round());
    let former = page.jobs.get_untracked();
    let mut known: BTreeMap<u32, RunView> =
        former.iter().map(|job| (job.number, job.clone())).collect();
    let jobs: Vec<RunView> = session
        .jobs()
        .iter()
        .map(|job| match known.remove(&job.number.0) {
            Some(shown) => {
                if shown.place.get_untracked() != job.place {
                    shown.place.set(job.place);
                }
                shown
            }
            None => shown(page, job),
        })
        .collect();
    // The list is replaced only if runs were added, removed or reordered.
    if !former.iter().map(|job| job.number).eq(jobs.iter().map(|job| job.number)) {
        page.jobs.set(jobs);
    }
}

fn shown(page: Page, job: &pilotlight_session::RunEntry) -> RunView {
    let of_form = |sheet: &crate::app::Sheet| sheet.form.id == job.request.form;
    let sheet = page.sheets.with_untracked(|sheets| sheets.iter().position(of_form));
    RunView {
        number: job.number.0,
        source: Rc::new(RunSource {
            sheet: sheet.unwrap_or(usize::MAX),
            request: job.request.clone(),
        }),
        run: ArcRwSignal::new(job.run.clone()),
        place: ArcRwSignal::new(job.place),
    }
}

pub(super) fn run_changed(page: Page, session: &Session, number: RunNumber) {
    if let (Some(shown), Some(job)) = (run(page, number), session.job(number)) {
        shown.run.set(job.run.clone());
    }
}

pub(super) fn server(page: Page, session: &Session) {
    page.server.set(session.server().clone());
    page.waits.set(session.waits().clone());
}

pub(super) fn usage(session: &Session) {
    ledger().set(session.ledger().clone());
    set(limits(), session.limits());
}

pub(super) fn test(session: &Session) {
    connection_test().set(session.connection_test().clone());
}

/// Returns the dialog that was open before the one about a limit.
pub fn dialog_before_limit() -> Option<Dialog> {
    state().dialog_before.get()
}

/// Opens the dialog that asks whether to pass a limit.
pub(super) fn limit(page: Page, session: &Session) {
    state().dialog_before.set(page.dialog.get_untracked());
    passed_limit().set(session.passed_limit());
    page.dialog.set(Some(Dialog::Limit));
}

fn set<T: PartialEq + Send + Sync + 'static>(live: RwSignal<T>, value: T) {
    if live.with_untracked(|former| *former != value) {
        live.set(value);
    }
}

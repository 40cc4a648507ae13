//! What views follow of the session.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use pilotlight_comfy::access::Barred;
use pilotlight_comfy::failure::Fault;
use pilotlight_i18n::present::{self, Queue};
use pilotlight_runs::budget::Passed;
use pilotlight_runs::chain::Chain;
use pilotlight_runs::meter::Ledger;
use pilotlight_runs::run::Run;
use pilotlight_runs::warm::Warm;
use pilotlight_session::{RunNumber, Session};

use crate::app::{Dialog, Job, Order, Page};
use leptos::prelude::*;

/// The id of the line above the runs.
pub const QUEUE_ID: &str = "lane";

thread_local! {
    static IS_PAUSED: RwSignal<bool> = RwSignal::new(false);
    static ROUND: RwSignal<RunNumber> = RwSignal::new(RunNumber::default());
    static KEEP_AWAKE: RwSignal<Warm> = RwSignal::new(Warm::default());
    static LEDGER: RwSignal<Ledger> = RwSignal::new(Ledger::default());
    static LIMITS: RwSignal<[Option<f64>; 2]> = RwSignal::new([None; 2]);
    static PASSED_LIMIT: RwSignal<Option<Passed>> = RwSignal::new(None);
    static DIALOG_BEFORE: Cell<Option<Dialog>> = const { Cell::new(None) };
    static KEY_REFUSED: RwSignal<Option<Barred>> = RwSignal::new(None);
    static CONNECTION_TEST: RwSignal<Chain> = RwSignal::new(Chain::default());
}

/// Whether the user paused the queue.
pub fn is_paused() -> RwSignal<bool> {
    IS_PAUSED.with(|live| *live)
}

/// The number of the first of the runs that are counted together.
pub fn round() -> RwSignal<RunNumber> {
    ROUND.with(|live| *live)
}

pub fn keep_awake() -> RwSignal<Warm> {
    KEEP_AWAKE.with(|live| *live)
}

/// What was used.
pub fn ledger() -> RwSignal<Ledger> {
    LEDGER.with(|live| *live)
}

/// Limits of a day and of a month: money where there is a price, else minutes.
pub fn limits() -> RwSignal<[Option<f64>; 2]> {
    LIMITS.with(|live| *live)
}

/// What the user is asked about.
pub fn passed_limit() -> RwSignal<Option<Passed>> {
    PASSED_LIMIT.with(|live| *live)
}

pub fn connection_test() -> RwSignal<Chain> {
    CONNECTION_TEST.with(|live| *live)
}

/// What the server last said of a request without the right access key.
pub fn key_refused() -> RwSignal<Option<Barred>> {
    KEY_REFUSED.with(|live| *live)
}

/// Learns from a request that belongs to no run whether the access key is the right one.
pub fn learn_of_key(fault: &Fault) {
    if let Some(barred) = fault.key_refused() {
        key_refused().set(Some(barred));
    }
}

/// What is said of all of them together. Follows runs and clock.
pub fn queue(page: Page) -> Queue {
    let round = round().get();
    // Most runs are of one form.
    let mut known: Vec<(usize, present::Reader)> = Vec::new();
    page.jobs.with(|jobs| {
        let mut runs = Vec::new();
        for job in jobs {
            if job.run.with(Run::is_ended) && job.number < round.0 {
                continue;
            }
            let sheet = job.order.sheet;
            let reader = match known.iter().find(|(of, _)| *of == sheet) {
                Some((_, reader)) => *reader,
                None => {
                    let reader = page.reader(sheet);
                    known.push((sheet, reader));
                    reader
                }
            };
            runs.push((job.run.read_untracked(), reader.usual_run));
        }
        let usual_waking = known.first().and_then(|(_, reader)| reader.usual_waking);
        present::queue(runs, usual_waking, is_paused().get(), page.now.get())
    })
}

/// A run of this page.
pub fn run(page: Page, run: RunNumber) -> Option<Job> {
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
    let mut known: BTreeMap<u32, Job> =
        former.iter().map(|job| (job.number, job.clone())).collect();
    let jobs: Vec<Job> = session
        .jobs()
        .iter()
        .map(|job| match known.remove(&job.number.0) {
            Some(shown) => {
                set(shown.place, job.place);
                shown
            }
            None => shown(page, job),
        })
        .collect();
    // Nothing that follows the list is made anew when only places changed.
    if !former.iter().map(|job| job.number).eq(jobs.iter().map(|job| job.number)) {
        page.jobs.set(jobs);
    }
}

fn shown(page: Page, job: &pilotlight_session::Job) -> Job {
    let of_form = |sheet: &&crate::app::Sheet| sheet.form.id == job.request.form;
    let sheet = page.sheets.with_untracked(|sheets| sheets.iter().position(of_form));
    Job {
        number: job.number.0,
        order: Rc::new(Order { sheet: sheet.unwrap_or(usize::MAX), request: job.request.clone() }),
        run: RwSignal::new(job.run.clone()),
        place: RwSignal::new(job.place),
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

/// The dialog that was open before the one that asks about a limit.
pub fn dialog_before_limit() -> Option<Dialog> {
    DIALOG_BEFORE.get()
}

/// Opens the dialog that asks.
pub(super) fn limit(page: Page, session: &Session) {
    DIALOG_BEFORE.set(page.dialog.get_untracked());
    passed_limit().set(session.passed_limit());
    page.dialog.set(Some(Dialog::Limit));
}

fn set<T: PartialEq + Send + Sync + 'static>(live: RwSignal<T>, value: T) {
    if live.with_untracked(|former| *former != value) {
        live.set(value);
    }
}

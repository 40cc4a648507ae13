//! The lane of this page: its order, its pause, and what is done with all of it at once.
//! Invariant: while it is paused nothing is released, also after a reload; the pause ends with the
//! last run that it holds back.

use std::cell::Cell;

use pilotlight_engine::failure::Failure;
use pilotlight_engine::lane::{self, Move};
use pilotlight_engine::present::{self, Queue};
use pilotlight_engine::run::{Event, Outcome, Phase, Run};
use pilotlight_engine::text::LaneText;

use super::{driver, records, spending, starting};
use crate::app::{Job, Page};
use crate::live::Live;
use crate::{browser, storage};

/// The id of the line above the runs.
pub const ID: &str = "lane";
/// Under which a pause is stored.
const PAUSED: &str = "paused";

thread_local! {
    static IS_PAUSED: Live<bool> = Live::new(storage::get(PAUSED).is_some());
    /// How many stored runs are about to be taken up: one of them may stand first.
    static COMING: Cell<usize> = const { Cell::new(0) };
    /// The number of the first run of those that are counted together.
    static ROUND: Cell<u32> = const { Cell::new(0) };
}

pub fn is_paused() -> Live<bool> {
    IS_PAUSED.with(|paused| *paused)
}

/// Whether nothing may be released now.
pub fn is_held() -> bool {
    is_paused().now() || COMING.get() > 0
}

/// So many more stored runs are about to be taken up.
pub fn expect(count: usize) {
    COMING.set(COMING.get() + count);
}

/// One of them is here, or is none any more, or another page has it.
pub fn came(page: Page) {
    COMING.set(COMING.get().saturating_sub(1));
    if COMING.get() == 0 {
        driver::release(page);
    }
}

/// Heeds a pause that another page of this browser began, before its runs are taken up here.
pub fn remember() {
    if !is_paused().now() && storage::get(PAUSED).is_some() {
        is_paused().set(true);
    }
}

pub fn pause(page: Page) {
    is_paused().set(true);
    storage::set(PAUSED, "1");
    page.spoken.set(LaneText::PausedHint.say(page.language.now()));
}

pub fn resume(page: Page) {
    is_paused().set(false);
    storage::remove(PAUSED);
    driver::release(page);
}

/// What was wanted from this run on is counted together, if nothing else goes on.
pub fn begin_round(page: Page, number: u32) {
    if page.jobs.peek(|jobs| jobs.iter().all(|job| job.run.peek(Run::is_ended))) {
        ROUND.set(number);
    }
}

/// The numbers of the runs that wait, in the order in which they go to the server. Follows them.
pub fn waiting(page: Page) -> Vec<u32> {
    page.jobs.with(|jobs| {
        // Followed one by one.
        jobs.iter().for_each(|job| job.run.with(|_| job.place.with(|_| ())));
        let order = lane::waiting(placed(jobs));
        order.into_iter().filter_map(|at| Some(jobs.get(at)?.number)).collect()
    })
}

/// What is said of all of them together. Follows runs and clock.
pub fn projection(page: Page) -> Queue {
    // Most runs are of one form.
    let mut known: Vec<(usize, present::Reader)> = Vec::new();
    page.jobs.with(|jobs| {
        let mut runs = Vec::new();
        for job in jobs {
            if job.run.with(Run::is_ended) && job.number < ROUND.get() {
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
            runs.push((job.run.borrow(), reader.usual_run));
        }
        let usual_waking = known.first().and_then(|(_, reader)| reader.usual_waking);
        present::queue(runs, usual_waking, is_paused().get(), page.now.get())
    })
}

/// Moves a run that waits, and says where it stands now.
pub fn shift(page: Page, number: u32, how: Move) {
    let jobs = page.jobs.now();
    let Some(index) = jobs.iter().position(|job| job.number == number) else { return };
    let moved = lane::moved(placed(&jobs), index, how);
    for (job, place) in moved.iter().filter_map(|(at, place)| Some((jobs.get(*at)?, *place))) {
        job.place.set(place);
        driver::keep(page, job);
    }
    let waiting = waiting(page);
    if let Some(at) = waiting.iter().position(|one| *one == number) {
        let moved = LaneText::Moved { number, place: at + 1, of: waiting.len() };
        page.spoken.set(moved.say(page.language.now()));
    }
}

pub fn cancel(page: Page, job: &Job) {
    driver::tell(page, job, Event::Cancelled);
    settle(page);
}

/// What waits ends without a request; what is at the server is cancelled there.
pub fn cancel_all(page: Page) {
    // Else what waits would be released as soon as something before it is cancelled.
    is_paused().set(true);
    let waits = |job: &Job| job.run.peek(|run| matches!(run.phase(), Phase::Waiting));
    let (waiting, others): (Vec<Job>, Vec<Job>) = page.jobs.now().into_iter().partition(waits);
    for job in waiting.iter().chain(&others).filter(|job| job.run.peek(Run::can_cancel)) {
        driver::tell(page, job, Event::Cancelled);
    }
    settle(page);
}

/// A pause that holds nothing back is over.
fn settle(page: Page) {
    if is_paused().now() && page.jobs.peek(|jobs| lane::waiting(placed(jobs)).is_empty()) {
        resume(page);
    }
}

/// The numbers of the runs that went with the GPU. Follows them.
pub fn lost(page: Page) -> Vec<u32> {
    let is_lost =
        |run: &Run| matches!(run.phase(), Phase::Ended(Outcome::Failed(Failure::Lost { .. })));
    page.jobs.with(|jobs| {
        jobs.iter().filter(|job| job.run.with(is_lost)).map(|job| job.number).collect()
    })
}

/// Runs all that were lost once more, each with its old values.
pub fn run_lost_again(page: Page) {
    let numbers = lost(page);
    let jobs = page.jobs.now().into_iter().filter(|job| numbers.contains(&job.number));
    let orders = jobs.map(|job| job.order.as_ref().clone()).collect();
    let sheet = page.tab.now();
    spending::unless_too_much(page, sheet, numbers.len(), move || {
        if starting::start_or_say(page, orders) {
            numbers.iter().for_each(|number| records::forget(*number));
            page.jobs.update(|jobs| jobs.retain(|job| !numbers.contains(&job.number)));
            browser::focus_on(ID);
        }
    });
}

fn placed(jobs: &[Job]) -> impl Iterator<Item = (u32, std::cell::Ref<'static, Run>)> {
    jobs.iter().map(|job| (job.place.now(), job.run.borrow()))
}

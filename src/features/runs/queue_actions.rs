//! The page's queue: the user's commands, and which runs wait.

use leptos::prelude::*;
use std::ops::Deref;

use pilotlight_comfy::failure::Failure;
use pilotlight_i18n::text::QueueText;
use pilotlight_runs::queue::{self, Move};
use pilotlight_runs::run::{Outcome, Phase, Run};
use pilotlight_session::{Event, RunNumber};

use crate::app::{Page, RunView};
use crate::runtime;

pub use crate::runtime::{QUEUE_ID as ID, queue as projection};

pub fn pause(page: Page) {
    runtime::tell(page, Event::PauseRequested);
    page.spoken.set(QueueText::PausedHint.say(page.language.get_untracked()));
}

pub fn resume(page: Page) {
    runtime::tell(page, Event::ResumeRequested);
}

pub fn cancel(page: Page, number: u32) {
    runtime::tell(page, Event::CancelRequested(RunNumber(number)));
}

pub fn cancel_all(page: Page) {
    runtime::tell(page, Event::CancelAllRequested);
}

/// Moves a waiting run and announces its new position.
pub fn shift(page: Page, number: u32, to: Move) {
    runtime::tell(page, Event::MoveRequested(RunNumber(number), to));
    let waiting = waiting(page);
    if let Some(at) = waiting.iter().position(|one| *one == number) {
        let moved = QueueText::Moved { number: number.into(), place: at + 1, total: waiting.len() };
        page.spoken.set(moved.say(page.language.get_untracked()));
    }
}

/// Runs all lost runs again, with the same values.
pub fn run_lost_again(page: Page) {
    runtime::tell(page, Event::RunLostAgainRequested);
}

/// Returns the numbers of the waiting runs, in the order of release; tracks them.
pub fn waiting(page: Page) -> Vec<u32> {
    page.jobs.with(|jobs| {
        // Tracks the signals of each run, which `placed` reads untracked.
        jobs.iter().for_each(|job| job.run.with(|_| job.place.with(|_| ())));
        let source = queue::waiting(placed(jobs));
        source.into_iter().filter_map(|at| Some(jobs.get(at)?.number)).collect()
    })
}

/// Returns how many runs were lost with the GPU; tracks the runs.
pub fn lost(page: Page) -> usize {
    let is_lost =
        |run: &Run| matches!(run.phase(), Phase::Ended(Outcome::Failed(Failure::Lost { .. })));
    page.jobs.with(|jobs| jobs.iter().filter(|job| job.run.with(is_lost)).count())
}

fn placed(jobs: &[RunView]) -> impl Iterator<Item = (u32, impl Deref<Target = Run>)> {
    jobs.iter().map(|job| (job.place.get_untracked(), job.run.read_untracked()))
}

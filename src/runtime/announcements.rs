//! Announces changes: in the live region, in notices, by notifications.

use leptos::prelude::untrack;
use leptos::prelude::*;
use pilotlight_i18n::present;
use pilotlight_i18n::text::{BatchText, GpuText, StorageText};
use pilotlight_runs::keep_awake::{End, Phase};
use pilotlight_runs::run::Outcome;
use pilotlight_session::{Notice as Said, RunNumber};

use crate::app::{Notice, Page};
use crate::form_state;
use crate::runtime::{call, clock, projection, with_session};

/// Announces the new phase of a run in the live region, and updates the tab's title.
pub(super) fn phase(page: Page, run: RunNumber) {
    let Some(job) = projection::run(page, run) else { return };
    let said = untrack(|| {
        let reader = page.reader(job.source.sheet);
        projection::queue(page).said(&job.run.read_untracked(), job.source.title(), &reader)
    });
    if let Some(said) = said {
        page.spoken.set(said);
    }
    clock::set_title(page);
}

/// Notifies the user that the last run has ended.
pub(super) fn end(page: Page, run: RunNumber) {
    if let Some(job) = projection::run(page, run) {
        untrack(|| call(|handlers| (handlers.notify_end)(page, &job)));
        let has_brought = job.run.with_untracked(|run| match run.outcome() {
            Some(Outcome::Done { ended, gone }) => ended.outputs.len() > gone.len(),
            Some(Outcome::Cancelled { .. } | Outcome::Failed(_)) | None => false,
        });
        if has_brought {
            call(|handlers| (handlers.say_arrived)());
        }
    }
}

/// Updates the keep-awake state, and announces the start and end of waking.
pub(super) fn keep_awake(page: Page) {
    let before = projection::keep_awake().with_untracked(|keep_awake| keep_awake.phase());
    let keep_awake = with_session(|session| session.keep_awake().clone());
    projection::keep_awake().set(keep_awake.clone());
    let language = page.language.get_untracked();
    let is_awake = matches!(keep_awake.phase(), Phase::Keeping { .. })
        || keep_awake.ended() == Some(&End::Awake);
    match (before, keep_awake.phase()) {
        (Phase::Resting, Phase::Waking { .. }) => page.spoken.set(GpuText::Asking.say(language)),
        (Phase::Waking { .. }, _) if is_awake => page.spoken.set(GpuText::IsAwake.say(language)),
        (_, _) => {}
    }
    let (Some(end), Some(said)) = (keep_awake.ended(), present::keep_awake_end(&keep_awake)) else {
        return;
    };
    page.spoken.set(said.get(language).to_owned());
    match end {
        End::Awake | End::Over | End::Stopped => {}
        // The panel may be closed and the page hidden, so a notice says it, too.
        End::Hidden | End::NotHeld | End::OutOfReach(_) | End::Setup(_) => {
            form_state::add_notice(page, Notice::KeepAwake(said));
        }
    }
}

pub(super) fn notice(page: Page, notice: &Said) {
    match notice {
        Said::RunNotStored(_) => {
            form_state::add_storage_notice(page, StorageText::RunsNotStored);
        }
        Said::NoRoomForRuns => {
            form_state::add_notice(page, Notice::Kept(BatchText::NoRoom.label()));
        }
        Said::MadeRoom { count } => {
            let made = StorageText::MadeRoom { count: *count }.label();
            form_state::add_notice(page, Notice::Kept(made));
        }
        Said::ResultsNotStored => {
            form_state::add_storage_notice(page, StorageText::ResultsNotStored);
        }
    }
}

//! What a user does to wake the GPU or to keep it awake.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use pilotlight_runs::run::LongPoll;
use pilotlight_runs::warm::Goal;
use pilotlight_session::Event;

use crate::app::{Notice, Page};
use crate::runtime::task;
use crate::{browser, runtime};

pub fn press(page: Page, goal: Goal) {
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::Warm(_))));
    let form = page.sheet(page.tab.get_untracked()).map(|sheet| sheet.form.id.clone());
    runtime::tell(page, Event::KeepAwakeRequested(goal, form.unwrap_or_default()));
}

pub fn stop(page: Page) {
    runtime::tell(page, Event::KeepAwakeStopped);
}

/// Focuses what is drawn anew, once it is.
pub fn focus(id: &'static str) {
    task::spawn(async move {
        TimeoutFuture::new(0).await;
        browser::focus(id);
    });
}

/// Whether the server can be kept awake, as far as it is known: `false` once it was found to lack
/// what that needs. Follows it.
pub fn can_keep(page: Page) -> bool {
    page.server.with(|server| server.holds != LongPoll::Absent)
}

//! The user's commands for waking the GPU and keeping it awake.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use pilotlight_runs::keep_awake::Goal;
use pilotlight_runs::run::LongPoll;
use pilotlight_session::Event;

use crate::app::{Notice, Page};
use crate::runtime::task;
use crate::{browser, runtime};

pub fn press(page: Page, goal: Goal) {
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::KeepAwake(_))));
    let form = page.sheet(page.tab.get_untracked()).map(|sheet| sheet.form.id.clone());
    runtime::tell(page, Event::KeepAwakeRequested(goal, form.unwrap_or_default()));
}

pub fn stop(page: Page) {
    runtime::tell(page, Event::KeepAwakeStopped);
}

/// Focuses an element once the view has been updated.
pub fn focus(id: &'static str) {
    task::spawn(async move {
        TimeoutFuture::new(0).await;
        browser::focus(id);
    });
}

/// Returns `false` if the server is known to lack what keep-awake needs (the ComfyUI extension);
/// tracks the server.
pub fn can_keep(page: Page) -> bool {
    page.server.with(|server| server.holds != LongPoll::Absent)
}

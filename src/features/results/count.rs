//! How many results this browser keeps.

use std::cell::Cell;

use crate::runtime::database;
use crate::runtime::task;
use leptos::prelude::*;

const RECOUNT_MS: u32 = 100;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    count: RwSignal<usize>,
    is_counting: Cell<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// How many results this browser keeps.
pub fn count() -> RwSignal<usize> {
    state().count
}

/// Counts them anew, once for all that happens in a moment.
pub fn recount() {
    if state().is_counting.replace(true) {
        return;
    }
    task::spawn(async {
        gloo_timers::future::TimeoutFuture::new(RECOUNT_MS).await;
        state().is_counting.set(false);
        if let Ok(keys) = database::row_keys().await {
            count().set(keys.len());
        }
    });
}

//! The number of stored results.

use std::cell::Cell;

use crate::runtime::database;
use crate::runtime::task;
use leptos::prelude::*;

const RECOUNT_MS: u32 = 100;

/// The state of this module.
#[derive(Default)]
struct State {
    count: RwSignal<usize>,
    is_counting: Cell<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns the number of stored results.
pub fn count() -> RwSignal<usize> {
    state().count
}

/// Counts the stored results after 100 ms; calls until then are combined.
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

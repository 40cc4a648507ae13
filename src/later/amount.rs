//! How many results this browser keeps.

use std::cell::Cell;

use super::database;
use crate::live::Live;
use crate::task;

const RECOUNT_MS: u32 = 100;

thread_local! {
    static COUNT: Live<usize> = Live::new(0);
    static IS_COUNTING: Cell<bool> = const { Cell::new(false) };
}

/// How many results this browser keeps.
pub fn count() -> Live<usize> {
    COUNT.with(|count| *count)
}

/// Counts them anew, once for all that happens in a moment.
pub fn recount() {
    if IS_COUNTING.replace(true) {
        return;
    }
    task::spawn(async {
        gloo_timers::future::TimeoutFuture::new(RECOUNT_MS).await;
        IS_COUNTING.set(false);
        if let Ok(keys) = database::row_keys().await {
            count().set(keys.len());
        }
    });
}

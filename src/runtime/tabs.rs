//! Messages between the tabs of this browser, and changes of stored results.

use std::cell::{Cell, RefCell};

use pilotlight_session::{Event, ResultsChange};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::app::Page;
use crate::runtime::call;
use crate::runtime::database;
use crate::runtime::task;
use crate::runtime::tell;
use leptos::prelude::*;

const NAME: &str = "pilotlight results";

/// The state of this module.
#[derive(Default)]
struct State {
    channel: RefCell<Option<BroadcastChannel>>,
    /// Whether the gallery is open and changes are collected for it.
    is_followed: Cell<bool>,
    changes: RefCell<Vec<ResultsChange>>,
    change_count: RwSignal<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Passes messages of other tabs to the session, if the browser has `BroadcastChannel`.
pub(super) fn begin(page: Page) {
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = event.data().as_string() {
            tell(page, Event::TabMessage(message));
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    state().channel.replace(Some(channel));
}

pub(super) fn send(message: &str) {
    if let Some(channel) = &*state().channel.borrow() {
        // This fails only for a closed channel; this one is never closed.
        let _sent = channel.post_message(&message.into());
    }
}

/// Updates the count of stored results and informs the gallery, whichever tab changed them.
pub(super) fn changed(change: ResultsChange) {
    call(|handlers| (handlers.recount)());
    if state().is_followed.get() {
        state().changes.borrow_mut().push(change);
        change_count().update(|count| *count = count.wrapping_add(1));
    }
}

/// Applies a change that was made in another tab or in the gallery to the list of results.
pub(super) fn show(page: Page, change: ResultsChange) {
    match change {
        ResultsChange::Kept(run) => task::spawn(async move {
            let rows = database::rows_of(&run).await.unwrap_or_default();
            if let Some(shown) = call(|handlers| (handlers.show_stored)(page, rows)) {
                shown.await;
            }
        }),
        ResultsChange::Gone(keys) => {
            call(|handlers| (handlers.leave_out)(page, &keys));
        }
        ResultsChange::Touched(mut keys) => task::spawn(async move {
            page.outputs
                .with_untracked(|all| keys.retain(|key| all.iter().any(|one| one.row.key == *key)));
            let mut rows = Vec::new();
            for key in &keys {
                rows.extend(database::row(key).await.ok().flatten());
            }
            call(|handlers| (handlers.mark)(page, &rows));
        }),
    }
}

/// Starts or stops collecting changes of stored results; discards those collected before.
pub fn follow_changes(is_followed: bool) {
    state().is_followed.set(is_followed);
    state().changes.take();
}

/// Returns a signal that is incremented on every collected change.
pub fn change_count() -> RwSignal<u32> {
    state().change_count
}

/// Returns and removes the collected changes.
pub fn take_changes() -> Vec<ResultsChange> {
    state().changes.take()
}

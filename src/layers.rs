//! Back closes what is open over the page. Invariant: the history has one entry for each open
//! dialog and none for one that was closed, unless something else was entered behind it meanwhile.

use std::cell::{Cell, RefCell};

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventInit, HtmlDialogElement};

use crate::runtime::state;

/// What this module holds while the page is open.
struct State {
    /// The open dialogs; the last one is in front.
    open: RefCell<Vec<HtmlDialogElement>>,
    /// How many entries of the history belong to dialogs, up to the current one.
    entries: Cell<usize>,
    /// The length of the history after the last entry was added.
    length: Cell<u32>,
    /// Whether the browser was told to go back and has not yet.
    is_going: Cell<bool>,
    /// For the `close` event of dialogs.
    closed: Closure<dyn FnMut()>,
}

impl Default for State {
    fn default() -> Self {
        window_event_listener(ev::popstate, |_| moved());
        Self {
            open: RefCell::default(),
            // After a reload, what was open is not, and its entry is still there.
            entries: Cell::new(entry()),
            length: Cell::new(0),
            is_going: Cell::new(false),
            closed: Closure::new(settle_soon),
        }
    }
}

fn state() -> &'static State {
    state::of()
}

/// Registers a dialog that was just opened, so that Back closes it.
pub fn opened(dialog: &HtmlDialogElement) {
    state().open.borrow_mut().push(dialog.clone());
    let closed = state().closed.as_ref().unchecked_ref();
    let _listens = dialog.add_event_listener_with_callback("close", closed);
    settle_soon();
}

/// Often one dialog opens as another one closes: then nothing is to be done.
fn settle_soon() {
    set_timeout(settle, std::time::Duration::ZERO);
}

/// Adds or removes entries of the history until it has as many as there are open dialogs.
fn settle() {
    let state = state();
    state.open.borrow_mut().retain(HtmlDialogElement::open);
    let Ok(history) = window().history() else { return };
    let (wanted, there) = (state.open.borrow().len(), state.entries.get());
    if state.is_going.get() || wanted == there {
        return;
    }
    for number in there + 1..=wanted {
        // A frame of an opaque origin has no history of its own.
        if history.push_state(&JsValue::from_f64(number as f64), "").is_err() {
            return;
        }
        state.entries.set(number);
    }
    let length = history.length().unwrap_or(0);
    if wanted > there {
        return state.length.set(length);
    }
    // A frame shares the history of the site around it: an entry of that one is not to be left.
    let is_last = entry() == there && (is_alone() || length == state.length.get());
    if is_last {
        let back = i32::try_from(there - wanted).unwrap_or(1);
        state.is_going.set(history.go_with_delta(-back).is_ok());
        return;
    }
    if entry() == there {
        // It stays, and belongs to no dialog any more.
        let _left = history.replace_state(&JsValue::TRUE, "");
    }
    state.entries.set(wanted);
}

/// The user went back or forward, or the browser did what [`settle`] told it to.
fn moved() {
    let state = state();
    let entry = entry();
    state.entries.set(entry);
    if !state.is_going.replace(false) {
        let surplus: Vec<_> = state.open.borrow().iter().skip(entry).cloned().collect();
        // One that asks first stays, and gets its entry back.
        let _all = surplus.iter().rev().all(close);
    }
    settle_soon();
}

/// Closes a dialog as Escape does; returns whether it let itself be closed.
fn close(dialog: &HtmlDialogElement) -> bool {
    let init = EventInit::new();
    init.set_cancelable(true);
    let cancel = Event::new_with_event_init_dict("cancel", &init);
    let may_close = cancel.and_then(|cancel| dialog.dispatch_event(&cancel)).unwrap_or(true);
    if may_close {
        dialog.close();
    }
    may_close
}

/// Returns the number in the current entry of the history; 0 if it belongs to no dialog.
fn entry() -> usize {
    let state = window().history().and_then(|history| history.state());
    state.ok().and_then(|state| state.as_f64()).map_or(0, |number| number as usize)
}

/// Returns whether the page is in no frame.
fn is_alone() -> bool {
    let parent = window().parent().ok().flatten();
    parent.is_none_or(|parent| JsValue::from(parent) == JsValue::from(window()))
}

//! Other tabs of this browser: what one of them keeps or deletes, all of them show. Invariant:
//! nothing is believed but names; what they stand for is read from the database.

use std::cell::{Cell, RefCell};

use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::kept::{Key, Row};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::amount;
use crate::app::Page;
use crate::js;
use crate::live::Live;

const NAME: &str = "pilotlight results";

thread_local! {
    static CHANNEL: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// Whether something else shows what is kept here.
    static IS_HEARD: Cell<bool> = const { Cell::new(false) };
    static STALE: RefCell<Vec<Stale>> = const { RefCell::new(Vec::new()) };
    static TOLD: Live<u32> = Live::new(0);
}

/// What other tabs are told.
pub enum News<'a> {
    /// A run's results were written, or changed.
    Kept(&'a PromptId),
    Gone(&'a [Row]),
    /// Results were starred or pinned, or came otherwise than by a run.
    Touched(&'a [Key]),
}

/// What is to be looked up anew, whoever did it.
pub enum Stale {
    Run(PromptId),
    Keys(Vec<Key>),
}

/// Listens for as long as the page lives; where there are no channels, nothing is heard.
pub fn begin(page: Page, hear: fn(Page, &Value)) {
    let Some(channel) = js::make("BroadcastChannel", &[NAME.into()]) else { return };
    let heard = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let said = js::get(&event, "data").as_string();
        if let Some(news) = said.and_then(|text| json::parse(&text)) {
            hear(page, &news);
        }
    });
    js::set(&channel, "onmessage", heard.into_js_value());
    CHANNEL.set(Some(channel));
}

/// From now on what changes, in this tab or another, is noted, or no more.
pub fn listen(is_heard: bool) {
    IS_HEARD.set(is_heard);
    STALE.take();
}

/// Moves with each change that is noted. Not a function that is called: the compiler would see
/// which one it is, and bring it into this part.
pub fn told() -> Live<u32> {
    TOLD.with(|told| *told)
}

/// What was noted since the last time.
pub fn stale() -> Vec<Stale> {
    STALE.take()
}

/// Notes what has changed, for whoever shows what is kept here.
pub fn note(stale: Stale) {
    if IS_HEARD.get() {
        STALE.with_borrow_mut(|all| all.push(stale));
        told().update(|told| *told = told.wrapping_add(1));
    }
}

pub fn tell(news: &News) {
    amount::recount();
    note(match news {
        News::Kept(run) => Stale::Run(PromptId::clone(run)),
        News::Gone(rows) => Stale::Keys(rows.iter().map(|row| row.key.clone()).collect()),
        News::Touched(keys) => Stale::Keys(keys.to_vec()),
    });
    let said = match news {
        News::Kept(run) => json::object(vec![("kept", run.as_str().into())]),
        News::Gone(rows) => {
            let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
            json::object(vec![("gone", keys.into())])
        }
        News::Touched(keys) => {
            let keys: Vec<&str> = keys.iter().map(Key::as_str).collect();
            json::object(vec![("touched", keys.into())])
        }
    };
    send(&said);
}

/// Sends a message to all other tabs.
fn send(message: &Value) {
    CHANNEL.with_borrow(|channel| {
        if let Some(channel) = channel {
            js::call(channel, "postMessage", &[json::text(message).into()]);
        }
    });
}

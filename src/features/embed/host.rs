//! The site that shows the page in its frame. Invariant: what says anything goes to its exact
//! origin, which the configuration lists or is the page's own; what comes from another window or
//! origin is not looked at.

use leptos::ev::{self, MessageEvent};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::JsString;
use leptos::prelude::{window, window_event_listener};
use pilotlight_comfy::json;
use pilotlight_forms::embed;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use crate::js;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// Its origin; none while nobody is there to be spoken to.
    host: RefCell<Option<String>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Finds out who it is, and listens. The page would not be up if it were not to be spoken to.
pub fn begin(hear: impl Fn(Result<String, TooLong>) + 'static) {
    if !is_framed() {
        return;
    }
    let named = js::get(&around(), "0").as_string();
    if let Some(origin) = named.or_else(known).or_else(at_home) {
        state().host.replace(Some(origin));
    }
    window_event_listener(ev::message, move |event| {
        let from = origin_of(&event);
        if from.is_some() && from == known() {
            hear(data_of(&event));
        }
    });
}

pub fn is_framed() -> bool {
    !js::is_same(&parent(), &window())
}

/// Whether nothing is around the parent: then who the parent is says everything.
pub fn is_alone() -> bool {
    js::is_same(&parent(), &js::get(&window(), "top"))
}

/// The page's own site, where it is all around.
pub fn at_home() -> Option<String> {
    let own = || js::get(&js::get(&window(), "location"), "origin").as_string();
    crate::features::shell::offline::is_at_home().then(own).flatten()
}

fn known() -> Option<String> {
    state().host.borrow().clone()
}

/// The parent said who it is.
pub fn met(origin: String) {
    state().host.replace(Some(origin));
}

/// Says something, with the bytes of a file.
pub fn tell(message: &Value, bytes: Option<&Blob>) {
    let Some(origin) = known() else { return };
    let Some(said) = object(message) else { return };
    if let Some(bytes) = bytes {
        js::set(&said, "blob", JsValue::from(bytes));
    }
    js::call(&parent(), "postMessage", &[said, origin.into()]);
}

/// Asks the parent whether it is of this origin; a browser hands it over to no other.
pub fn call_on(origin: &str) {
    if let Some(said) = object(&embed::hello()) {
        js::call(&parent(), "postMessage", &[said, origin.into()]);
    }
}

/// The origin of a message, if the parent sent it.
pub fn origin_of(event: &MessageEvent) -> Option<String> {
    let is_parents = js::is_same(&js::get(event, "source"), &parent());
    is_parents.then(|| event.origin())
}

/// What a message holds, as JSON; nothing where it cannot be written so. A message that is too long
/// is not written to its end: a list of a length alone, or the bytes of a film, would take minutes
/// and gigabytes.
pub fn data_of(event: &MessageEvent) -> Result<String, TooLong> {
    let data = event.data();
    let left = Rc::new(Cell::new(embed::MAX_MESSAGE_BYTES));
    let counted = left.clone();
    let count: Box<dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>> =
        Box::new(move |_name, value| {
            let length = value.dyn_ref::<JsString>().map_or(0, |text| text.length() as usize);
            let rest = counted.get().checked_sub(MEMBER_BYTES + length);
            counted.set(rest.unwrap_or(0));
            match rest {
                Some(_) if is_bytes(&value) => Ok(JsValue::UNDEFINED),
                Some(_) => Ok(value),
                None => Err(JsValue::NULL),
            }
        });
    let count = Closure::wrap(count);
    let replacer = count.as_ref().clone();
    let text = js::call(&json_of_browser(), "stringify", &[data, replacer]);
    if left.get() == 0 {
        return Err(TooLong);
    }
    Ok(text.and_then(|text| text.as_string()).unwrap_or_default())
}

/// Numbers in a buffer, each of which would be a member by itself.
fn is_bytes(value: &JsValue) -> bool {
    let class = js::get(&js_sys::global(), "ArrayBuffer");
    js::call(&class, "isView", std::slice::from_ref(value)).is_some_and(|it| it.is_truthy())
}

/// A message has more than `embed::MAX_MESSAGE_BYTES`.
pub struct TooLong;

/// What a member takes beside its texts.
const MEMBER_BYTES: usize = 16;

fn object(message: &Value) -> Option<JsValue> {
    js::call(&json_of_browser(), "parse", &[json::text(message).into()])
}

fn json_of_browser() -> JsValue {
    js::get(&js_sys::global(), "JSON")
}

fn parent() -> JsValue {
    js::get(&window(), "parent")
}

/// The origins of the sites around the page, the nearest first; not every browser names them.
fn around() -> JsValue {
    js::get(&js::get(&window(), "location"), "ancestorOrigins")
}

//! The site that shows the page in its frame. Invariant: messages with content go to its exact
//! origin, which is listed in the configuration or is the page's own; messages of other windows or
//! origins are ignored.

use leptos::ev::{self, MessageEvent};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, JSON, JsString, Object};
use leptos::prelude::{window, window_event_listener};
use pilotlight_comfy::json;
use pilotlight_forms::embed;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DomStringList, Window};

use crate::features::shell::offline;

/// The state of this module.
#[derive(Default)]
struct State {
    /// The origin of the host; `None` if it is unknown or there is no host.
    host: RefCell<Option<String>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Determines the origin of the host, and listens to its messages. The page is shown in listed
/// hosts only, so the host may be answered.
pub fn begin(hear: impl Fn(Result<String, TooLong>) + 'static) {
    if !is_framed() {
        return;
    }
    if let Some(origin) = nearest_ancestor().or_else(known).or_else(at_home) {
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
    parent().as_ref() != Some(&window())
}

/// Returns whether the parent is the only ancestor.
pub fn is_alone() -> bool {
    parent() == window().top().ok().flatten()
}

/// Returns the page's own origin if all ancestors have it too.
pub fn at_home() -> Option<String> {
    let own = || window().location().origin().ok();
    offline::is_at_home().then(own).flatten()
}

fn known() -> Option<String> {
    state().host.borrow().clone()
}

/// Stores the origin of the parent, once the parent has answered.
pub fn met(origin: String) {
    state().host.replace(Some(origin));
}

/// Sends a message to the host, with the bytes of a file.
pub fn tell(message: &Value, bytes: Option<&Blob>) {
    let Some(origin) = known() else { return };
    let Some(message) = object(message) else { return };
    if let Some(bytes) = bytes {
        let bytes = Array::of1(&Array::of2(&"blob".into(), bytes));
        let Ok(bytes) = Object::from_entries(&bytes) else { return };
        Object::assign(message.unchecked_ref(), &bytes);
    }
    send(&message, &origin);
}

/// Asks the parent whether it has this origin: the browser delivers the message to no other.
pub fn call_on(origin: &str) {
    if let Some(message) = object(&embed::hello()) {
        send(&message, origin);
    }
}

fn send(message: &JsValue, origin: &str) {
    if let Some(parent) = parent() {
        let _sent = parent.post_message(message, origin);
    }
}

/// Returns the origin of a message if the parent sent it.
pub fn origin_of(event: &MessageEvent) -> Option<String> {
    let is_parents = event.source() == parent().map(Into::into);
    is_parents.then(|| event.origin())
}

/// Returns a message as JSON; empty if JSON cannot represent it.
///
/// # Errors
/// The message is too long. It is not written to its end: an array that only has a length, or the
/// bytes of a video, would take minutes and gigabytes.
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
                // Each number of a typed array would become a member.
                Some(_) if ArrayBuffer::is_view(&value) => Ok(JsValue::UNDEFINED),
                Some(_) => Ok(value),
                None => Err(JsValue::NULL),
            }
        });
    let count = Closure::wrap(count);
    let replacer = count.as_ref().clone();
    let text = JSON::stringify_with_replacer(&data, &replacer);
    if left.get() == 0 {
        return Err(TooLong);
    }
    // `undefined` has no JSON: then the result is no string, whatever its type says.
    Ok(text.ok().and_then(|text| text.as_string()).unwrap_or_default())
}

/// A message is longer than `embed::MAX_MESSAGE_BYTES`.
pub struct TooLong;

/// What a member counts in addition to its text.
const MEMBER_BYTES: usize = 16;

fn object(message: &Value) -> Option<JsValue> {
    JSON::parse(&json::text(message)).ok()
}

fn parent() -> Option<Window> {
    window().parent().ok().flatten()
}

#[wasm_bindgen]
extern "C" {
    /// A location with the property that `web_sys` lacks.
    #[wasm_bindgen(extends = web_sys::Location)]
    type Location;

    /// The origins of the frames around the page, the nearest first; not every browser has them.
    #[wasm_bindgen(method, getter, js_name = ancestorOrigins)]
    fn ancestor_origins(this: &Location) -> Option<DomStringList>;
}

fn nearest_ancestor() -> Option<String> {
    window().location().unchecked_ref::<Location>().ancestor_origins()?.get(0)
}

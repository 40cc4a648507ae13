//! The positions of a pointer over an element.

use js_sys::Array;
use leptos::ev::PointerEvent;
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// A pointer event with its exact position: the methods of `web_sys` truncate it to pixels.
    #[wasm_bindgen(extends = PointerEvent)]
    type ExactPointerEvent;

    #[wasm_bindgen(method, getter, js_name = clientX)]
    fn client_x(this: &ExactPointerEvent) -> f64;

    #[wasm_bindgen(method, getter, js_name = clientY)]
    fn client_y(this: &ExactPointerEvent) -> f64;

    /// Fails in browsers without this method.
    #[wasm_bindgen(method, catch, js_name = getCoalescedEvents)]
    fn coalesced_events(this: &ExactPointerEvent) -> Result<Array, JsValue>;
}

/// Returns the positions of the pointer since the last event, as fractions of the width and height
/// of the element that listens.
pub fn path(event: &PointerEvent) -> Vec<(f64, f64)> {
    let Some(element) = listener(event) else { return Vec::new() };
    let bounds = element.get_bounding_client_rect();
    let (left, top, width, height) = (bounds.x(), bounds.y(), bounds.width(), bounds.height());
    let position = |event: &JsValue| {
        let event = event.unchecked_ref::<ExactPointerEvent>();
        ((event.client_x() - left) / width, (event.client_y() - top) / height)
    };
    // Browsers combine several moves into one event; some list none although there was one.
    let combined = combined(event);
    if combined.len() > 1 { combined.iter().map(position).collect() } else { vec![position(event)] }
}

/// Returns the events that the browser combined into this one. Some browsers have no such list, and
/// others none on plain http.
fn combined(event: &PointerEvent) -> Vec<JsValue> {
    let event = event.unchecked_ref::<ExactPointerEvent>();
    event.coalesced_events().map(|events| events.to_vec()).unwrap_or_default()
}

/// Sends the events of this pointer to the element that listens, wherever the pointer goes.
pub fn capture(event: &PointerEvent) {
    if let Some(element) = listener(event) {
        let _captured = element.set_pointer_capture(event.pointer_id());
    }
}

fn listener(event: &PointerEvent) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

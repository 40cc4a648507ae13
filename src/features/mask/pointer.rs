//! Where a pointer goes over an element.

use leptos::ev::PointerEvent;
use wasm_bindgen::JsValue;

use crate::js;

/// Returns where the pointer has been since the last event, as shares of width and height of the
/// element that listens.
pub fn path(event: &PointerEvent) -> Vec<(f64, f64)> {
    let Some(element) = event.current_target() else { return Vec::new() };
    let Some(bounds) = js::call(&element, "getBoundingClientRect", &[]) else { return Vec::new() };
    let number = |of: &JsValue, name: &str| js::get(of, name).as_f64().unwrap_or(0.0);
    let place = |event: &JsValue| {
        let x = (number(event, "clientX") - number(&bounds, "x")) / number(&bounds, "width");
        let y = (number(event, "clientY") - number(&bounds, "y")) / number(&bounds, "height");
        (x, y)
    };
    // Browsers report several moves at once; some report none where there was one.
    let several = js::call(event, "getCoalescedEvents", &[]);
    let count = several.as_ref().map_or(0.0, |list| number(list, "length")) as u32;
    match several {
        Some(list) if count > 1 => {
            (0..count).map(|at| place(&js::get(&list, &at.to_string()))).collect()
        }
        Some(_) | None => vec![place(event)],
    }
}

/// Lets the element receive the events of this pointer wherever it goes.
pub fn capture(event: &PointerEvent) {
    if let Some(element) = event.current_target() {
        js::call(&element, "setPointerCapture", &[js::get(event, "pointerId")]);
    }
}

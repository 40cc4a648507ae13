//! An event that an element heard, as far as views care.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, Event, KeyboardEvent};

use crate::browser;
use crate::browser::Picked;
use crate::dom::El;
use crate::js;

/// The kind of what is dragged that no other page knows.
const RESULT: &str = "pilotlight/result";

/// Controls into which a browser puts a text that is dropped or pasted.
const TAKES_TEXT: &str = "textarea:read-write, input:read-write";

pub struct Heard(Event);

impl Heard {
    pub fn new(event: Event) -> Self {
        Self(event)
    }

    /// For what only one kind of event carries.
    pub fn js(&self) -> &JsValue {
        &self.0
    }

    /// The browser does nothing of its own about it.
    pub fn prevent(&self) {
        self.0.prevent_default();
    }

    /// Nobody further out hears it.
    pub fn stop(&self) {
        self.0.stop_propagation();
    }

    pub fn target(&self) -> Option<El> {
        self.0.target()?.dyn_into::<Element>().ok().map(El)
    }

    /// The name of the key, empty where there is none.
    pub fn key(&self) -> String {
        self.0.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default()
    }

    /// Whether an input method is still composing: then no key means what it says. Some browsers
    /// end the composition before they tell of the key, and give it the code 229.
    pub fn is_composing(&self) -> bool {
        let key = self.0.dyn_ref::<KeyboardEvent>();
        key.is_some_and(|key| key.is_composing() || key.key_code() == 229)
    }

    /// Whether a property of the event is true, such as `ctrlKey`.
    pub fn is(&self, name: &str) -> bool {
        js::get(&self.0, name).is_truthy()
    }

    /// A number that the event carries, such as `button`.
    pub fn number(&self, name: &str) -> f64 {
        js::get(&self.0, name).as_f64().unwrap_or(0.0)
    }

    /// Where the pointer has been since the last event, as shares of width and height of the
    /// element that hears it.
    pub fn path(&self) -> Vec<(f64, f64)> {
        let Some(element) = self.0.current_target() else { return Vec::new() };
        let Some(bounds) = call(&element, "getBoundingClientRect", &JsValue::UNDEFINED) else {
            return Vec::new();
        };
        let number = |of: &JsValue, name: &str| js::get(of, name).as_f64().unwrap_or(0.0);
        let place = |event: &JsValue| {
            let x = (number(event, "clientX") - number(&bounds, "x")) / number(&bounds, "width");
            let y = (number(event, "clientY") - number(&bounds, "y")) / number(&bounds, "height");
            (x, y)
        };
        // Browsers tell of several moves at once; some give none where there was one.
        let several = call(&self.0, "getCoalescedEvents", &JsValue::UNDEFINED);
        let count = several.as_ref().map_or(0.0, |list| number(list, "length")) as u32;
        match several {
            Some(list) if count > 1 => {
                (0..count).map(|at| place(&js::get(&list, &at.to_string()))).collect()
            }
            Some(_) | None => vec![place(&self.0)],
        }
    }

    /// The element goes on to hear of this pointer wherever it goes.
    pub fn capture(&self) {
        if let Some(element) = self.0.current_target() {
            call(&element, "setPointerCapture", &js::get(&self.0, "pointerId"));
        }
    }

    /// Whether files are being dragged, or a result of this page, not text.
    pub fn carries_files(&self) -> bool {
        self.carries("Files") || self.carries_result()
    }

    /// Whether a result of this page is being dragged.
    pub fn carries_result(&self) -> bool {
        self.carries(RESULT)
    }

    fn carries(&self, kind: &str) -> bool {
        self.dragged().is_some_and(|data| data.types().includes(&kind.into(), 0))
    }

    /// A result is dragged from here: elsewhere the browser may save it as a file, from this
    /// address.
    pub fn carry_result(&self, kind: &str, name: &str, url: &str) {
        let Some(data) = self.dragged() else { return };
        let file = [kind, ":", name, ":", url].concat();
        let _set = (data.set_data(RESULT, name), data.set_data("DownloadURL", &file));
    }

    pub fn dropped(&self) -> Vec<Picked> {
        self.dragged().map(|data| browser::picked(data.files())).unwrap_or_default()
    }

    /// The files that were pasted. A table from an office program is text with its picture beside
    /// it: then the text is meant.
    pub fn pasted(&self) -> Vec<Picked> {
        let data = self.0.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let Some(data) = data else { return Vec::new() };
        let has_text = data.get_data("text/plain").is_ok_and(|text| !text.is_empty());
        if has_text { Vec::new() } else { browser::picked(data.files()) }
    }

    /// Whether it happened to a control that takes texts by itself. A choice or a switch takes none:
    /// a link that is dropped there would make the browser leave the page.
    pub fn is_in_control(&self) -> bool {
        let element = self.0.target().and_then(|target| target.dyn_into::<Element>().ok());
        element.is_some_and(|it| it.matches(TAKES_TEXT).unwrap_or(true))
    }

    /// Whether it happened inside of a dialog.
    pub fn is_in_dialog(&self) -> bool {
        let element = self.0.target().and_then(|target| target.dyn_into::<Element>().ok());
        element.is_some_and(|it| it.closest("dialog").is_ok_and(|dialog| dialog.is_some()))
    }

    /// A text, or the address of a link, that was pasted or dropped and is not meant for a control.
    pub fn given_text(&self) -> Option<String> {
        if self.is_in_control() {
            return None;
        }
        let pasted = self.0.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        pasted.or_else(|| self.dragged())?.get_data("text/plain").ok()
    }

    fn dragged(&self) -> Option<DataTransfer> {
        self.0.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer)
    }
}

fn call(of: &JsValue, method: &str, arg: &JsValue) -> Option<JsValue> {
    js::get(of, method).dyn_into::<Function>().ok()?.call1(of, arg).ok()
}

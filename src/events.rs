//! Keyboard, drag and clipboard events: helpers for views and actions.

use wasm_bindgen::JsCast;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, HtmlImageElement, HtmlInputElement,
    KeyboardEvent,
};

use crate::browser::{self, Picked};

/// The type of dragged data that marks a result of this page.
const RESULT: &str = "pilotlight/result";

/// Controls into which the browser inserts dropped or pasted text.
const TEXT_CONTROLS: &str = "textarea:read-write, input:read-write";

/// Returns whether an input method is composing, so that keys have no other meaning. Some browsers
/// end the composition before they report the key, and give it the code 229.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Returns whether Ctrl or Command is held.
pub fn has_command_key(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key()
}

/// Returns whether files or a result of this page are dragged.
pub fn carries_files(event: &DragEvent) -> bool {
    carries(event, "Files") || carries_result(event)
}

/// Returns whether a result of this page is dragged.
pub fn carries_result(event: &DragEvent) -> bool {
    carries(event, RESULT)
}

fn carries(event: &DragEvent, kind: &str) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&kind.into(), 0))
}

/// Marks the dragged data as a result. Outside of the page, the browser may save the file at this
/// URL.
pub fn carry_result(event: &DragEvent, kind: &str, name: &str, url: &str) {
    let Some(data) = event.data_transfer() else { return };
    let file = [kind, ":", name, ":", url].concat();
    let _set = (data.set_data(RESULT, name), data.set_data("DownloadURL", &file));
}

/// Returns the dropped files.
pub fn dropped_files(event: &DragEvent) -> Vec<Picked> {
    event.data_transfer().map(|data| browser::picked(data.files())).unwrap_or_default()
}

/// Returns the pasted files. None if there is also text: office programs copy a table as text
/// and image, and the text is wanted.
pub fn pasted_files(event: &ClipboardEvent) -> Vec<Picked> {
    let Some(data) = event.clipboard_data() else { return Vec::new() };
    let has_text = data.get_data("text/plain").is_ok_and(|text| !text.is_empty());
    if has_text { Vec::new() } else { browser::picked(data.files()) }
}

/// Returns a text or link that was pasted or dropped outside of a text control.
pub fn given_text(event: &Event, data: Option<DataTransfer>) -> Option<String> {
    if is_in_control(event) {
        return None;
    }
    data?.get_data("text/plain").ok()
}

/// Returns whether the event happened in a control that accepts text. Selects and switches do not:
/// if a link were dropped on one, the browser would leave the page.
pub fn is_in_control(event: &Event) -> bool {
    target(event).is_some_and(|element| element.matches(TEXT_CONTROLS).unwrap_or(true))
}

/// Returns whether the event happened in a dialog.
pub fn is_in_dialog(event: &Event) -> bool {
    target(event)
        .is_some_and(|element| element.closest("dialog").is_ok_and(|dialog| dialog.is_some()))
}

/// Returns the target of the event.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Returns the files of a file input, and empties it so that the same file can be chosen again.
pub fn take_files(input: &HtmlInputElement) -> Vec<Picked> {
    let files = browser::picked(input.files());
    input.set_value("");
    files
}

/// Returns width and height of a loaded image, such as `640 × 480`.
pub fn image_size(image: &HtmlImageElement) -> String {
    format!("{} × {}", image.natural_width(), image.natural_height())
}

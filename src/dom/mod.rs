//! Elements and events of the browser, as far as views and actions need them.

mod follow;
mod heard;
mod mount;

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, HtmlImageElement, HtmlInputElement};

use crate::browser;
use crate::browser::Picked;
use crate::js;

pub use crate::dom::follow::follow;
pub use crate::dom::heard::Heard;
pub use crate::dom::mount::{Mounted, mount_to_body};

/// An element under construction, and then a handle to it.
#[derive(Clone)]
pub struct El(Element);

/// An element of this tag and class; no class when it is empty.
pub fn el(tag: &str, class: &str) -> El {
    let element = match document().create_element(tag) {
        Ok(element) => El(element),
        // Only a name that is none is refused.
        Err(error) => wasm_bindgen::throw_val(error),
    };
    if class.is_empty() { element } else { element.set("class", class) }
}

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    worn: RefCell<Vec<*const u8>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// A style that comes with the part it is for, and stays. Made as an object: a strict policy takes
/// no style that is put in as an element.
pub fn wear(style: &'static str) {
    let mut worn = state().worn.borrow_mut();
    if worn.contains(&style.as_ptr()) {
        return;
    }
    worn.push(style.as_ptr());
    if let Some(sheet) = js::make("CSSStyleSheet", &[]) {
        js::call(&sheet, "replaceSync", &[style.into()]);
        js::call(&js::get(&document(), "adoptedStyleSheets"), "push", &[sheet]);
    }
}

/// An element that is there already.
impl El {
    pub fn of(element: impl Into<Element>) -> Self {
        Self(element.into())
    }
}

/// Hears an event wherever on the page it happens, as long as the page lives.
pub fn everywhere(event: &str, act: impl Fn(Heard) + 'static) {
    hear(&window(), event, Box::new(act));
}

impl El {
    /// For what is drawn on it.
    pub fn js(&self) -> &JsValue {
        &self.0
    }

    /// An attribute that stays.
    pub fn set(self, name: &str, value: &str) -> Self {
        let _set = self.0.set_attribute(name, value);
        self
    }

    /// Whether a property is true.
    pub fn is(&self, name: &str) -> bool {
        js::get(&self.0, name).is_truthy()
    }

    /// A number that it has, such as `scrollTop`; whole.
    pub fn number(&self, name: &str) -> u32 {
        js::get(&self.0, name).as_f64().unwrap_or(0.0) as u32
    }

    pub fn set_number(&self, name: &str, number: u32) {
        js::set(&self.0, name, number);
    }

    /// Width and height of a picture that is loaded, as people write them.
    pub fn picture_size(&self) -> String {
        let Some(image) = self.0.dyn_ref::<HtmlImageElement>() else { return String::new() };
        format!("{} × {}", image.natural_width(), image.natural_height())
    }

    /// The files of a file input, which is emptied so that the same one can be chosen again.
    pub fn take_files(&self) -> Vec<Picked> {
        let Some(input) = self.0.dyn_ref::<HtmlInputElement>() else { return Vec::new() };
        let files = browser::picked(input.files());
        input.set_value("");
        files
    }
}

fn hear(target: &EventTarget, event: &str, act: Box<dyn Fn(Heard)>) {
    let act: Box<dyn FnMut(Event)> = Box::new(move |event| act(Heard::new(event)));
    // The browser lets go of it with the element.
    let act = Closure::wrap(act).into_js_value();
    let _heard = target.add_event_listener_with_callback(event, act.unchecked_ref());
}

//! Elements, built by hand on Leptos' owners and effects. Invariant: nothing here is compiled for
//! each view; a closure is boxed at the door.
//!
//! The `view!` macro makes a type of every element and compiles building, rebuilding and hydrating
//! for each: the module was 268 kB with it, packed. What it gives beyond this file is not used here.

mod follow;
mod heard;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, Event, EventTarget, HtmlElement, HtmlImageElement, HtmlInputElement, Node, Text,
};

use crate::browser::{self, Picked};
use crate::js;

pub use follow::follow;
pub use heard::Heard;

use follow::derived;

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

/// A symbol of the sprite in `index.html`; `href` is its place there, such as `#copy`.
pub fn drawing(class: &str, href: &str) -> El {
    svg("svg").set("class", class).set("aria-hidden", "true").put(svg("use").set("href", href))
}

/// Symbols beside those of `index.html`, for the parts that bring them: what each is called, and its
/// lines.
pub fn symbols(all: &[(&str, &str)]) -> El {
    let symbol = |(id, lines): &(&str, &str)| {
        let path = svg("path").set("d", lines);
        svg("symbol").set("id", id).set("viewBox", "0 0 16 16").put(path)
    };
    svg("svg").set("class", "sprite").put_all(all.iter().map(symbol))
}

fn svg(tag: &str) -> El {
    match document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag) {
        Ok(element) => El(element),
        // Only a name that is none is refused.
        Err(error) => wasm_bindgen::throw_val(error),
    }
}

/// Hears an event wherever on the page it happens, as long as the page lives.
pub fn everywhere(event: &str, act: impl Fn(Heard) + 'static) {
    hear(&window(), event, Box::new(act));
}

/// What an attribute can be computed to: a text, or a text that may be absent.
pub trait Said {
    fn said(self) -> Option<String>;
}

impl Said for String {
    fn said(self) -> Option<String> {
        Some(self)
    }
}

impl Said for Option<String> {
    fn said(self) -> Option<String> {
        self
    }
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

    /// An attribute that follows what it is computed from; absent while that is `None`.
    pub fn attr<S: Said>(self, name: &'static str, value: impl Fn() -> S + 'static) -> Self {
        self.attr_boxed(name, Box::new(move || value().said()))
    }

    fn attr_boxed(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let element = self.0.clone();
        follow(move || {
            let value = value();
            if element.get_attribute(name) != value {
                let _set = match value {
                    Some(value) => element.set_attribute(name, &value),
                    None => element.remove_attribute(name),
                };
            }
        });
        self
    }

    /// Text that stays.
    pub fn text(self, text: &str) -> Self {
        let _added = self.0.append_with_str_1(text);
        self
    }

    /// Text that follows.
    pub fn says(self, text: impl Fn() -> String + 'static) -> Self {
        self.says_boxed(Box::new(text))
    }

    fn says_boxed(self, text: Box<dyn Fn() -> String>) -> Self {
        if let Ok(node) = Text::new() {
            let _added = self.0.append_child(&node);
            follow(move || {
                let text = text();
                if node.data() != text {
                    node.set_data(&text);
                }
            });
        }
        self
    }

    /// The text in a control; written only when it is another, so that the caret stays.
    pub fn value(self, text: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        let text: Box<dyn Fn() -> String> = Box::new(text);
        follow(move || {
            let text = text();
            if js::get(&element, "value").as_string().as_ref() != Some(&text) {
                js::set(&element, "value", text.as_str());
            }
        });
        self
    }

    /// A property that is true or false, such as `checked`, `disabled` or `open`.
    pub fn flag(self, name: &'static str, is_on: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        let is_on: Box<dyn Fn() -> bool> = Box::new(is_on);
        follow(move || js::set(&element, name, is_on()));
        self
    }

    /// A style that follows; set as an object's property, which a strict policy allows.
    pub fn style(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        let Some(element) = self.0.dyn_ref::<HtmlElement>().cloned() else { return self };
        let value: Box<dyn Fn() -> Option<String>> = Box::new(value);
        follow(move || {
            let style = element.style();
            let _set = match value() {
                Some(value) => style.set_property(name, &value).is_ok(),
                None => style.remove_property(name).is_ok(),
            };
        });
        self
    }

    /// Components as children. They end with the view in which this is called.
    pub fn view(self, view: impl IntoView + 'static) -> Self {
        let mut built = view.into_any().build();
        built.mount(&self.0, None);
        StoredValue::new_local(built);
        self
    }

    pub fn put(self, child: El) -> Self {
        let _added = self.0.append_child(&child.0);
        self
    }

    pub fn put_all(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, Self::put)
    }

    /// A child element that is there while there is a text for it.
    pub fn line(
        self,
        tag: &'static str,
        class: &'static str,
        text: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        self.line_boxed(tag, class, Rc::new(text))
    }

    fn line_boxed(
        self,
        tag: &'static str,
        class: &'static str,
        text: Rc<dyn Fn() -> Option<String>>,
    ) -> Self {
        let asked = text.clone();
        let there = derived(move || asked().is_some());
        self.remade_boxed(Box::new(move || {
            let text = text.clone();
            let line = there.get().then(|| el(tag, class).says(move || text().unwrap_or_default()));
            line.into_iter().collect()
        }))
    }

    /// Children that are made anew whenever something changes that `make` read.
    pub fn remade<I: IntoIterator<Item = El>>(self, make: impl Fn() -> I + 'static) -> Self {
        self.remade_boxed(Box::new(move || make().into_iter().collect()))
    }

    fn remade_boxed(self, make: Box<dyn Fn() -> Vec<El>>) -> Self {
        let Some(place) = self.place() else { return self };
        let mut shown: Vec<El> = Vec::new();
        follow(move || {
            let next = make();
            for former in shown.drain(..) {
                former.0.remove();
            }
            if let Some(parent) = place.parent_node() {
                for child in &next {
                    let _added = parent.insert_before(&child.0, Some(&place));
                }
            }
            shown = next;
        });
        self
    }

    /// Children that are made anew when `key` is another; what `make` reads is not followed.
    pub fn keyed<I: IntoIterator<Item = El>>(
        self,
        key: impl Fn() -> usize + 'static,
        make: impl Fn(usize) -> I + 'static,
    ) -> Self {
        let key = derived(key);
        self.remade_boxed(Box::new(move || {
            let key = key.get();
            leptos::prelude::untrack(|| make(key).into_iter().collect())
        }))
    }

    /// Children that stay as long as their key is named, in the order of the keys.
    pub fn each(
        self,
        keys: impl Fn() -> Vec<u32> + 'static,
        make: impl Fn(u32) -> Option<El> + 'static,
    ) -> Self {
        self.each_boxed(Box::new(keys), Box::new(make))
    }

    fn each_boxed(
        self,
        keys: Box<dyn Fn() -> Vec<u32>>,
        make: Box<dyn Fn(u32) -> Option<El>>,
    ) -> Self {
        let Some(place) = self.place() else { return self };
        let outer = Owner::current().unwrap_or_default();
        let mut shown: Vec<(u32, El, Owner)> = Vec::new();
        follow(move || {
            let keys = keys();
            let Some(parent) = place.parent_node() else { return };
            let mut next = Vec::new();
            for key in keys {
                if let Some(at) = shown.iter().position(|(known, ..)| *known == key) {
                    next.push(shown.remove(at));
                } else {
                    let owner = outer.child();
                    let made = leptos::prelude::untrack(|| owner.with(|| make(key)));
                    next.extend(made.map(|made| (key, made, owner)));
                }
            }
            for (_, gone, owner) in shown.drain(..) {
                gone.0.remove();
                owner.cleanup();
            }
            in_order(&parent, &place, &next);
            shown = next;
        });
        self
    }

    /// Does something when this event reaches the element.
    pub fn on(self, event: &str, act: impl Fn(Heard) + 'static) -> Self {
        hear(&self.0, event, Box::new(act));
        self
    }

    /// Calls a method that takes nothing.
    pub fn call(&self, name: &str) {
        if let Ok(method) = js::get(&self.0, name).dyn_into::<js_sys::Function>() {
            let _called = method.call0(&self.0);
        }
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

    /// An empty text that holds the place of children that come and go.
    fn place(&self) -> Option<Text> {
        let place = Text::new().ok()?;
        self.0.append_child(&place).ok()?;
        Some(place)
    }
}

fn hear(target: &EventTarget, event: &str, act: Box<dyn Fn(Heard)>) {
    let act: Box<dyn FnMut(Event)> = Box::new(move |event| act(Heard::new(event)));
    // The browser lets go of it with the element.
    let act = Closure::wrap(act).into_js_value();
    let _heard = target.add_event_listener_with_callback(event, act.unchecked_ref());
}

/// Puts what is out of place into its place, and touches nothing else, so that the focus stays.
fn in_order(parent: &Node, place: &Node, children: &[(u32, El, Owner)]) {
    let mut after = place.clone();
    for (_, child, _) in children.iter().rev() {
        let node: &Node = &child.0;
        if node.next_sibling().as_ref() != Some(&after)
            || node.parent_node().as_ref() != Some(parent)
        {
            let _moved = parent.insert_before(node, Some(&after));
        }
        after = node.clone();
    }
}

//! What the browser offers, by name. Invariant: nothing here is imported by itself: each import would
//! stand in the script of the first part, which everybody fetches.

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

pub fn set(of: &JsValue, name: &str, value: impl Into<JsValue>) {
    let _set = Reflect::set(of, &name.into(), &value.into());
}

/// An object with these members.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new().into();
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

/// `None` when there is no such method, or it throws.
pub fn call(of: &JsValue, method: &str, args: &[JsValue]) -> Option<JsValue> {
    let method: Function = get(of, method).dyn_into().ok()?;
    let apply: Function = get(&method, "apply").dyn_into().ok()?;
    apply.call2(&method, of, &row(args)).ok()
}

/// `new CLASS(…)`; `None` where the browser has none.
pub fn make(class: &str, args: &[JsValue]) -> Option<JsValue> {
    let reflect = get(&js_sys::global(), "Reflect");
    call(&reflect, "construct", &[get(&js_sys::global(), class), row(args)])
}

/// What a promise brings.
pub async fn wait(promise: JsValue) -> Option<JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}

/// Waits for one of two events of an object, each the name of a property such as `onload`.
///
/// # Errors
/// The event, where it was the second.
pub async fn settled(of: &JsValue, then: &str, otherwise: &str) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        set(of, then, resolve);
        set(of, otherwise, reject);
    });
    JsFuture::from(promise).await.map(drop)
}

pub fn list(items: &[JsValue]) -> JsValue {
    let array = get(&js_sys::global(), "Array");
    call(&array, "from", &[row(items)]).unwrap_or_default()
}

/// Whether two are one and the same.
pub fn is_same(one: &JsValue, other: &JsValue) -> bool {
    let one = list(std::slice::from_ref(one));
    call(&one, "includes", std::slice::from_ref(other)).is_some_and(|is_same| is_same.is_truthy())
}

/// What counts as a list where one is only read.
fn row(items: &[JsValue]) -> JsValue {
    let row = object([("length", (items.len() as u32).into())]);
    for (at, item) in items.iter().enumerate() {
        set(&row, &(at as u64).to_string(), item);
    }
    row
}

pub fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

pub fn whole(value: &JsValue) -> u32 {
    value.as_f64().unwrap_or(0.0) as u32
}

pub fn document() -> JsValue {
    get(&js_sys::global(), "document")
}

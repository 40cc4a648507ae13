//! How much room this browser gives the page, as far as it says.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

use crate::js;

/// In bytes. Chromium says ten gigabytes whatever is left: whether something fits shows when it is
/// written.
pub async fn left() -> Option<u64> {
    let estimate = js::wait(js::call(&storage(), "estimate", &[])?).await?;
    let number = |name: &str| js::get(&estimate, name).as_f64();
    Some((number("quota")? - number("usage")?).max(0.0) as u64)
}

/// Asks that what is kept here is not thrown away when the disk gets full.
pub async fn ask_to_persist() {
    if let Some(asked) = js::call(&storage(), "persist", &[]) {
        let _granted = js::wait(asked).await;
    }
}

/// Absent outside of secure contexts.
fn storage() -> JsValue {
    js::get(&window().navigator(), "storage")
}

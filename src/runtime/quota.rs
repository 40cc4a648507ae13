//! The storage quota of the page.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

/// Returns the free storage in bytes. Chromium always reports a quota of ten gigabytes: whether
/// something fits is only known once it is written.
pub async fn left() -> Option<u64> {
    let estimate = JsFuture::from(storage()?.estimate().ok()?).await.ok()?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    Some((estimate.get_quota()? - estimate.get_usage()?).max(0.0) as u64)
}

/// Asks the browser not to delete the stored data when the disk gets full.
pub async fn ask_to_persist() {
    if let Some(Ok(asked)) = storage().map(|storage| storage.persist()) {
        let _granted = JsFuture::from(asked).await;
    }
}

/// Returns `None` outside of secure contexts.
fn storage() -> Option<StorageManager> {
    let storage = window().navigator().storage();
    storage.is_object().then_some(storage)
}

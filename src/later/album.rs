//! Pictures that people put into forms, kept through a reload. Invariant: a picture is let go of only
//! when no form, no run and no result names it, in whatever tab of this browser.

use js_sys::Array;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, Request, Response};

use super::database;
use crate::{browser, pictures};

/// Where versions of the page before the database's second kept them.
const FORMER: &str = "pilotlight-pictures";
const SHOWN: &str = "shown-";

/// Keeps a picture that this page holds. `false` where the browser does not.
pub async fn keep(hash: &str) -> bool {
    let Some(blob) = pictures::blob_of(hash) else { return false };
    database::put_picture(hash, &blob).await.is_ok()
}

/// Keeps what is to be seen of it, too; without that it is seen as it is.
pub async fn keep_shown(hash: &str, shown: &Blob) {
    let _kept = database::put_picture(&[SHOWN, hash].concat(), shown).await;
}

/// Brings back the pictures that are still wanted.
pub async fn bring_back(wanted: &[String]) {
    bring_over().await;
    for hash in wanted.iter().filter(|hash| pictures::blob_of(hash).is_none()) {
        let Ok(Some(blob)) = database::picture(hash).await else { continue };
        let Some(url) = browser::object_url(&blob) else { continue };
        pictures::hold(hash, blob, url);
        if let Ok(Some(shown)) = database::picture(&[SHOWN, hash].concat()).await
            && let Some(url) = browser::object_url(&shown)
        {
            pictures::show_as(hash, url);
        }
    }
}

/// The hash in the name that a picture has in the database.
pub fn hash_of(name: &str) -> &str {
    name.strip_prefix(SHOWN).unwrap_or(name)
}

/// Puts what an earlier version of the page kept into the database. It goes from there only once
/// all of it is here.
async fn bring_over() {
    let Some(former) = former().await else { return };
    let Ok(keys) = JsFuture::from(former.keys()).await else { return };
    let mut all_here = true;
    for request in Array::from(&keys).iter().filter_map(|key| key.dyn_into::<Request>().ok()) {
        let url = request.url();
        let Some((_, name)) = url.rsplit_once('/') else { continue };
        all_here &= match body(&former, &request).await {
            Some(blob) => database::put_picture(name, &blob).await.is_ok(),
            None => false,
        };
    }
    if all_here && let Some(caches) = caches() {
        let _gone = JsFuture::from(caches.delete(FORMER)).await;
    }
}

async fn body(former: &Cache, request: &Request) -> Option<Blob> {
    let found = JsFuture::from(former.match_with_request(request)).await.ok()?;
    let response = found.dyn_into::<Response>().ok()?;
    JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()
}

async fn former() -> Option<Cache> {
    let caches = caches()?;
    let there = JsFuture::from(caches.has(FORMER)).await.ok()?;
    if !there.is_truthy() {
        return None;
    }
    JsFuture::from(caches.open(FORMER)).await.ok()?.dyn_into().ok()
}

/// Absent outside of secure contexts, and in frames that may not store.
fn caches() -> Option<CacheStorage> {
    let caches = js_sys::Reflect::get(&window(), &JsValue::from_str("caches")).ok()?;
    caches.is_object().then(|| caches.unchecked_into())
}

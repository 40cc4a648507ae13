//! Stores input images, so that they survive a reload. Invariant: an image is deleted only when no
//! form, run or result of any tab refers to it.

use js_sys::Array;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Request, Response};

use crate::runtime::database;
use crate::{blobs, browser, pictures};

/// The cache in which versions of the page before database version 2 stored input images.
const FORMER: &str = "pilotlight-pictures";
const SHOWN: &str = "shown-";

/// Stores an image of this page. Returns `false` if the browser refuses.
pub async fn keep(hash: &str) -> bool {
    let Some(blob) = pictures::blob_of(hash) else { return false };
    if matches!(database::picture(hash).await, Ok(Some(_))) {
        return true;
    }
    database::put_picture(hash, &blob).await.is_ok()
}

/// Stores the preview of an image with a mask; without it, the image itself is displayed.
pub async fn keep_shown(hash: &str, shown: &Blob) {
    let _kept = database::put_picture(&[SHOWN, hash].concat(), shown).await;
}

/// Loads the images with these hashes, unless they are already loaded.
pub async fn load(wanted: &[String]) {
    migrate().await;
    for hash in wanted.iter().filter(|hash| pictures::blob_of(hash).is_none()) {
        let Some(blob) = copy_of(hash).await else { continue };
        let Some(url) = browser::object_url(&blob) else { continue };
        pictures::hold(hash, blob, url);
        if let Some(shown) = copy_of(&[SHOWN, hash].concat()).await
            && let Some(url) = browser::object_url(&shown)
        {
            pictures::show_as(hash, url);
        }
    }
}

/// Returns an image in memory, so that it stays if another tab deletes it.
async fn copy_of(name: &str) -> Option<Blob> {
    blobs::copied(&database::picture(name).await.ok().flatten()?).await
}

/// Returns the hash in an image's database key.
pub fn hash_of(name: &str) -> &str {
    name.strip_prefix(SHOWN).unwrap_or(name)
}

/// Moves images from the cache of earlier versions into the database. The cache is deleted only
/// once all of them are stored.
async fn migrate() -> Option<()> {
    // Not available outside of secure contexts, and in frames that may not store.
    let caches = window().caches().ok().filter(|caches| caches.is_object())?;
    let there = JsFuture::from(caches.has(FORMER)).await.ok()?;
    if !there.is_truthy() {
        return None;
    }
    let former: Cache = JsFuture::from(caches.open(FORMER)).await.ok()?.unchecked_into();
    let keys: Array = JsFuture::from(former.keys()).await.ok()?.unchecked_into();
    let mut all_here = true;
    for request in keys.iter().map(Request::from) {
        let url = request.url();
        let (_, name) = url.rsplit_once('/')?;
        all_here &= match body(&former, &request).await {
            Some(blob) => database::put_picture(name, &blob).await.is_ok(),
            None => false,
        };
    }
    if all_here {
        JsFuture::from(caches.delete(FORMER)).await.ok()?;
    }
    Some(())
}

async fn body(former: &Cache, request: &Request) -> Option<Blob> {
    let response = JsFuture::from(former.match_with_request(request)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()
}

//! Images, videos and sounds of forms, by the hash of their bytes, with the URLs that show them.
//! `runtime::input_images` stores them. Invariant: an image that cannot be decoded is not
//! taken, nor one that would run scripts when opened in a tab, such as SVG.

use pilotlight_forms::form::PictureRef;
use web_sys::Blob;

use crate::app::Complaint;
use crate::browser::Picked;
use crate::{blobs, browser};
use leptos::prelude::*;

/// The largest accepted file. ComfyUI accepts bodies of 100 MiB by default.
const LIMIT_MB: u64 = 100;

/// The state of this module.
#[derive(Default)]
struct State {
    held: RwSignal<Vec<Held>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

struct Held {
    hash: String,
    blob: Blob,
    /// The object URL that shows it.
    url: String,
}

/// Returns the object URL that shows an image; tracks the list of images.
pub fn url_of(hash: &str) -> Option<String> {
    held().with(|all| all.iter().find(|held| held.hash == hash).map(|held| held.url.clone()))
}

pub fn blob_of(hash: &str) -> Option<Blob> {
    held().with_untracked(|all| {
        all.iter().find(|held| held.hash == hash).map(|held| held.blob.clone())
    })
}

fn held() -> RwSignal<Vec<Held>> {
    state().held
}

/// Takes a file of the user. Videos and sounds are not checked: only the server can read them.
pub async fn take(picked: &Picked, is_picture: bool) -> Result<PictureRef, Complaint> {
    // By the type that the browser reports.
    if is_picture && !picked.is_picture() {
        return Err(Complaint::NotAPicture(picked.name()));
    }
    take_any(&picked.0, &picked.name(), is_picture).await
}

/// Takes a copy of a result's image, which stays when the result is deleted.
pub async fn take_result(blob: &Blob, name: &str) -> Result<PictureRef, Complaint> {
    match blobs::copied(blob).await {
        Some(copy) => take_any(&copy, name, true).await,
        None => Err(Complaint::Unreadable(name.to_owned())),
    }
}

/// Takes an image with a mask; `shown` is displayed instead, since masked pixels are transparent.
pub async fn take_painted(blob: &Blob, shown: &Blob, name: &str) -> Result<PictureRef, Complaint> {
    let picture = take_any(blob, name, false).await?;
    if let Some(url) = browser::object_url(shown) {
        show_as(&picture.hash, url);
    }
    Ok(picture)
}

async fn take_any(blob: &Blob, name: &str, is_picture: bool) -> Result<PictureRef, Complaint> {
    if blob.size() > (LIMIT_MB * 1_000_000) as f64 {
        return Err(Complaint::TooLarge { limit_mb: LIMIT_MB });
    }
    let unreadable = || Complaint::Unreadable(name.to_owned());
    if is_picture && browser::is_too_large(blob).await {
        return Err(Complaint::TooManyPixels);
    }
    let hash = hash(&blobs::bytes(blob).await.ok_or_else(unreadable)?);
    let url = browser::object_url(blob).ok_or_else(unreadable)?;
    if is_picture && !browser::can_draw(&url).await {
        browser::release_url(&url);
        return Err(unreadable());
    }
    hold(&hash, blob.clone(), url);
    Ok(PictureRef { name: name.to_owned(), size_bytes: blob.size() as u64, hash })
}

/// Adds a stored image; `url` shows it.
pub fn hold(hash: &str, blob: Blob, url: String) {
    if blob_of(hash).is_some() {
        return browser::release_url(&url);
    }
    held().update(|all| all.push(Held { hash: hash.to_owned(), blob, url }));
}

/// Replaces the URL that shows an image.
pub fn show_as(hash: &str, url: String) {
    held().update(|all| {
        if let Some(held) = all.iter_mut().find(|held| held.hash == hash) {
            held.url = url;
        }
    });
}

/// Returns a 128-bit FNV-1a hash as hex. It identifies images; it is not cryptographic.
pub fn hash(bytes: &[u8]) -> String {
    const PRIME: u64 = 0x0100_0000_01b3;
    let (mut one, mut two) = (0xcbf2_9ce4_8422_2325_u64, 0x6c62_272e_07bb_0142_u64);
    for byte in bytes {
        one = (one ^ u64::from(*byte)).wrapping_mul(PRIME);
        two = (two ^ u64::from(*byte).rotate_left(17)).wrapping_mul(PRIME).rotate_left(1);
    }
    format!("{one:016x}{two:016x}")
}

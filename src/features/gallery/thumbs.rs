//! Small pictures of results, made once and kept. Invariant: they are made for what is seen only,
//! two at a time, and no more than `MOST` addresses are held.

use crate::features::gallery::listing::listing;
use crate::features::gallery::state::{bytes_of, turn};
use std::cell::{Cell, RefCell};

use pilotlight_comfy::sighting::Media;
use pilotlight_runs::kept::{Piece, Row};
use wasm_bindgen::JsCast;
use web_sys::Blob;

use crate::app::Page;
use crate::browser;
use crate::js;
use crate::runtime::database;
use crate::runtime::task;
use leptos::prelude::*;

/// The longer side, in pixels.
const SIDE: f64 = 320.0;
const AT_ONCE: u32 = 2;
/// Two screens full of them.
const MOST: usize = 120;
const QUALITY: f64 = 0.8;

struct Thumb {
    /// Its number in the listing.
    number: u32,
    /// `None` while it is made, and where the browser cannot draw it.
    url: Option<String>,
}

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// In the order in which they were asked for.
    thumbs: RefCell<Vec<Thumb>>,
    /// What is seen.
    wanted: RefCell<Vec<u32>>,
    workers: Cell<u32>,
    /// Told of each that came.
    came: RwSignal<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// The address of a small picture, once it is there; follows.
pub fn thumb(number: u32) -> Option<String> {
    state().came.get();
    state().thumbs.borrow().iter().find(|one| one.number == number)?.url.clone()
}

/// These are seen now: theirs are made, and of the others the oldest go where there are too many.
pub fn want(page: Page, numbers: Vec<u32>) {
    let mut thumbs = state().thumbs.borrow_mut();
    let mut surplus = thumbs.len().saturating_sub(MOST.saturating_sub(numbers.len()));
    thumbs.retain(|one| {
        let goes = surplus > 0 && !numbers.contains(&one.number);
        if goes {
            surplus -= 1;
            one.url.iter().for_each(|url| browser::release_url(url));
        }
        !goes
    });
    drop(thumbs);
    state().wanted.replace(numbers);
    while state().workers.get() < AT_ONCE {
        state().workers.set(state().workers.get() + 1);
        task::spawn(async move {
            while let Some((number, row)) = next() {
                make(page, number, &row).await;
            }
            state().workers.set(state().workers.get() - 1);
        });
    }
}

/// Lets go of all of them.
pub fn forget() {
    state().wanted.take();
    for one in state().thumbs.take() {
        one.url.iter().for_each(|url| browser::release_url(url));
    }
}

/// What is seen and lacks one. It is entered at once, so that it is made once.
fn next() -> Option<(u32, Row)> {
    let lacks = |number: &&u32| {
        !state().thumbs.borrow().iter().any(|one| one.number == **number)
            && listing().with_untracked(|all| all.row(**number).is_some_and(is_drawn))
    };
    let number = state().wanted.borrow().iter().find(lacks).copied()?;
    state().thumbs.borrow_mut().push(Thumb { number, url: None });
    let row = listing().with_untracked(|all| all.row(number).cloned())?;
    Some((number, row))
}

pub fn is_drawn(row: &Row) -> bool {
    matches!(row.piece, Piece::File { media: Media::Image, .. })
}

async fn make(page: Page, number: u32, row: &Row) {
    let mine = turn();
    let Some(bytes) = bytes(page, row).await else { return };
    let Some(url) = browser::object_url(&bytes) else { return };
    let enter = || {
        let mut thumbs = state().thumbs.borrow_mut();
        let entry = thumbs.iter_mut().find(|one| one.number == number);
        entry.map(|one| one.url = Some(url.clone())).is_some()
    };
    if turn() == mine && enter() {
        state().came.update(|came| *came = came.wrapping_add(1));
    } else {
        browser::release_url(&url);
    }
}

async fn bytes(page: Page, row: &Row) -> Option<Blob> {
    if let Ok(Some(kept)) = database::thumb(&row.key).await {
        return Some(kept);
    }
    let bytes = bytes_of(page, row).await?;
    if browser::is_too_large(&bytes).await {
        return None;
    }
    let small = shrunk(&bytes).await?;
    // Where the browser has no room it is made again the next time.
    let _kept = database::put_thumb(&row.key, &small).await;
    Some(small)
}

/// The same picture with at most `SIDE` pixels on its longer side.
async fn shrunk(blob: &Blob) -> Option<Blob> {
    let image = js::call(&js_sys::global(), "createImageBitmap", &[blob.into()])?;
    let image = js::wait(image).await?;
    let side = |name| js::get(&image, name).as_f64().unwrap_or(0.0);
    let (width, height) = (side("width"), side("height"));
    let scale = (SIDE / width.max(height).max(1.0)).min(1.0);
    let fitted = |side: f64| (side * scale + 0.5) as u32 as f64;
    let (width, height) = (fitted(width).max(1.0), fitted(height).max(1.0));
    let canvas = js::make("OffscreenCanvas", &[width.into(), height.into()])?;
    let context = js::call(&canvas, "getContext", &["2d".into()])?;
    js::set(&context, "imageSmoothingQuality", "high");
    let place = [image.clone(), 0.into(), 0.into(), width.into(), height.into()];
    js::call(&context, "drawImage", &place)?;
    js::call(&image, "close", &[]);
    let small = encoded(&canvas, "image/webp").await?;
    if small.type_() == "image/webp" {
        return Some(small);
    }
    // A browser that does not write it gives a PNG, which is large.
    encoded(&canvas, "image/jpeg").await
}

async fn encoded(canvas: &wasm_bindgen::JsValue, kind: &str) -> Option<Blob> {
    let how = js::object([("type", kind.into()), ("quality", QUALITY.into())]);
    js::wait(js::call(canvas, "convertToBlob", &[how])?).await?.dyn_into().ok()
}

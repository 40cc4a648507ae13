//! Thumbnails of results, made once and stored. Invariant: they are made for visible results only,
//! two at a time, and at most `MOST` object URLs exist.

use crate::features::gallery::listing::listing;
use crate::features::gallery::state::{bytes_of, turn};
use std::cell::{Cell, RefCell};

use js_sys::Promise;
use pilotlight_comfy::run_status::Media;
use pilotlight_runs::results::{ResultContent, ResultRow};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlVideoElement, ImageBitmap};

use crate::app::Page;
use crate::runtime::database;
use crate::runtime::task;
use crate::{browser, scaled};
use leptos::prelude::*;

/// The length of the longer side in pixels.
const SIDE: f64 = 320.0;
const AT_ONCE: u32 = 2;
/// The most object URLs: about two screens.
const MOST: usize = 120;
const VIDEO_LIMIT_MS: i32 = 8_000;
/// Where in a video the frame is that stands for it.
const FRAME_S: f64 = 0.1;

struct Thumb {
    /// The number of its result in the listing.
    number: u32,
    /// `None` while it is being made, and if the browser cannot draw the image.
    url: Option<String>,
}

/// The state of this module.
#[derive(Default)]
struct State {
    /// In the order in which they were requested.
    thumbs: RefCell<Vec<Thumb>>,
    /// The numbers of the visible results.
    wanted: RefCell<Vec<u32>>,
    workers: Cell<u32>,
    /// Changes whenever one is finished.
    came: RwSignal<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns the object URL of a thumbnail once it was made. Reactive.
pub fn thumb(number: u32) -> Option<String> {
    state().came.get();
    state().thumbs.borrow().iter().find(|one| one.number == number)?.url.clone()
}

/// Makes the thumbnails of these visible results. If there are too many, the oldest of other
/// results are released.
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

/// Releases all thumbnails.
pub fn forget() {
    state().wanted.take();
    for one in state().thumbs.take() {
        one.url.iter().for_each(|url| browser::release_url(url));
    }
}

/// Returns a visible result without a thumbnail, which is registered at once so that it is made
/// only once.
fn next() -> Option<(u32, ResultRow)> {
    let lacks = |number: &&u32| {
        !state().thumbs.borrow().iter().any(|one| one.number == **number)
            && listing().with_untracked(|all| all.row(**number).is_some_and(is_drawn))
    };
    let number = state().wanted.borrow().iter().find(lacks).copied()?;
    state().thumbs.borrow_mut().push(Thumb { number, url: None });
    let row = listing().with_untracked(|all| all.row(number).cloned())?;
    Some((number, row))
}

pub fn is_drawn(row: &ResultRow) -> bool {
    matches!(row.content, ResultContent::File { media: Media::Image | Media::Video, .. })
}

fn is_video(row: &ResultRow) -> bool {
    matches!(row.content, ResultContent::File { media: Media::Video, .. })
}

async fn make(page: Page, number: u32, row: &ResultRow) {
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

async fn bytes(page: Page, row: &ResultRow) -> Option<Blob> {
    if let Ok(Some(kept)) = database::thumb(&row.key).await {
        return Some(kept);
    }
    let bytes = bytes_of(page, row).await?;
    let small = if is_video(row) {
        scaled::image_to_side(first_frame(&bytes).await?, SIDE).await?
    } else {
        if browser::is_too_large(&bytes).await {
            return None;
        }
        scaled::to_side(&bytes, SIDE).await?
    };
    // If the storage is full, it is made again the next time.
    let _kept = database::put_thumb(&row.key, &small).await;
    Some(small)
}

/// Returns a frame near the start of a video, if the browser can play it.
async fn first_frame(video: &Blob) -> Option<ImageBitmap> {
    let url = browser::object_url(video)?;
    let player: HtmlVideoElement = document().create_element("video").ok()?.unchecked_into();
    player.set_muted(true);
    player.set_preload("auto");
    let came = Promise::new(&mut |resolve, reject| {
        // The first frame of many is black. A file that neither plays nor fails is given up.
        for (name, then) in [("seeked", &resolve), ("error", &reject)] {
            let _listens = player.add_event_listener_with_callback(name, then);
        }
        let timeout =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&reject, VIDEO_LIMIT_MS);
        player.set_src(&url);
        player.set_current_time(FRAME_S);
        drop(timeout);
    });
    let is_there = JsFuture::from(came).await.is_ok();
    let image = match is_there && player.video_width() > 0 {
        true => window().create_image_bitmap_with_html_video_element(&player).ok(),
        false => None,
    };
    let image = match image {
        Some(image) => JsFuture::from(image).await.ok().map(JsCast::unchecked_into),
        None => None,
    };
    player.set_src("");
    browser::release_url(&url);
    image
}

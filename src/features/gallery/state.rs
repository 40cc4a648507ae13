//! Whether the gallery is open, and helpers for its modules.

use std::cell::Cell;

use leptos::prelude::*;
use pilotlight_runs::results::{Key, Listing, ResultRow};
use web_sys::Blob;

use crate::app::{Content, Output, Page};
use crate::browser;
use crate::command::Dialog;
use crate::runtime::database;

/// The state of this module.
#[derive(Default)]
struct State {
    /// Incremented whenever the gallery is opened or closed.
    turn: Cell<u32>,
    is_open: RwSignal<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns whether the gallery is open, possibly below the viewer.
pub fn is_open() -> RwSignal<bool> {
    state().is_open
}

/// Closes the dialog over the gallery; if the gallery is not open, returns to the page.
pub fn back(page: Page) {
    page.dialog.set(is_open().get_untracked().then_some(Dialog::Gallery));
}

/// Returns a number that changes when the gallery is opened or closed; tasks end when it does.
pub fn turn() -> u32 {
    state().turn.get()
}

pub fn next_turn() {
    state().turn.set(state().turn.get().wrapping_add(1));
}

/// Returns the bytes of a result: from the list of results, which may be unsaved, or the database.
pub async fn bytes_of(page: Page, row: &ResultRow) -> Option<Blob> {
    let of_feed = page.outputs.with_untracked(|all| {
        all.iter().find(|one| one.row.key == row.key).and_then(|one| one.blob.clone())
    });
    match (of_feed, row.file_at()) {
        (Some(blob), _) => Some(blob),
        (None, Some(at)) => database::file(&row.run, at).await.ok().flatten(),
        (None, None) => None,
    }
}

/// Returns the listed results, except deleted ones.
pub fn of_feed(page: Page) -> Vec<ResultRow> {
    let is_there = |one: &&Output| match one.content {
        Content::File { .. } | Content::Gone | Content::Text { .. } => true,
        Content::Removed(_) => false,
    };
    page.outputs
        .with_untracked(|all| all.iter().filter(is_there).map(|one| one.row.clone()).collect())
}

pub fn keys_of(listing: &Listing, numbers: &[u32]) -> Vec<Key> {
    numbers.iter().filter_map(|it| Some(listing.row(*it)?.key.clone())).collect()
}

pub fn rows_of(listing: &Listing, numbers: &[u32]) -> Vec<ResultRow> {
    numbers.iter().filter_map(|it| listing.row(*it).cloned()).collect()
}

/// Releases the object URLs of a shown result.
pub fn release(content: &Content) {
    match content {
        Content::File { url, .. } => browser::release_url(url),
        Content::Text { picture, .. } => {
            if let Some(url) = picture {
                browser::release_url(url);
            }
        }
        Content::Gone | Content::Removed(_) => {}
    }
}

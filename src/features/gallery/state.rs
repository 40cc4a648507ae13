//! Whether the gallery is open, and what its parts need of results.

use std::cell::Cell;

use leptos::prelude::*;
use pilotlight_runs::kept::{Key, Listing, Row};
use web_sys::Blob;

use crate::app::{Content, Finding, Page};
use crate::browser;
use crate::command::Dialog;
use crate::runtime::database;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// Another one each time that the gallery is opened or closed.
    turn: Cell<u32>,
    is_open: RwSignal<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Whether the gallery itself is open, perhaps below a result that is shown large.
pub fn is_open() -> RwSignal<bool> {
    state().is_open
}

/// From what lies over it back to the gallery, or to the page where that is not open.
pub fn back(page: Page) {
    page.dialog.set(is_open().get_untracked().then_some(Dialog::Gallery));
}

/// Another turn begins with each opening and each closing: what was begun in a former one ends.
pub fn turn() -> u32 {
    state().turn.get()
}

pub fn next_turn() {
    state().turn.set(state().turn.get().wrapping_add(1));
}

/// The bytes of a result: from the feed, which may be all that has them, or from the disk.
pub async fn bytes_of(page: Page, row: &Row) -> Option<Blob> {
    let of_feed = page.findings.with_untracked(|all| {
        all.iter().find(|one| one.row.key == row.key).and_then(|one| one.blob.clone())
    });
    match (of_feed, row.file_at()) {
        (Some(blob), _) => Some(blob),
        (None, Some(at)) => database::file(&row.run, at).await.ok().flatten(),
        (None, None) => None,
    }
}

/// Results of the feed that were not deleted there.
pub fn of_feed(page: Page) -> Vec<Row> {
    let is_there = |one: &&Finding| match one.content {
        Content::File { .. } | Content::Gone | Content::Text { .. } => true,
        Content::Removed(_) => false,
    };
    page.findings
        .with_untracked(|all| all.iter().filter(is_there).map(|one| one.row.clone()).collect())
}

pub fn keys_of(listing: &Listing, numbers: &[u32]) -> Vec<Key> {
    numbers.iter().filter_map(|it| Some(listing.row(*it)?.key.clone())).collect()
}

pub fn rows_of(listing: &Listing, numbers: &[u32]) -> Vec<Row> {
    numbers.iter().filter_map(|it| listing.row(*it).cloned()).collect()
}

/// Lets go of the address of what was shown.
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

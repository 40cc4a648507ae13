//! The gallery: all results that this browser keeps, one of them large, two of them compared. Its
//! module is fetched when somebody opens it. Invariant: nothing of it asks the server; the bytes of
//! a result are held only while it is shown.

use super::listing;
use super::marking;
use super::showing;
use super::thumbs;
use std::cell::{Cell, RefCell};

use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::At;
use pilotlight_i18n::text::LanguageText;
use pilotlight_runs::kept::{Key, Listing, Row};
use web_sys::Blob;

use crate::app::{Content, Finding, GalleryWish, Page};
use crate::browser;
use crate::command::Dialog;
use crate::dom;
use crate::dom::Mounted;
use crate::js;
use crate::runtime::database;
use leptos::prelude::*;

pub use crate::features::gallery::exporting::export;
pub use crate::features::gallery::importing::bring_in;
pub use crate::features::gallery::listing::{
    Said, Work, form_titles, listing, said, select_all, selected, set_sieve, sieve, work,
};
pub use crate::features::gallery::marking::{Deleted, Mark, delete, deleted, mark, undo};
pub use crate::features::gallery::showing::{
    Around, Shown, around, compare, compared, end_comparing, forget, remove, show, shown,
};
pub use crate::features::gallery::thumbs::{is_drawn, thumb, want};

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// Its dialogs, made once.
    made: RefCell<Option<Mounted>>,
    /// Another one each time that it is opened or closed.
    turn: Cell<u32>,
    is_open: RwSignal<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens it. `view` makes its dialogs.
pub fn begin(page: Page, wish: GalleryWish, view: fn(Page) -> AnyView) {
    if state().made.borrow().is_none() {
        let dialogs = dom::mount_to_body(move || {
            listing::keep_up(page);
            view(page)
        });
        state().made.replace(Some(dialogs));
    }
    match wish {
        GalleryWish::One(id) => {
            let key = |all: &Vec<Finding>| {
                all.iter().find(|one| one.id == id).map(|one| one.row.key.clone())
            };
            if let Some(key) = page.findings.with_untracked(key) {
                show(page, key);
            }
        }
        GalleryWish::All => enter(page),
        GalleryWish::Archive(file) => {
            enter(page);
            bring_in(page, file);
        }
    }
}

/// A moment as people of this language write it.
pub fn moment(at: At, language: Language) -> String {
    let tag = LanguageText::Tag.say(language);
    let date = js::make("Date", &[(at.0 as f64).into()]).unwrap_or_default();
    let how = js::object([("dateStyle", "medium".into()), ("timeStyle", "short".into())]);
    let said = js::call(&date, "toLocaleString", &[tag.into(), how]);
    said.and_then(|said| said.as_string()).unwrap_or_default()
}

/// Whether the gallery itself is open, perhaps below a result that is shown large.
pub fn is_open() -> RwSignal<bool> {
    state().is_open
}

fn enter(page: Page) {
    page.dialog.set(Some(Dialog::Gallery));
    if !is_open().get_untracked() {
        is_open().set(true);
        listing::load(page);
    }
}

/// From what lies over it back to the gallery, or to the page where that is not open.
pub fn back(page: Page) {
    page.dialog.set(is_open().get_untracked().then_some(Dialog::Gallery));
}

/// Closes all of it and gives the memory back.
pub fn leave(page: Page) {
    page.dialog.set(None);
    is_open().set(false);
    showing::forget();
    showing::end_comparing();
    listing::forget();
    thumbs::forget();
    marking::forget();
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

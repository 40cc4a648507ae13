//! The gallery: all results that this browser keeps, one of them large, two of them compared. Its
//! module is fetched when somebody opens it. Invariant: nothing of it asks the server; the bytes of
//! a result are held only while it is shown.

use super::listing;
use super::marking;
use super::showing;
use super::thumbs;
use std::cell::RefCell;

use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::At;
use pilotlight_i18n::text::LanguageText;

use crate::app::{Finding, GalleryWish, Page};
use crate::command::Dialog;
use crate::components::{Mounted, mount_to_body};
use crate::js;
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
pub use crate::features::gallery::state::{back, is_open};
pub use crate::features::gallery::thumbs::{is_drawn, thumb, want};

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// Its dialogs, made once.
    made: RefCell<Option<Mounted>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens it. `view` makes its dialogs.
pub fn begin(page: Page, wish: GalleryWish, view: fn(Page) -> AnyView) {
    if state().made.borrow().is_none() {
        let dialogs = mount_to_body(move || {
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

fn enter(page: Page) {
    page.dialog.set(Some(Dialog::Gallery));
    if !is_open().get_untracked() {
        is_open().set(true);
        listing::load(page);
    }
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

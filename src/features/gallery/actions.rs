//! The gallery: all results that this browser stores, one of them large, two of them compared. Its
//! bundle is loaded when the gallery is opened. Invariant: it sends no request to the server; the
//! bytes of a result are in memory only while it is shown.

use super::listing;
use super::marking;
use super::showing;
use super::thumbs;
use std::cell::RefCell;

use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::At;
use pilotlight_i18n::text::LanguageText;

use crate::app::{GalleryRequest, Output, Page};
use crate::command::Dialog;
use crate::components::{Mounted, mount_to_body};
use js_sys::{Date, Intl};
use leptos::prelude::*;

pub use crate::features::gallery::exporting::export;
pub use crate::features::gallery::importing::bring_in;
pub use crate::features::gallery::listing::{
    TaskOutcome, Work, form_titles, listing, outcome, select_all, selected, set_sieve, sieve, work,
};
pub use crate::features::gallery::marking::{Deleted, Mark, delete, deleted, mark, undo};
pub use crate::features::gallery::showing::{
    Position, Shown, compare, compared, end_comparing, forget, position, remove, show, shown,
};
pub use crate::features::gallery::state::{back, is_open};
pub use crate::features::gallery::thumbs::{is_drawn, thumb, want};

/// The state of this module.
#[derive(Default)]
struct State {
    /// The gallery's dialogs, which are created once.
    made: RefCell<Option<Mounted>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens the gallery; `view` makes its dialogs.
pub fn begin(page: Page, request: GalleryRequest, view: fn() -> AnyView) {
    if state().made.borrow().is_none() {
        let dialogs = mount_to_body(page, move || {
            listing::keep_up(page);
            view()
        });
        state().made.replace(Some(dialogs));
    }
    match request {
        GalleryRequest::One(id) => {
            let key = |all: &Vec<Output>| {
                all.iter().find(|one| one.id == id).map(|one| one.row.key.clone())
            };
            if let Some(key) = page.outputs.with_untracked(key) {
                show(page, key);
            }
        }
        GalleryRequest::All => enter(page),
        GalleryRequest::Archive(file) => {
            enter(page);
            bring_in(page, file);
        }
    }
}

/// Returns date and time as they are written in this language.
pub fn moment(at: At, language: Language) -> String {
    let tag = LanguageText::Tag.say(language);
    let options = Intl::DateTimeFormatOptions::new();
    options.set_date_style(Intl::DateTimeStyle::Medium);
    options.set_time_style(Intl::DateTimeStyle::Short);
    Date::new(&(at.0 as f64).into()).to_locale_string(tag, &options).into()
}

/// Returns the day as it is written in this language, in few characters; another year is named.
pub fn day(at: At, language: Language) -> String {
    let tag = LanguageText::Tag.say(language);
    let date = Date::new(&(at.0 as f64).into());
    let options = Intl::DateTimeFormatOptions::new();
    if date.get_full_year() != Date::new_0().get_full_year() {
        options.set_year(Intl::YearFormat::Numeric);
    }
    options.set_month(Intl::MonthFormat::Short);
    options.set_day(Intl::DayFormat::Numeric);
    date.to_locale_date_string(tag, &options).into()
}

fn enter(page: Page) {
    page.dialog.set(Some(Dialog::Gallery));
    if !is_open().get_untracked() {
        is_open().set(true);
        listing::load(page);
    }
}

/// Closes the gallery and releases the memory.
pub fn leave(page: Page) {
    page.dialog.set(None);
    is_open().set(false);
    showing::forget();
    showing::end_comparing();
    listing::forget();
    thumbs::forget();
    marking::forget();
}

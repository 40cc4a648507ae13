//! What a person sees. Invariant: a view shows what the page knows and tells it what the person
//! wants; the only state it has of its own is whether something is folded open or hovered over.

mod answer;
mod button;
mod choice;
mod drop;
mod failure;
mod field;
mod form;
mod header;
mod modal;
mod notice;
mod number;
mod picture;
mod pill;
mod results;
mod run;
mod runbar;
mod runs;
mod seed;
mod settings;
mod shell;
mod switch;
mod tabs;
mod text;
mod toast;
mod viewer;

use pilotlight_engine::text::Word;

use crate::app::Page;
use crate::dom::{El, el};

/// The whole page, in the order of the document.
pub fn app(page: Page) -> [El; 5] {
    [
        shell::shell(page),
        settings::settings(page),
        viewer::viewer(page),
        toast::toast(page),
        el("p", "unseen").set("role", "status").says(move || page.spoken.get()),
    ]
}

/// A word that follows the language.
fn word(page: Page, word: Word) -> impl Fn() -> String + Copy + 'static {
    move || page.word(word).to_owned()
}

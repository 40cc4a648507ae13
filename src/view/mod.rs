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

use leptos::prelude::*;
use pilotlight_engine::text::Word;

use crate::app::Page;

/// The whole page.
#[component]
pub fn App(page: Page) -> impl IntoView {
    view! {
        {shell::shell(page)}
        {settings::settings(page)}
        {viewer::viewer(page)}
        {toast::toast(page)}
        <p class="unseen" role="status">{page.spoken}</p>
    }
}

/// A word that follows the language. One function for all of them keeps the page small.
fn word(page: Page, word: Word) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || page.word(word)
}

//! What a person sees. Invariant: a view shows what the page knows and tells it what the person
//! wants; the only state it has of its own is whether something is folded open or hovered over.

mod actions;
mod answer;
mod button;
mod choice;
mod cost;
mod drop;
mod editor;
mod embed;
mod empty;
mod failure;
mod field;
mod file;
mod form;
mod gallery;
mod header;
mod key;
mod limit;
mod mask;
mod modal;
mod notice;
mod number;
mod panel;
mod picture;
mod pill;
mod presets;
mod queue;
mod results;
mod run;
mod runbar;
mod runs;
mod seed;
mod settings;
mod setup;
mod several;
mod share;
mod shell;
mod slot;
mod switch;
mod tabs;
mod telling;
mod text;
mod toast;

use pilotlight_comfy::language::Language;
use pilotlight_forms::form::Field;
use pilotlight_i18n::present::Pill;
use pilotlight_i18n::text::Plain;

use crate::app::{Easel, Page, Sheet};
use crate::dom::{self, El, el};
use crate::later::setup::Setting;
use crate::later::several::List;
use crate::live::follow;

/// The first part of the page: all that a form needs.
pub fn app(page: Page, stage: El) {
    let feed = el("div", "feed");
    let spoken = el("p", "unseen").set("role", "status").says(move || page.spoken.get());
    let stage = stage.put(shell::shell(page, feed.clone())).put(toast::toast(page)).put(spoken);
    follow(move || {
        if let Some(later) = page.later.get() {
            let parts = leptos::prelude::untrack(|| (later.show)(page, &feed));
            stage.clone().put_all(parts);
        }
    });
}

/// It comes with what it is for.
const LATER_STYLE: &str = concat!(
    include_str!("../../style/run.css"),
    include_str!("../../style/lane.css"),
    include_str!("../../style/results.css"),
    include_str!("../../style/dialog.css"),
    include_str!("../../style/editor.css"),
    include_str!("../../style/panel.css"),
    include_str!("../../style/framed.css"),
);

/// The second part: runs and results in the feed, and what opens over the page.
pub fn later(page: Page, feed: &El) -> [El; 4] {
    dom::wear(LATER_STYLE);
    results::results(page, runs::runs(page, telling::offer(page, feed.clone())));
    [settings::settings(page), editor::shell(page), presets::presets(page), limit::limit(page)]
}

/// What else can be done with a form: a list of prompts is run, a link to it copied.
pub fn more(page: Page) -> El {
    el("div", "several-more").put(several::more(page)).put(share::more(page))
}

/// The dialog for a list of prompts, which is fetched when it is opened.
pub fn several(list: List) -> El {
    several::several(list)
}

/// The dialog for where the server is, which is fetched when it is opened.
pub fn setup(setting: Setting) -> El {
    setup::setup(setting)
}

/// The dialog for the key that a server wants, which is fetched when it is opened.
pub fn key(page: Page) -> El {
    key::key(page)
}

/// What is known of the server, with all that goes on.
pub fn server(page: Page) -> Pill {
    panel::pill(page)
}

/// More of it.
pub fn panel(page: Page) -> El {
    panel::panel(page)
}

/// What else can be done with the picture of a field: a mask is painted over it.
pub fn tool(page: Page, sheet: &'static Sheet, field: &'static Field) -> Option<El> {
    mask::tool(Easel { page, sheet, field })
}

/// The inside of the form editor, which is fetched when it is opened.
pub fn editor(page: Page) -> Vec<El> {
    editor::inside(page)
}

/// The dialog for masks, which is fetched when it is opened.
pub fn mask(easel: Easel) -> El {
    mask::mask(easel)
}

/// The gallery and what opens over it, which are fetched when somebody opens one of them.
pub fn gallery(page: Page) -> El {
    gallery::gallery(page)
}

/// What stands in a frame of a site that may not show the page.
pub fn stranger(language: Language) -> El {
    embed::stranger(language)
}

/// A text that follows the language.
fn word(page: Page, text: impl Plain) -> impl Fn() -> String + Copy + 'static {
    move || page.word(text).to_owned()
}

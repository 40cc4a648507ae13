//! The gallery of all results, and what opens over it: one of them large, two of them compared.
//! It is made once; closed, it lists nothing.

mod bar;
mod compare;
mod details;
mod grid;
mod viewer;

use pilotlight_i18n::text::{CommonText, CountedText, GalleryText};

use super::button::{bare, icon, icon_button};
use super::modal::layer;
use super::toast;
use crate::app::{Dialog, Page};
use crate::dom::{self, El, el};
use crate::later::gallery::{self, Deleted, Said, Work};
use crate::live::follow;

/// Only who opens it needs it.
const STYLE: &str =
    concat!(include_str!("../../../style/gallery.css"), include_str!("../../../style/viewer.css"));

const SYMBOLS: [(&str, &str); 3] = [
    ("star", "m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z"),
    (
        "compare",
        "M3.75 2.75h8.5a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2h-8.5a2 2 0 0 1-2-2v-6.5a2 2 0 0 1 2-2z\
         M8 1.25v13.5",
    ),
    ("import", "M8 10V2.5M4.75 5.5 8 2.25l3.25 3.25M2.75 13.25h10.5"),
];

pub(super) fn gallery(page: Page) -> El {
    // Whatever opens beside it, or closes it, closes all of it.
    follow(move || {
        let is_in_front = match page.dialog.get() {
            // What asks in between goes, and what was in front comes again.
            Some(Dialog::Gallery | Dialog::Viewer(_) | Dialog::Limit) => true,
            None | Some(Dialog::Settings | Dialog::Setup | Dialog::Editor | Dialog::Presets) => {
                false
            }
        };
        if !is_in_front && gallery::is_open().now() {
            gallery::leave(page);
        }
    });
    let grid = grid::Ground::new(page);
    let inside = el("div", "gallery-inside")
        .put(bar::head(page))
        .put(said(page))
        .put(grid::grid(grid))
        .put(bar::foot(page))
        .put(toast::toast(page));
    let is_open = || gallery::is_open().get();
    let dialog = layer("gallery", is_open, move || gallery::leave(page))
        .set("aria-labelledby", "gallery-title")
        .put(inside);
    dom::wear(STYLE);
    el("div", "")
        .put(dom::symbols(&SYMBOLS))
        .put(dialog)
        .put(viewer::viewer(page))
        .put(compare::compare(page))
}

fn says(page: Page, word: GalleryText) -> impl Fn() -> String + Copy + 'static {
    move || word.say(page.language.get()).to_owned()
}

/// An icon alone, with a name for those who do not see it or wonder.
fn icon_of(page: Page, href: &str, word: GalleryText, press: impl Fn() + 'static) -> El {
    bare(press)
        .set("data-kind", "icon")
        .attr("aria-label", says(page, word))
        .attr("title", says(page, word))
        .put(icon(href))
}

fn close(page: Page, press: impl Fn() + 'static) -> El {
    icon_button(page, "#close", CommonText::Close, press)
}

/// What goes on, what came of it, and the way back of what was deleted.
fn said(page: Page) -> El {
    let words = move || {
        let language = page.language.get();
        match gallery::work().get() {
            Work::Writing { done, of } => {
                return Some(CountedText::Written { done, total: of }.say(language));
            }
            Work::Reading => return Some(GalleryText::Importing.say(language).to_owned()),
            Work::Nothing | Work::Loading => {}
        }
        gallery::said().get().map(|said| match said {
            Said::BroughtIn(counted) => counted.say(language),
            Said::Refused => GalleryText::Refused.say(language).to_owned(),
            Said::TooLarge => GalleryText::ExportTooLarge.say(language).to_owned(),
            Said::Failed => GalleryText::ExportFailed.say(language).to_owned(),
        })
    };
    el("div", "gallery-said").set("role", "status").line("p", "", words).put(undo(page))
}

/// That something was deleted, and the way back.
fn undo(page: Page) -> El {
    el("div", "gallery-undo").remade(move || match gallery::deleted().get() {
        Deleted::Nothing => Vec::new(),
        Deleted::Some(count) => {
            let words = el("span", "")
                .says(move || CountedText::Deleted { count }.say(page.language.get()));
            let undo = bare(move || gallery::undo(page)).set("data-kind", "quiet");
            vec![words, undo.says(says(page, GalleryText::Undo))]
        }
    })
}

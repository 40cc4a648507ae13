//! One picture among the results; other files stand in the same frame.

use pilotlight_engine::sighting::Media;
use pilotlight_engine::text::{Word, clock};

use super::button::icon;
use super::results::actions;
use super::word;
use crate::app::{Deed, Dialog, Finding, Page};
use crate::dom::{El, el};

pub(super) fn picture(
    page: Page,
    finding: &Finding,
    url: &str,
    file_name: &str,
    media: Media,
) -> El {
    let player =
        |tag| el("div", "picture-gone").put(el(tag, "").set("controls", "").set("src", url));
    let shown = match media {
        Media::Image => opener(page, finding, "picture-open", url),
        Media::Audio => player("audio"),
        Media::Video => player("video"),
        Media::Other => el("div", "picture-gone").text(file_name),
    };
    let actions = el("div", "picture-actions")
        .set("role", "group")
        .set("aria-label", &finding.prompt)
        .put_all(actions(page, finding, false));
    let note = el("p", "picture-note")
        .put(el("span", "picture-prompt").text(&finding.prompt))
        .put(time(page, finding, "picture-time"));
    el("li", "picture").put(shown).put(actions).put(note)
}

/// A picture that is shown large when it is pressed.
pub(super) fn opener(page: Page, finding: &Finding, class: &str, url: &str) -> El {
    let id = finding.id;
    el("button", class)
        .set("type", "button")
        .on("click", move |_| page.ask_for(Deed::Open(Dialog::Viewer(id))))
        .put(el("img", "").set("alt", &finding.prompt).set("src", url))
}

/// How long it ran.
pub(super) fn time(page: Page, finding: &Finding, class: &str) -> El {
    let ran_ms = finding.ran_ms;
    el("span", class)
        .says(move || ran_ms.map(|ms| clock(ms, page.language.get())).unwrap_or_default())
}

/// In the place of a picture that the server no longer had.
pub(super) fn gone(page: Page) -> El {
    let gone = el("div", "picture-gone")
        .put(icon("#image"))
        .put(el("span", "").says(word(page, Word::PictureGone)));
    el("li", "picture gone").put(gone)
}

//! One picture among the results.

use pilotlight_engine::text::{Word, clock};

use super::button::icon;
use super::results::actions;
use super::word;
use crate::app::{Deed, Dialog, Finding, Page};
use crate::dom::{El, el};

pub(super) fn picture(page: Page, finding: &Finding, url: &str, is_preview: bool) -> El {
    let actions = el("div", "picture-actions")
        .set("role", "group")
        .set("aria-label", &finding.row.prompt)
        .put_all(actions(page, finding, false));
    let note = el("p", "picture-note")
        .put_all(is_preview.then(|| preview(page)))
        .put(el("span", "picture-prompt").text(&finding.row.prompt))
        .put(time(page, finding, "picture-time"));
    el("li", "picture").put(opener(page, finding, "picture-open", url)).put(actions).put(note)
}

/// A picture that is shown large when it is pressed.
pub(super) fn opener(page: Page, finding: &Finding, class: &str, url: &str) -> El {
    let id = finding.id;
    el("button", class)
        .set("type", "button")
        .on("click", move |_| page.ask_for(Deed::Open(Dialog::Viewer(id))))
        .put(el("img", "").set("alt", &finding.row.prompt).set("src", url))
}

/// How long it ran.
pub(super) fn time(page: Page, finding: &Finding, class: &str) -> El {
    let ran_ms = finding.row.ran_ms;
    el("span", class)
        .says(move || ran_ms.map(|ms| clock(ms, page.language.get())).unwrap_or_default())
}

/// That the server did not keep it.
pub(super) fn preview(page: Page) -> El {
    el("span", "preview")
        .attr("title", word(page, Word::PreviewHint))
        .says(word(page, Word::Preview))
}

/// In the place of a file that the server no longer had.
pub(super) fn gone(page: Page) -> El {
    let gone = el("div", "picture-gone")
        .put(icon("#image"))
        .put(el("span", "").says(word(page, Word::PictureGone)));
    el("li", "picture gone").put(gone)
}

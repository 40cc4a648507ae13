//! One picture among the results.

use pilotlight_i18n::text::{RunText, StorageText, clock};

use super::actions::{actions, delete};
use super::button::{bare, icon};
use super::word;
use crate::app::{Deed, Dialog, Finding, Page};
use crate::dom::{El, el};
use crate::later::{dragging, removing};

pub(super) fn picture(page: Page, finding: &Finding, url: &str, is_preview: bool) -> El {
    let actions = el("div", "picture-actions")
        .set("role", "group")
        .set("aria-label", &finding.row.prompt)
        .put_all(actions(page, finding, false))
        .put(delete(page, finding.id, false));
    let note = el("p", "picture-note")
        .put_all(is_preview.then(|| preview(page)))
        .put(el("span", "picture-prompt").text(&finding.row.prompt))
        .put(time(page, finding, "picture-time"));
    el("li", "picture").put(opener(page, finding, "picture-open", url)).put(actions).put(note)
}

/// A picture that is shown large when it is pressed.
pub(super) fn opener(page: Page, finding: &Finding, class: &str, url: &str) -> El {
    let id = finding.id;
    let image = el("img", "").set("alt", &finding.row.prompt).set("src", url);
    let dragged = finding.clone();
    let image = carried(image, move || Some(dragged.clone()));
    el("button", class)
        .set("type", "button")
        .on("click", move |_| page.ask_for(Deed::Open(Dialog::Viewer(id))))
        .put(image)
}

/// A picture that can be dragged: out, to be a file there, and back onto the page.
pub(super) fn carried(image: El, finding: impl Fn() -> Option<Finding> + 'static) -> El {
    image.on("dragstart", move |event| {
        if let Some(finding) = finding() {
            dragging::begin(finding, &event);
        }
    })
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
        .attr("title", word(page, RunText::PreviewHint))
        .says(word(page, RunText::Preview))
}

/// In the place of a file that the server no longer had.
pub(super) fn gone(page: Page, finding: &Finding) -> El {
    let gone = el("div", "picture-gone")
        .put(icon("#image"))
        .put(el("span", "").says(word(page, RunText::ResultGone)))
        .put(delete(page, finding.id, true));
    el("li", "picture gone").put(gone)
}

/// In the place of a result that was just deleted: the way back.
pub(super) fn removed(page: Page, finding: &Finding) -> El {
    let id = finding.id;
    let undo = bare(move || page.ask_for(Deed::PutBack(id)))
        .set("id", &removing::undo_id(id))
        .says(move || StorageText::Undo.say(page.language.get()));
    let removed = el("div", "picture-gone")
        .put(icon("#delete"))
        .put(el("span", "").says(move || StorageText::Deleted.say(page.language.get())))
        .put(undo);
    el("li", "picture gone").put(removed)
}

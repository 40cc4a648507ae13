//! An answer, with its question and the picture it is about.

use pilotlight_i18n::text::RunText;

use super::actions::delete;
use super::button::quiet_button;
use super::picture::{opener, time};
use crate::app::{Deed, Finding, Page};
use crate::dom::{El, el};

pub(super) fn answer(page: Page, finding: &Finding, text: &str, picture: Option<&str>) -> El {
    let action = |href, name, deed: fn(u32) -> Deed, number| {
        quiet_button(page, href, name, move || page.ask_for(deed(number)))
    };
    let actions = el("div", "answer-actions")
        .put(action("#copy", RunText::Copy, Deed::CopyFinding, finding.id))
        .put(action("#download", RunText::Download, Deed::Download, finding.id))
        .put(action("#again", RunText::AskAgain, Deed::AnotherOf, finding.id))
        .put(delete(page, finding.id, true))
        .put(time(page, finding, "answer-time"));
    let body = el("div", "answer-body")
        .put(el("p", "answer-question").text(&finding.row.prompt))
        .put(el("p", "answer-text").text(text))
        .put(actions);
    el("li", "answer")
        .put_all(picture.map(|url| opener(page, finding, "answer-picture", url)))
        .put(body)
}

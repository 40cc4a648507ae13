//! An answer, with its question and the picture it is about.

use pilotlight_engine::text::Word;

use super::button::quiet_button;
use super::picture::{opener, time};
use crate::app::{Finding, Intent, Page};
use crate::dom::{El, el};

pub(super) fn answer(page: Page, finding: &Finding, text: &str, picture: Option<&str>) -> El {
    let action = |href, name, intent: fn(u32) -> Intent, number| {
        quiet_button(page, href, name, move || page.act(intent(number)))
    };
    let actions = el("div", "answer-actions")
        .put(action("#copy", Word::Copy, Intent::CopyFinding, finding.id))
        .put(action("#download", Word::Download, Intent::Download, finding.id))
        .put(action("#again", Word::AskAgain, Intent::SameAgain, finding.job))
        .put(time(page, finding, "answer-time"));
    let body = el("div", "answer-body")
        .put(el("p", "answer-question").text(&finding.prompt))
        .put(el("p", "answer-text").text(text))
        .put(actions);
    el("li", "answer")
        .put_all(picture.map(|url| opener(page, finding, "answer-picture", url)))
        .put(body)
}

//! How a run failed, the one thing to do about it, and the raw text to unfold.

use pilotlight_comfy::failure::Remedy;
use pilotlight_i18n::present::{Card, FailureView};
use pilotlight_i18n::text::{CommonText, RunText};

use super::button::{bare, icon, icon_button};
use super::word;
use crate::app::{Deed, Dialog, Page};
use crate::dom::{El, el};
use crate::live::Live;

pub(super) fn failure(page: Page, number: u32, card: Live<Card>, section: El) -> El {
    // Drawn anew only when it is another one, or said in the other language.
    let failure = Live::from(move || card.with(|card| card.failure.clone()));
    section.remade(move || failure.with(|it| it.as_ref().map(|it| shown(page, number, it))))
}

fn shown(page: Page, number: u32, failure: &FailureView) -> El {
    let remedy = failure.remedy;
    let way = bare(move || page.ask_for(Deed::Remedy(number, remedy)))
        .set("data-kind", "primary")
        .text(failure.remedy_name);
    // Nobody answered for too long: asking again may help, knowing why helps more.
    let is_unheard = matches!(remedy, Remedy::TryAgain | Remedy::LookAgain);
    let test = is_unheard.then(|| {
        bare(move || page.ask_for(Deed::Open(Dialog::Setup)))
            .says(word(page, RunText::TestConnection))
    });
    let raw = Some(&failure.raw).filter(|raw| !raw.is_empty());
    el("div", "failure")
        .put(el("h4", "failure-title").text(&failure.title))
        .put(el("p", "").text(&failure.body))
        .put(el("div", "failure-ways").put(way).put_all(test))
        .put_all(raw.map(|raw| details(page, raw.clone())))
}

pub(super) fn details(page: Page, raw: String) -> El {
    let pre = el("pre", "").set("tabindex", "0").text(&raw);
    let copy = icon_button(page, "#copy", RunText::Copy, move || {
        page.ask_for(Deed::CopyText(raw.clone()));
    });
    el("details", "details")
        .put(el("summary", "").put(icon("#chevron")).says(word(page, CommonText::Details)))
        .put(el("div", "details-raw").put(pre).put(copy))
}

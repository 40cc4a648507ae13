//! One tab per workflow. Invariant: without a second workflow there are no tabs.

use pilotlight_engine::text::Word;

use super::word;
use crate::app::{Intent, Page, Sheet};
use crate::browser;
use crate::dom::{El, el};

pub(super) fn tabs(page: Page) -> Option<El> {
    let sheets = page.sheets;
    let last = sheets.len().checked_sub(1).filter(|last| *last > 0)?;
    let by_key = move |key: &str| {
        let at = page.tab.now();
        match key {
            "ArrowRight" => Some(if at == last { 0 } else { at + 1 }),
            "ArrowLeft" => Some(at.checked_sub(1).unwrap_or(last)),
            "Home" => Some(0),
            "End" => Some(last),
            _ => None,
        }
    };
    let tabs = el("div", "tabs")
        .set("role", "tablist")
        .attr("aria-label", word(page, Word::Workflows))
        .on("keydown", move |event| {
            if let Some(to) = by_key(&event.key()) {
                event.prevent();
                page.act(Intent::PickTab(to));
                browser::focus(&id(to));
            }
        })
        .put_all(page.sheets.iter().enumerate().map(|(at, sheet)| tab(page, at, sheet)));
    Some(tabs)
}

fn tab(page: Page, at: usize, sheet: &'static Sheet) -> El {
    let is_chosen = move || page.tab.get() == at;
    el("button", "tab")
        .set("type", "button")
        .set("role", "tab")
        .set("id", &id(at))
        .set("aria-controls", "form")
        .attr("aria-selected", move || is_chosen().to_string())
        .attr("tabindex", move || (!is_chosen()).then(|| "-1".to_owned()))
        .on("click", move |_| page.act(Intent::PickTab(at)))
        .says(move || sheet.form.title.get(page.language.get()).to_owned())
}

pub(super) fn id(tab: usize) -> String {
    format!("tab-{tab}")
}

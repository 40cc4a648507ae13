//! One tab per workflow, and the way to another one.

use pilotlight_i18n::text::FormText;

use super::button::{bare, icon, icon_button};
use super::word;
use crate::app::{Deed, Intent, Page, Sheet};
use crate::browser::{self, Picked};
use crate::desk;
use crate::dom::{El, el};

pub(super) fn tabs(page: Page) -> El {
    let list = el("div", "tabs-list")
        .set("role", "tablist")
        .attr("aria-label", word(page, FormText::Workflows))
        .on("keydown", move |event| {
            if let Some(to) = by_key(page, &event.key()) {
                event.prevent();
                desk::act(page, Intent::PickTab(to));
                browser::focus(&id(to));
            }
        })
        .each(move || open(page), move |at| tab(page, at as usize));
    el("div", "tabs").put(list).put(opener(page))
}

/// The places of the sheets that have a tab.
fn open(page: Page) -> Vec<u32> {
    page.sheets.with(|sheets| {
        let open = (0..).zip(sheets).filter(|(_, sheet)| !sheet.is_closed.get());
        open.map(|(at, _)| at).collect()
    })
}

fn by_key(page: Page, key: &str) -> Option<usize> {
    let open = open(page);
    let at = open.iter().position(|at| *at as usize == page.tab.now())?;
    let to = match key {
        "ArrowRight" => open.get(at + 1).or(open.first()),
        "ArrowLeft" => at.checked_sub(1).and_then(|at| open.get(at)).or(open.last()),
        "Home" => open.first(),
        "End" => open.last(),
        _ => None,
    };
    to.map(|to| *to as usize)
}

fn tab(page: Page, at: usize) -> Option<El> {
    let title = move || {
        let of = |sheet: &&Sheet| sheet.form.title.get(page.language.get()).to_owned();
        page.sheets.with(|sheets| sheets.get(at).map(of)).unwrap_or_default()
    };
    let is_chosen = move || page.tab.get() == at;
    let tab = el("button", "tab")
        .set("type", "button")
        .set("role", "tab")
        .set("id", &id(at))
        .set("aria-controls", "form")
        .attr("aria-selected", move || is_chosen().to_string())
        .attr("tabindex", move || (!is_chosen()).then(|| "-1".to_owned()))
        .on("click", move |_| desk::act(page, Intent::PickTab(at)))
        .says(title);
    Some(tab)
}

/// Takes a file with a workflow in it. Dropping and pasting work everywhere; see `shell`.
fn opener(page: Page) -> El {
    let take = move |files: Vec<Picked>| {
        if let Some(file) = files.into_iter().next() {
            page.ask_for(Deed::OpenFile(file));
        }
    };
    let input = el("input", "unseen")
        .set("type", "file")
        .set("tabindex", "-1")
        .attr("aria-label", word(page, FormText::OpenWorkflow))
        .on("change", move |event| {
            if let Some(input) = event.target() {
                take(input.take_files());
            }
        });
    let chooser = input.clone();
    let close = move || {
        let at = page.tab.get();
        let opened = page.sheet(at).is_some_and(|sheet: &Sheet| sheet.is_opened);
        opened.then(|| {
            icon_button(page, "#close", FormText::CloseWorkflow, move || {
                page.ask_for(Deed::CloseWorkflow(at));
            })
        })
    };
    el("div", "tabs-more")
        .remade(close)
        .put(
            bare(move || chooser.call("click"))
                .set("data-kind", "quiet")
                .put(icon("#plus"))
                .says(word(page, FormText::OpenWorkflow)),
        )
        .put(input)
}

pub(super) fn id(tab: usize) -> String {
    format!("tab-{tab}")
}

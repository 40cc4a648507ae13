//! What came back, newest first.

use pilotlight_engine::form::Widget;
use pilotlight_engine::text::Word;

use super::button::{icon_button, quiet_button};
use super::{answer, picture, word};
use crate::app::{Content, Finding, Intent, Page};
use crate::dom::{El, drawing, el};

/// What there is to see, besides runs.
#[derive(Clone, Copy)]
enum Stock {
    Nothing,
    Runs,
    Results,
}

pub(super) fn results(page: Page, feed: El) -> El {
    let stock = move || match (page.findings.with(Vec::is_empty), page.jobs.with(Vec::is_empty)) {
        (false, _) => Stock::Results,
        (true, false) => Stock::Runs,
        (true, true) => Stock::Nothing,
    };
    feed.keyed(
        move || stock() as usize,
        move |_| match stock() {
            Stock::Nothing => Some(nothing(page)),
            Stock::Runs => None,
            Stock::Results => Some(list(page)),
        },
    )
}

fn nothing(page: Page) -> El {
    el("div", "empty")
        .put(drawing("empty-flame", "#flame"))
        .put(el("p", "empty-title").says(word(page, Word::EmptyTitle)))
        .put(el("p", "empty-text").says(word(page, Word::EmptyBody)))
}

fn list(page: Page) -> El {
    let head = el("div", "results-head")
        .put(el("h2", "").set("id", "results").says(word(page, Word::Results)))
        .put(el("span", "results-count").says(move || page.findings.with(Vec::len).to_string()));
    let list = el("ul", "results-list").set("role", "list").set("aria-labelledby", "results").each(
        move || page.findings.with(|all| all.iter().map(|one| one.id).collect()),
        move |id| {
            let find = |all: &Vec<Finding>| all.iter().find(|one| one.id == id).cloned();
            page.findings.peek(find).map(|one| result(page, &one))
        },
    );
    el("section", "results").set("aria-labelledby", "results").put(head).put(list)
}

fn result(page: Page, finding: &Finding) -> El {
    match &finding.content {
        Content::File { url, file_name, media } => {
            picture::picture(page, finding, url, file_name, *media)
        }
        Content::Gone => picture::gone(page),
        Content::Text { text, picture } => answer::answer(page, finding, text, picture.as_deref()),
    }
}

/// What can be done with a file. `named`: with words, not icons alone.
pub(super) fn actions(page: Page, finding: &Finding, named: bool) -> Vec<El> {
    let action = |href, name, intent: fn(u32) -> Intent, number| {
        let press = move || page.act(intent(number));
        match named {
            true => quiet_button(page, href, name, press),
            false => icon_button(page, href, name, press),
        }
    };
    let (id, is_picture) = (finding.id, finding.content.is_picture());
    let mut actions = vec![action("#download", Word::Download, Intent::Download, id)];
    if is_picture {
        actions.push(action("#copy", Word::Copy, Intent::CopyFinding, id));
    }
    if finding.seed.is_some() {
        actions.push(action("#dice", Word::CopySeed, Intent::CopySeed, id));
    }
    actions.push(action("#again", Word::SameAgain, Intent::SameAgain, finding.job));
    if is_picture && takes_pictures(page) {
        actions.push(action("#use", Word::UseAsInput, Intent::UseAsInput, id));
    }
    actions
}

fn takes_pictures(page: Page) -> bool {
    let mut fields = page.sheets.iter().flat_map(|sheet| &sheet.form.fields);
    fields.any(|field| field.widget == Widget::Picture)
}

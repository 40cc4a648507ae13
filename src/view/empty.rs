//! What stands where results will be, before there are any.

use pilotlight_i18n::text::{RunText, sentences};

use super::word;
use crate::app::{Notice, Page};
use crate::dom::{El, drawing, el};

pub(super) fn empty(page: Page, feed: El) -> El {
    let is_empty = move || page.findings.with(Vec::is_empty) && page.jobs.with(Vec::is_empty);
    feed.keyed(
        move || usize::from(is_empty()),
        move |nothing| (nothing > 0).then(|| invitation(page)),
    )
}

fn invitation(page: Page) -> El {
    let is_kept = move || page.notices.with(|all| !all.contains(&Notice::StorageRefused));
    let body = move || {
        let hint = page.word(RunText::EmptyHint);
        match is_kept() {
            true => sentences(hint, page.word(RunText::EmptyResumes), page.language.get()),
            false => hint.to_owned(),
        }
    };
    el("div", "empty")
        .put(drawing("empty-flame", "#flame"))
        .put(el("p", "empty-title").says(word(page, RunText::Empty)))
        .put(el("p", "empty-text").says(body))
}

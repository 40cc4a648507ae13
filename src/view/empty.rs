//! What stands where results will be, before there are any.

use leptos::prelude::*;
use pilotlight_i18n::text::Word;

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
        let kept = if is_kept() { page.word(Word::EmptyBodyKept) } else { "" };
        [page.word(Word::EmptyBody), kept].concat()
    };
    el("div", "empty")
        .put(drawing("empty-flame", "#flame"))
        .put(el("p", "empty-title").says(word(page, Word::EmptyTitle)))
        .put(el("p", "empty-text").says(body))
}

//! What came back, newest first.

use pilotlight_comfy::sighting::Media;
use pilotlight_i18n::text::{RunText, StorageText};

use super::button::bare;
use super::{answer, file, picture, word};
use crate::app::{Content, Deed, Dialog, Finding, Page};
use crate::dom::{El, el};
use crate::later::amount;

pub(super) fn results(page: Page, feed: El) -> El {
    let has_others = move || amount::count().with(|count| *count > 0);
    feed.keyed(
        move || match (page.findings.with(Vec::is_empty), has_others()) {
            (false, _) => 1,
            (true, true) => 2,
            (true, false) => 0,
        },
        move |what| match what {
            0 => None,
            1 => Some(list(page)),
            _ => Some(el("div", "results-head").put(all(page))),
        },
    )
}

fn list(page: Page) -> El {
    let head = el("div", "results-head")
        .put(el("h2", "").set("id", "results").says(word(page, RunText::Results)))
        .put(el("span", "results-count").says(move || page.findings.with(Vec::len).to_string()))
        .put(all(page));
    let list = el("ul", "results-list").set("role", "list").set("aria-labelledby", "results").each(
        move || page.findings.with(|all| keys(all)),
        move |key| {
            let id = key & !HEADING;
            let find = |all: &Vec<Finding>| all.iter().find(|one| one.id == id).cloned();
            let one = page.findings.peek(find)?;
            Some(if key == id { result(page, &one) } else { heading(&one) })
        },
    );
    el("section", "results").set("aria-labelledby", "results").put(head).put(list)
}

/// Opens the gallery; it says how many there are, as far as it was counted.
pub(super) fn all(page: Page) -> El {
    bare(move || page.ask_for(Deed::Open(Dialog::Gallery))).set("data-kind", "quiet").says(
        move || {
            // Where the browser refuses to keep them, these are all.
            let count = amount::count().get().max(page.findings.with(Vec::len));
            StorageText::All { count }.say(page.language.get())
        },
    )
}

/// Marks the key of what stands before a finding: a heading.
const HEADING: u32 = 1 << 31;

/// Where a group begins its heading, where one is followed by what is in none, a line.
fn keys(all: &[Finding]) -> Vec<u32> {
    let mut keys = Vec::new();
    let mut before: Option<&Finding> = None;
    for one in all {
        let same =
            before.is_none_or(|before| before.row.group == one.row.group && before.job == one.job);
        let was_in_one = before.is_some_and(|before| before.row.group.is_some());
        if (one.row.group.is_some() && (before.is_none() || !same)) || (was_in_one && !same) {
            keys.push(one.id | HEADING);
        }
        keys.push(one.id);
        before = Some(one);
    }
    keys
}

fn heading(finding: &Finding) -> El {
    let item = el("li", "results-group");
    match &finding.row.group {
        Some(title) => item.put(el("h3", "").text(title)),
        None => item.set("role", "none"),
    }
}

/// Stars and pins are seen here, and set in the gallery.
fn result(page: Page, finding: &Finding) -> El {
    let marks = match (finding.row.is_starred, finding.row.is_pinned) {
        (false, false) => return plain(page, finding),
        (true, false) => "★",
        (false, true) => "⚑",
        (true, true) => "★ ⚑",
    };
    plain(page, finding).set("data-marks", marks)
}

fn plain(page: Page, finding: &Finding) -> El {
    match &finding.content {
        Content::File { url, media: Media::Image, is_preview, .. } => {
            picture::picture(page, finding, url, *is_preview)
        }
        Content::File { .. } => file::file(page, finding),
        Content::Gone => picture::gone(page, finding),
        Content::Removed(_) => picture::removed(page, finding),
        Content::Text { text, picture } => answer::answer(page, finding, text, picture.as_deref()),
    }
}

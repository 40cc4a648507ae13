//! What came back, newest first.

use pilotlight_engine::form::Widget;
use pilotlight_engine::sighting::Media;
use pilotlight_engine::text::{Kept, Word};

use super::button::{bare, icon, icon_button, quiet_button};
use super::{answer, file, picture, word};
use crate::app::{Content, Deed, Dialog, Finding, Page, Sheet};
use crate::dom::{El, el};
use crate::later::{framed, removing};

pub(super) fn results(page: Page, feed: El) -> El {
    let has_others = move || removing::count().with(|count| *count > 0);
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
        .put(el("h2", "").set("id", "results").says(word(page, Word::Results)))
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
            let count = removing::count().get().max(page.findings.with(Vec::len));
            Kept::All { count }.say(page.language.get())
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

/// What can be done with a file. `named`: with words, not icons alone.
pub(super) fn actions(page: Page, finding: &Finding, named: bool) -> Vec<El> {
    let action = |href, name, deed: fn(u32) -> Deed, number| {
        let press = move || page.ask_for(deed(number));
        match named {
            true => quiet_button(page, href, name, press),
            false => icon_button(page, href, name, press),
        }
    };
    let (id, is_picture) = (finding.id, finding.content.is_picture());
    let mut actions = vec![action("#download", Word::Download, Deed::Download, id)];
    if is_copied(&finding.content) {
        actions.push(action("#copy", Word::Copy, Deed::CopyFinding, id));
    }
    if finding.row.seed.is_some() {
        actions.push(action("#dice", Word::CopySeed, Deed::CopySeed, id));
    }
    // In Chinese the one word speaks of a picture.
    let again = match (&finding.content, is_picture) {
        (Content::Text { .. }, _) => Word::AskAgain,
        (_, true) => Word::SameAgain,
        (_, false) => Word::RunAgain,
    };
    actions.push(action("#again", again, Deed::AnotherOf, id));
    if is_picture && takes_pictures(page) {
        actions.push(action("#use", Word::UseAsInput, Deed::UseAsInput, id));
    }
    actions
}

/// Takes a result away; see `picture::removed`.
pub(super) fn delete(page: Page, id: u32, named: bool) -> El {
    let name = move || Kept::Delete.say(page.language.get());
    let button = bare(move || page.ask_for(Deed::Remove(id))).put(icon("#delete"));
    match named {
        true => button.set("data-kind", "quiet").says(name),
        false => button.set("data-kind", "icon").attr("aria-label", name).attr("title", name),
    }
}

/// Browsers put texts into the clipboard, and no other picture.
fn is_copied(content: &Content) -> bool {
    match content {
        Content::File { file_name, .. } => file_name.ends_with(".png"),
        Content::Text { .. } => true,
        Content::Gone | Content::Removed(_) => false,
    }
}

fn takes_pictures(page: Page) -> bool {
    let takes = |sheet: &Sheet| sheet.form.fields.iter().any(|it| it.widget == Widget::Picture);
    match framed::shows("tabs") {
        true => page.sheets.peek(|sheets| sheets.iter().any(|sheet| takes(sheet))),
        false => page.sheet(page.tab.now()).is_some_and(takes),
    }
}

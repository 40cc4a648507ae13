//! What can be done with a result.

use pilotlight_forms::form::Widget;
use pilotlight_i18n::text::{RunText, StorageText};

use super::button::{bare, icon, icon_button, quiet_button};
use crate::app::{Content, Deed, Finding, Page, Sheet};
use crate::dom::El;
use crate::later::framed;

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
    let mut actions = vec![action("#download", RunText::Download, Deed::Download, id)];
    if is_copied(&finding.content) {
        actions.push(action("#copy", RunText::Copy, Deed::CopyFinding, id));
    }
    if finding.row.seed.is_some() {
        actions.push(action("#dice", RunText::CopySeed, Deed::CopySeed, id));
    }
    // In Chinese the one word speaks of a picture.
    let again = match (&finding.content, is_picture) {
        (Content::Text { .. }, _) => RunText::AskAgain,
        (_, true) => RunText::MakeAnother,
        (_, false) => RunText::RunAgain,
    };
    actions.push(action("#again", again, Deed::AnotherOf, id));
    if is_picture && takes_pictures(page) {
        actions.push(action("#use", RunText::UseAsInput, Deed::UseAsInput, id));
    }
    actions
}

/// Takes a result away; see `picture::removed`.
pub(super) fn delete(page: Page, id: u32, named: bool) -> El {
    let name = move || StorageText::Delete.say(page.language.get());
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

//! A result that is dragged: out of the page as a file, or back onto it. Invariant: what is dropped
//! is what this page knows of it, not what another page says.

use crate::events;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use std::cell::RefCell;

use pilotlight_comfy::json;
use pilotlight_comfy::media;
use pilotlight_forms::form::FieldKey;

use crate::app::{Content, Finding, Opening, Page, Part};
use crate::features::form::{input_images, take_file};
use crate::features::workflows::opened;
use crate::runtime::task;
use crate::{desk, pictures};

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    dragged: RefCell<Option<Finding>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

pub fn begin(finding: Finding, event: &DragEvent) {
    if let (Content::File { url, file_name, .. }, Some(_)) = (&finding.content, &finding.blob) {
        // No other page's words: a browser saves what the third part of this names.
        events::carry_result(event, media::type_of(file_name), file_name, url);
        state().dragged.replace(Some(finding));
    }
}

/// Into a field it goes as its picture; anywhere else its workflow is opened, as it was filled in.
pub fn drop(page: Page, key: Option<FieldKey>) {
    let Some(finding) = state().dragged.take() else { return };
    match key {
        Some(key) => give(page, key, finding),
        None => open(page, finding),
    }
}

fn give(page: Page, key: FieldKey, finding: Finding) {
    let (Some(sheet), Some(blob)) = (page.sheet(page.tab.get_untracked()), finding.blob) else {
        return;
    };
    let Content::File { file_name, .. } = finding.content else { return };
    task::spawn(async move {
        let taken = pictures::take_result(&blob, &file_name).await;
        take_file::taken(page, &sheet, key, taken).await;
    });
}

fn open(page: Page, finding: Finding) {
    let order = finding.order;
    let Some(sheet) = page.sheet(order.sheet) else {
        // Its form is gone, but not what it sent.
        let sent = json::text(&order.ready().workflow.to_value());
        return page.open(Part::Opening(Opening::Text(sent)));
    };
    page.dialog.set(None);
    task::spawn(async move {
        input_images::bring_back(&finding.row.pictures).await;
        opened::go_to(page, order.sheet);
        desk::fill_all(&sheet, order.drafts().clone());
    });
}

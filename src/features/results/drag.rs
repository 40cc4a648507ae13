//! Dragging a result: out of the page as a file, or into the page. Invariant: a drop uses this
//! page's own data of the result, not data that another page could have set.

use crate::events;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use std::cell::RefCell;

use pilotlight_comfy::json;
use pilotlight_comfy::media;
use pilotlight_forms::form::FieldKey;

use crate::app::{Content, Opening, Output, Page, Part};
use crate::features::form::take_file;
use crate::features::workflows::opened;
use crate::runtime::input_images;
use crate::runtime::task;
use crate::{form_state, pictures};

/// The state of this module: the result being dragged.
#[derive(Default)]
struct State {
    dragged: RefCell<Option<Output>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

pub fn begin(output: Output, event: &DragEvent) {
    if let (Content::File { url, file_name, .. }, Some(_)) = (&output.content, &output.blob) {
        // Browsers save the file at this URL; type and name are the page's own.
        events::carry_result(event, media::type_of(file_name), file_name, url);
        state().dragged.replace(Some(output));
    }
}

/// Drops the dragged result: on a field as its image, elsewhere its workflow and values are opened.
pub fn drop(page: Page, key: Option<FieldKey>) {
    let Some(output) = state().dragged.take() else { return };
    match key {
        Some(key) => give(page, key, output),
        None => open(page, output),
    }
}

fn give(page: Page, key: FieldKey, output: Output) {
    let (Some(sheet), Some(blob)) = (page.sheet(page.tab.get_untracked()), output.blob) else {
        return;
    };
    let Content::File { file_name, .. } = output.content else { return };
    task::spawn(async move {
        let taken = pictures::take_result(&blob, &file_name).await;
        take_file::taken(page, &sheet, key, taken).await;
    });
}

fn open(page: Page, output: Output) {
    let source = output.source;
    let Some(sheet) = page.sheet(source.sheet) else {
        // The form is gone; the workflow that was sent is opened instead.
        let sent = json::text(&source.ready().workflow.to_value());
        return page.open(Part::Opening(Opening::Text(sent)));
    };
    page.dialog.set(None);
    task::spawn(async move {
        input_images::load(&output.row.pictures).await;
        opened::go_to(page, source.sheet);
        form_state::fill_all(&sheet, source.drafts().clone());
    });
}

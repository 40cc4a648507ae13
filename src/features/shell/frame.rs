//! The page's frame: header, notices, tabs, form, feed.

use leptos::prelude::*;
use pilotlight_forms::form::Widget;

use crate::app::Page;
use crate::browser::Picked;
use crate::command::{Dialog, InputCommand, WorkflowCommand};
use crate::dom;
use crate::dom::Heard;
use crate::features::form::form_of_tab::FormOfTab;
use crate::features::shell::empty::Feed;
use crate::features::shell::header::Header;
use crate::features::shell::notice::PartMissing;
use crate::features::workflows::tabs::Tabs;

#[component]
pub fn Shell(page: Page) -> impl IntoView {
    take_files_anywhere(page);
    let notices = move || match page.later.get() {
        Some(later) => (later.notices)(page),
        None => view! { <PartMissing page/> }.into_any(),
    };
    view! {
        <div class="shell">
            <Header page/>
            <div class="notices">{notices}</div>
            <Tabs page/>
            <main class="page">
                <FormOfTab page/>
                <Feed page/>
            </main>
        </div>
    }
}

/// A picture pasted beside the field is meant for it; any other file, and whatever is dropped there,
/// is a workflow, or carries one, or results; a text may be one, or the address of one. What misses
/// must not make the browser leave the page.
fn take_files_anywhere(page: Page) {
    dom::everywhere("paste", move |event| {
        if is_busy(page, &event) {
            return;
        }
        if take(page, event.pasted()) {
            event.prevent();
        } else if let Some(text) = event.given_text() {
            page.send(WorkflowCommand::OpenText(text));
        }
    });
    dom::everywhere("dragover", |event| {
        if event.carries_files() || !event.is_in_control() {
            event.prevent();
        }
    });
    dom::everywhere("drop", move |event| {
        if is_busy(page, &event) {
            if event.carries_files() || !event.is_in_control() {
                event.prevent();
            }
        } else if event.carries_files() {
            event.prevent();
            match (event.carries_result(), event.dropped().into_iter().next()) {
                (true, _) => page.send(InputCommand::TakeResult(None)),
                (false, Some(file)) => page.send(WorkflowCommand::OpenFile(file)),
                (false, None) => {}
            }
        } else if let Some(text) = event.given_text() {
            event.prevent();
            page.send(WorkflowCommand::OpenText(text));
        }
    });
}

/// Whether it happened to a dialog that is about the form below it: another form would come up
/// behind it. The gallery takes archives, and gives results back.
fn is_busy(page: Page, event: &Heard) -> bool {
    let is_gallery =
        matches!(page.dialog.get_untracked(), Some(Dialog::Gallery | Dialog::Viewer(_)));
    event.is_in_dialog() && !is_gallery
}

fn take(page: Page, picked: Vec<Picked>) -> bool {
    let Some(file) = picked.into_iter().next() else { return false };
    let sheet = page.sheet(page.tab.get_untracked()).filter(|_| file.is_picture());
    let key = sheet.and_then(|sheet| {
        let field = sheet.form.fields.iter().find(|field| field.widget == Widget::Picture)?;
        Some(field.key.clone())
    });
    match key {
        Some(key) => page.send(InputCommand::TakeFile(key, file)),
        None => page.send(WorkflowCommand::OpenFile(file)),
    }
    true
}

//! The page's layout: header, notices, tabs, form, runs and results.

use crate::events;
use leptos::ev;
use leptos::prelude::*;
use pilotlight_forms::form::Widget;

use crate::app::Page;
use crate::browser::Picked;
use crate::command::{Dialog, InputCommand, WorkflowCommand};
use crate::features::form::form_of_tab::FormOfTab;
use crate::features::shell::empty::Feed;
use crate::features::shell::header::Header;
use crate::features::shell::notice::PartMissing;
use crate::features::workflows::tabs::Tabs;

#[component]
pub fn Shell() -> impl IntoView {
    let page = expect_context::<Page>();
    take_files_anywhere(page);
    let notices = move || match page.second_bundle.get() {
        Some(second_bundle) => (second_bundle.notices)(),
        None => view! { <PartMissing/> }.into_any(),
    };
    view! {
        <div class="shell">
            <Header/>
            <main class="main">
                <div class="notices">{notices}</div>
                <Tabs/>
                <div class="page">
                    <FormOfTab/>
                    <Feed/>
                </div>
            </main>
        </div>
    }
}

/// Handles files and texts that are pasted or dropped outside of fields. A pasted image is set as
/// the form's image; other files and texts are opened as workflow, address or archive. Drops are
/// always handled, because the browser would otherwise leave the page.
fn take_files_anywhere(page: Page) {
    window_event_listener(ev::paste, move |event| {
        if is_busy(page, &event) {
            return;
        }
        if take(page, events::pasted_files(&event)) {
            event.prevent_default();
        } else if let Some(text) = events::given_text(&event, event.clipboard_data()) {
            page.send(WorkflowCommand::OpenText(text));
        }
    });
    window_event_listener(ev::dragover, |event| {
        if events::carries_files(&event) || !events::is_in_control(&event) {
            event.prevent_default();
        }
    });
    window_event_listener(ev::drop, move |event| {
        if is_busy(page, &event) {
            if events::carries_files(&event) || !events::is_in_control(&event) {
                event.prevent_default();
            }
        } else if events::carries_files(&event) {
            event.prevent_default();
            let file = events::dropped_files(&event).into_iter().next();
            match (events::carries_result(&event), file) {
                (true, _) => page.send(InputCommand::TakeResult(None)),
                (false, Some(file)) => page.send(WorkflowCommand::OpenFile(file)),
                (false, None) => {}
            }
        } else if let Some(text) = events::given_text(&event, event.data_transfer()) {
            event.prevent_default();
            page.send(WorkflowCommand::OpenText(text));
        }
    });
}

/// Returns whether the event happened in a dialog that depends on the current form, so that no
/// other form must be opened. The gallery accepts archives and drops.
fn is_busy(page: Page, event: &ev::Event) -> bool {
    let is_gallery =
        matches!(page.dialog.get_untracked(), Some(Dialog::Gallery | Dialog::Viewer(_)));
    events::is_in_dialog(event) && !is_gallery
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

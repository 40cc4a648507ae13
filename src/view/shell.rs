//! The page's frame: header, notices, tabs, form, feed.

use leptos::ev;
use leptos::prelude::*;
use pilotlight_engine::form::Widget;

use super::{form, header, notice, results, runs, tabs};
use crate::app::{Intent, Page};
use crate::browser::{self, Picked};

pub(super) fn shell(page: Page) -> AnyView {
    take_pictures_anywhere(page);
    view! {
        <div class="shell">
            {header::header(page)}
            <div class="notices">{notice::notices(page)}</div>
            {tabs::tabs(page)}
            <main class="page">
                {form::form(page)}
                <div class="feed">{runs::runs(page)} {results::results(page)}</div>
            </main>
        </div>
    }
    .into_any()
}

/// A picture pasted or dropped beside the field is meant for it. A file that misses must not make
/// the browser leave the page.
fn take_pictures_anywhere(page: Page) {
    browser::everywhere(ev::paste, move |event| {
        if take(page, browser::pasted(&event)) {
            event.prevent_default();
        }
    });
    browser::everywhere(ev::dragover, |event| {
        if browser::carries_files(&event) {
            event.prevent_default();
        }
    });
    browser::everywhere(ev::drop, move |event| {
        if browser::carries_files(&event) && !event.default_prevented() {
            event.prevent_default();
            take(page, browser::dropped(&event));
        }
    });
}

fn take(page: Page, picked: Vec<Picked>) -> bool {
    let sheet = page.sheet(page.tab.get_untracked());
    let key = sheet.and_then(|sheet| {
        let field = sheet.form.fields.iter().find(|field| field.widget == Widget::Picture)?;
        Some(field.key.clone())
    });
    match (key, picked.into_iter().next()) {
        (Some(key), Some(file)) => {
            page.act(Intent::TakePicture(key, file));
            true
        }
        (_, None) | (None, _) => false,
    }
}

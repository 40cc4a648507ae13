//! Workflows in the page's address, and addresses that are pasted or dropped. Invariant: a link is
//! followed once; a reload shows the page as it was left.

use leptos::ev;
use leptos::prelude::window;
use leptos::prelude::*;
use pilotlight_comfy::json;
use pilotlight_forms::open::link;
use pilotlight_forms::share;
use serde::{Deserialize, Serialize};

use crate::app::{Opening, Page, Part};
use crate::{browser, form_state, pictures, storage};

/// The storage key of the last link, so that following it again overwrites nothing.
const LAST: &str = "link";

/// Follows the shared form in the fragment, or else `?workflow=`, unless that names an open form,
/// whose tab was selected before.
pub fn begin(page: Page) {
    // The address may change while the page is open.
    window_event_listener(ev::hashchange, move |_| {
        follow(page);
    });
    if follow(page) {
        return;
    }
    let Some(wanted) = browser::link() else { return };
    if page.sheets.with_untracked(|all| all.iter().any(|sheet| sheet.form.id == wanted)) {
        return followed(page);
    }
    let address = link::query_value(&wanted);
    if !address.trim().is_empty() {
        page.open(Part::Opening(Opening::Link { address, of_page: true }));
    }
}

/// Opens a text that was pasted or dropped outside of the fields if it is a workflow or an address.
pub fn text(page: Page, text: String) {
    let trimmed = text.trim();
    if trimmed.starts_with('{') {
        page.open(Part::Opening(Opening::Text(text)));
    } else if link::is_address(trimmed) {
        page.open(Part::Opening(Opening::Link { address: trimmed.to_owned(), of_page: false }));
    }
}

/// Opens the shared form in the page's address; returns whether there is one.
fn follow(page: Page) -> bool {
    let fragment = fragment();
    let is_there = fragment.is_some();
    fragment.into_iter().for_each(|fragment| page.open(Part::Opening(Opening::Shared(fragment))));
    is_there
}

/// Returns the shared form in the page's address, unless it was followed.
fn fragment() -> Option<String> {
    let state = window().history().and_then(|history| history.state());
    if state.is_ok_and(|state| state.is_truthy()) {
        return None;
    }
    let behind = window().location().hash().ok()?;
    behind.strip_prefix('#').filter(|behind| share::is_link(behind)).map(str::to_owned)
}

/// Marks the link as followed: from now on, a reload keeps the selected tab.
pub fn followed(page: Page) {
    form_state::pick_tab(page, page.tab.get_untracked());
    browser::mark_link();
}

/// The last link that was followed.
#[derive(Serialize, Deserialize)]
struct Last {
    /// The hash of the address, whose query may contain a secret token.
    address: String,
    /// The hash of the file.
    bytes: String,
    /// The id of the form that was opened.
    form: String,
}

/// Returns the index of the form that was opened when the last link was followed, if it had the
/// same address and bytes and the form is still open.
pub fn known(page: Page, address: &str, bytes: &[u8]) -> Option<usize> {
    let last: Last = json::from_text(&storage::get(LAST)?)?;
    let hash = pictures::hash;
    if last.address != hash(address.as_bytes()) || last.bytes != hash(bytes) {
        return None;
    }
    let same =
        |sheet: &crate::app::Sheet| sheet.form.id == last.form && !sheet.is_closed.get_untracked();
    page.sheets.with_untracked(|all| all.iter().position(same))
}

/// Stores what a link led to, once its tab is selected.
pub fn keep(page: Page, address: &str, bytes_hash: &str) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let last = Last {
        address: pictures::hash(address.as_bytes()),
        bytes: bytes_hash.to_owned(),
        form: sheet.form.id.clone(),
    };
    storage::set(LAST, &json::to_text(&last));
    followed(page);
}

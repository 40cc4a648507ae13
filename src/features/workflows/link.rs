//! What the page's address names or carries, and addresses that are pasted or dropped. Invariant: a link is
//! followed once; a reload finds the page as it was left.

use leptos::ev;
use leptos::prelude::window;
use leptos::prelude::*;
use pilotlight_comfy::json;
use pilotlight_forms::open::link;
use pilotlight_forms::share;
use serde::{Deserialize, Serialize};

use crate::app::{Opening, Page, Part};
use crate::{browser, desk, js, pictures, storage};

/// Where what the last link gave is stored, so that following it again overwrites nothing.
const LAST: &str = "link";

/// Follows what is behind the `#`, or else `?workflow=` when it names no form, whose tab would have
/// been picked at once.
pub fn begin(page: Page) {
    // Another one may be put into the address of the open page.
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

/// A text that was pasted or dropped beside all fields: a workflow, an address, or neither.
pub fn text(page: Page, text: String) {
    let trimmed = text.trim();
    if trimmed.starts_with('{') {
        page.open(Part::Opening(Opening::Text(text)));
    } else if link::is_address(trimmed) {
        page.open(Part::Opening(Opening::Link { address: trimmed.to_owned(), of_page: false }));
    }
}

/// Opens a shared form that the page's address carries, if it does.
fn follow(page: Page) -> bool {
    let fragment = fragment();
    let is_there = fragment.is_some();
    fragment.into_iter().for_each(|fragment| page.open(Part::Opening(Opening::Shared(fragment))));
    is_there
}

/// A shared form in the page's address, unless it was followed.
fn fragment() -> Option<String> {
    if js::get(&js::get(&window(), "history"), "state").is_truthy() {
        return None;
    }
    let behind = js::get(&js::get(&window(), "location"), "hash").as_string()?;
    behind.strip_prefix('#').filter(|behind| share::is_link(behind)).map(str::to_owned)
}

/// The tab is there; from now on a reload keeps what is in front.
pub fn followed(page: Page) {
    desk::pick_tab(page, page.tab.get_untracked());
    browser::mark_link();
}

/// The link that was followed last.
#[derive(Serialize, Deserialize)]
struct Last {
    /// The hash of the address, which may have a token behind its `?` that nobody else needs to
    /// find here.
    address: String,
    /// The hash of what came from there.
    bytes: String,
    /// The id of the form that it was opened into.
    form: String,
}

/// The place of the form that these bytes of this address were opened into when the link was last
/// followed, if it is still there.
pub fn known(page: Page, address: &str, bytes: &[u8]) -> Option<usize> {
    let last: Last = json::from_text(&storage::get(LAST)?)?;
    let hash = pictures::hash;
    if last.address != hash(address.as_bytes()) || last.bytes != hash(bytes) {
        return None;
    }
    let same =
        |sheet: &&crate::app::Sheet| sheet.form.id == last.form && !sheet.is_closed.get_untracked();
    page.sheets.with_untracked(|all| all.iter().position(same))
}

/// Stores what a link gave, once its tab is in front.
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

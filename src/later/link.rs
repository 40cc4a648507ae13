//! What the page's address names, and addresses that are pasted or dropped. Invariant: a link is
//! followed once; a reload finds the page as it was left.

use pilotlight_engine::json;
use pilotlight_engine::open::link;
use serde_json::Value;

use super::opening::{self, Wanted};
use crate::app::Page;
use crate::{browser, desk, pictures, storage};

/// Where what the last link gave is stored, so that following it again overwrites nothing.
const LAST: &str = "link";

/// Follows `?workflow=` when it names no form, whose tab would have been picked at once.
pub fn begin(page: Page) {
    let Some(wanted) = browser::link() else { return };
    if page.sheets.peek(|all| all.iter().any(|sheet| sheet.form.id == wanted)) {
        return followed(page);
    }
    let address = link::query_value(&wanted);
    if !address.trim().is_empty() {
        opening::want(page, Wanted::Link { address, of_page: true });
    }
}

/// A text that was pasted or dropped beside all fields: a workflow, an address, or neither.
pub fn text(page: Page, text: String) {
    let trimmed = text.trim();
    if trimmed.starts_with('{') {
        opening::want(page, Wanted::Text(text));
    } else if link::is_address(trimmed) {
        opening::want(page, Wanted::Link { address: trimmed.to_owned(), of_page: false });
    }
}

/// The tab is there; from now on a reload keeps what is in front.
fn followed(page: Page) {
    desk::pick_tab(page, page.tab.now());
    browser::mark_link();
}

/// The place of the form that these bytes of this address were opened into when the link was last
/// followed, if it is still there.
pub fn known(page: Page, address: &str, bytes: &[u8]) -> Option<usize> {
    let last = json::parse(&storage::get(LAST)?)?;
    let is = |name: &str, text: &str| last.get(name).and_then(Value::as_str) == Some(text);
    if !is("address", address) || !is("bytes", &pictures::hash(bytes)) {
        return None;
    }
    let same = |sheet: &&crate::app::Sheet| is("form", &sheet.form.id) && !sheet.is_closed.now();
    page.sheets.peek(|all| all.iter().position(same))
}

/// Stores what a link gave, once its tab is in front.
pub fn keep(page: Page, address: &str, bytes_hash: &str) {
    let Some(sheet) = page.sheet(page.tab.now()) else { return };
    let last = json::object(vec![
        ("address", address.into()),
        ("bytes", bytes_hash.into()),
        ("form", sheet.form.id.as_str().into()),
    ]);
    storage::set(LAST, &json::text(&last));
    followed(page);
}

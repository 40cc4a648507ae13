//! The key that a server may want of this page. Its dialog is in a module of its own, fetched when
//! somebody opens it.

use leptos::prelude::*;
use std::cell::RefCell;

use pilotlight_comfy::access::AccessKey;
use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_i18n::text::KeyText;
use pilotlight_session::Event;

use crate::app::{Notice, Page};
use crate::components::Overlay;
use crate::features::server::access_key::Kept;
use crate::features::server::{access_key, endpoint};
use crate::features::shell::announce;
use crate::runtime;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    open: RefCell<Option<Overlay>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Takes up the key of before a reload, before anything is asked.
pub fn begin(page: Page) {
    if let Some(known) = page.endpoint.get_untracked()
        && access_key::of(&known.key()).is_some()
    {
        endpoint::exchange(page, Some(Endpoint::clone(&known)));
    }
}

/// Whether there is something to be entered or changed. Follows it.
pub fn is_wanted(page: Page) -> bool {
    let is_said = runtime::key_refused().with(Option::is_some);
    page.endpoint.get().is_some_and(|endpoint| {
        endpoint.transport() == Transport::Direct && (is_said || endpoint.has_access_key())
    })
}

/// Opens the dialog. `view` makes it.
pub fn begin_dialog(page: Page, view: fn(Page) -> AnyView) {
    leave();
    state().open.replace(Some(Overlay::open(|| view(page))));
}

/// Closes the dialog; the browser puts the focus back to where it was.
pub fn leave() {
    if let Some(overlay) = state().open.take() {
        overlay.close();
    }
}

/// Every request from now on has this key, and what ended for want of it goes on. `false`: it is
/// none.
pub fn enter(page: Page, typed: &str) -> bool {
    let (Some(key), Some(known)) = (AccessKey::typed(typed), page.endpoint.get_untracked()) else {
        return false;
    };
    access_key::keep(Some(Kept { endpoint: known.key(), key: key.as_str().to_owned() }));
    exchange(page, &known, KeyText::Used);
    // What was pressed for goes on: nothing that was sent is sent again before it was looked for.
    if let Some(endpoint) = page.endpoint.get_untracked() {
        runtime::tell(page, Event::AccessKeyEntered(Endpoint::clone(&endpoint)));
    }
    true
}

pub fn forget(page: Page) {
    access_key::keep(None);
    if let Some(known) = page.endpoint.get_untracked() {
        exchange(page, &known, KeyText::Forgotten);
    }
}

fn exchange(page: Page, known: &Endpoint, word: KeyText) {
    runtime::key_refused().set(None);
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::Warm(_))));
    endpoint::exchange(page, Some(known.clone()));
    announce::say(page, word.say(page.language.get_untracked()));
    leave();
}

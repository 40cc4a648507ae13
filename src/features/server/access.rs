//! The access key of a server that requires one: whether it is needed, entering and forgetting it.

use leptos::prelude::*;
use std::cell::RefCell;

use pilotlight_comfy::access::AccessKey;
use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_i18n::text::KeyText;
use pilotlight_session::Event;

use crate::access_key;
use crate::access_key::Kept;
use crate::app::{Notice, Page};
use crate::components::Overlay;
use crate::features::server::endpoint;
use crate::features::shell::announce;
use crate::runtime;

/// The state of this module: the open dialog.
#[derive(Default)]
struct State {
    open: RefCell<Option<Overlay>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Adds the key that this tab stored before a reload to the endpoint.
pub fn begin(page: Page) {
    if let Some(known) = page.endpoint.get_untracked()
        && access_key::of(&known.key()).is_some()
    {
        endpoint::exchange(page, Some(Endpoint::clone(&known)));
    }
}

/// Returns whether a key can be entered or changed; tracks the endpoint and refusals.
pub fn is_wanted(page: Page) -> bool {
    let is_said = runtime::key_refused().with(Option::is_some);
    page.endpoint.get().is_some_and(|endpoint| {
        endpoint.transport() == Transport::Direct && (is_said || endpoint.has_access_key())
    })
}

/// Opens the dialog; `view` makes its content.
pub fn begin_dialog(page: Page, view: fn(Page) -> AnyView) {
    leave();
    state().open.replace(Some(Overlay::open(|| view(page))));
}

/// Closes the dialog; the browser returns the focus to where it was.
pub fn leave() {
    if let Some(overlay) = state().open.take() {
        overlay.close();
    }
}

/// Uses this key for all further requests, and continues runs that failed without it. Returns
/// `false` if the text is not a key.
pub fn enter(page: Page, typed: &str) -> bool {
    let (Some(key), Some(known)) = (AccessKey::typed(typed), page.endpoint.get_untracked()) else {
        return false;
    };
    access_key::keep(Some(Kept { endpoint: known.key(), key: key.as_str().to_owned() }));
    exchange(page, &known, KeyText::Used);
    // Runs that lacked the key continue; sent prompts are looked up before they are sent again.
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
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::KeepAwake(_))));
    endpoint::exchange(page, Some(known.clone()));
    announce::say(page, word.say(page.language.get_untracked()));
    leave();
}

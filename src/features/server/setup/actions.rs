//! Determines the server, and stores the one that was set up in this browser. Invariant: a server
//! named by a link is used only if the configuration lists it; what is stored contains no secret.

use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Label;
use pilotlight_forms::open::link;
use pilotlight_i18n::present;
use pilotlight_i18n::text::SetupText;
use pilotlight_runs::config::Address;
use pilotlight_runs::run::Run;
use pilotlight_runs::setup::{Setup, SetupTrouble, Unlinked};

pub use crate::features::server::setup::testing::{
    END, Setting, edit, field_id, leave, open, press, use_this,
};

use crate::app::{Notice, Page, SetupPurpose};
use crate::features::server::endpoint;
use crate::{browser, form_state, storage};
use leptos::prelude::*;

/// The storage key of the server that was set up.
const KEY: &str = "setup";

/// The state of this module.
#[derive(Default)]
struct State {
    is_ours: RwSignal<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns whether the server was set up in this browser.
pub fn is_ours() -> RwSignal<bool> {
    state().is_ours
}

/// Determines the server before any request: from the link, the configuration, or what was set up
/// in this browser.
pub fn begin(page: Page) {
    if let Some(endpoint) = linked(page) {
        return endpoint::exchange(page, Some(endpoint));
    }
    if page.endpoint.get_untracked().is_some() {
        return;
    }
    if let Some(setup) = stored() {
        is_ours().set(true);
        return endpoint::exchange(page, Some(setup.endpoint()));
    }
    page.notices.update(|all| all.push(wanted()));
    // Notices about errors in the configuration would be behind the dialog.
    let is_in_order = |one: &Notice| !matches!(one, Notice::Config(_));
    if page.notices.with_untracked(|all| all.iter().all(is_in_order)) {
        page.open_setup_for(SetupPurpose::SetUp);
    }
}

fn linked(page: Page) -> Option<Endpoint> {
    let config = page.config;
    let found = Setup::linked(&browser::query(), config.model.as_deref(), browser::decoded)?;
    let is_listed = |address: &Address| {
        config.endpoint.iter().chain(&config.endpoints).any(|listed| listed == address)
    };
    match found {
        Ok(setup) if is_listed(&setup.address) => {
            let transport = setup.transport.or(Some(config.transport));
            Some(Setup { transport, ..setup }.endpoint())
        }
        Ok(setup) => not_followed(page, setup.address.as_str()),
        Err(Unlinked { address, troubles }) => {
            let is_listed = Address::parse(&address).is_ok_and(|address| is_listed(&address));
            match troubles.first() {
                Some((_, trouble)) if is_listed => lacks(page, *trouble),
                Some(_) | None => not_followed(page, &address),
            }
        }
    }
}

fn lacks(page: Page, trouble: SetupTrouble) -> Option<Endpoint> {
    let why = present::setup_trouble(trouble);
    let said = Label::of(|language| SetupText::LinkLacks { why: why.say(language) }.say(language));
    form_state::add_notice(page, Notice::Setup { said, way: None });
    None
}

fn not_followed(page: Page, address: &str) -> Option<Endpoint> {
    // The address comes from the link's author: secrets are left out, and it is shortened.
    let said = SetupText::LinkNotListed { address: &link::shown(address) };
    if browser::is_framed() {
        leptos::logging::warn!("{}", said.say(page.language.get_untracked()));
        return None;
    }
    let said = said.label();
    form_state::add_notice(page, Notice::Setup { said, way: None });
    None
}

/// Returns the notice that there is no server.
fn wanted() -> Notice {
    let way = Some(SetupText::SetUp.label());
    Notice::Setup { said: SetupText::NoServer.label(), way }
}

pub fn stored() -> Option<Setup> {
    json::from_text(&storage::get(KEY)?)
}

/// Returns whether any run is not ended; such runs belong to the current server.
pub fn is_busy(page: Page) -> bool {
    page.jobs.with(|jobs| jobs.iter().any(|job| job.run.with(|run| !run.is_ended())))
}

/// Stores a server that was set up, and uses it.
pub fn take(page: Page, setup: &Setup, transport: Transport) {
    let setup = Setup { transport: Some(transport), ..setup.clone() };
    storage::set(KEY, &json::to_text(&setup));
    is_ours().set(true);
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::Setup { .. })));
    endpoint::exchange(page, Some(setup.endpoint()));
}

/// Removes the server that was set up, unless a run is not ended.
pub fn forget(page: Page) {
    if page
        .jobs
        .with_untracked(|jobs| jobs.iter().any(|job| !job.run.with_untracked(Run::is_ended)))
    {
        return;
    }
    storage::remove(KEY);
    is_ours().set(false);
    endpoint::exchange(page, None);
    form_state::add_notice(page, wanted());
}

//! Where the server is, when the configuration does not say or a link says otherwise, and the test of
//! the way to it. Invariant: what a link names counts only where the configuration lists it; what is
//! set up here is stored in this browser, and holds nothing secret.

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
use crate::{browser, desk, storage};
use leptos::prelude::*;

/// Under which it is stored.
const KEY: &str = "setup";

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    is_ours: RwSignal<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Whether the server is one that was set up in this browser.
pub fn is_ours() -> RwSignal<bool> {
    state().is_ours
}

/// Finds the server before anything is done with it: of a link, of the configuration, of what was
/// set up here.
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
    // What is wrong with the configuration has to be seen first.
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
    desk::add_notice(page, Notice::Setup { said, way: None });
    None
}

fn not_followed(page: Page, address: &str) -> Option<Endpoint> {
    // Not every word of whoever made the link.
    let said = SetupText::LinkNotListed { address: &link::shown(address) }.label();
    desk::add_notice(page, Notice::Setup { said, way: None });
    None
}

/// There is no server.
fn wanted() -> Notice {
    let way = Some(SetupText::SetUp.label());
    Notice::Setup { said: SetupText::NoServer.label(), way }
}

pub fn stored() -> Option<Setup> {
    json::from_text(&storage::get(KEY)?)
}

/// Whether a run is under way: it belongs to the server that it was sent to.
pub fn is_busy(page: Page) -> bool {
    page.jobs.with(|jobs| jobs.iter().any(|job| job.run.with(|run| !run.is_ended())))
}

/// Stores it, and goes on with this server.
pub fn take(page: Page, setup: &Setup, transport: Transport) {
    let setup = Setup { transport: Some(transport), ..setup.clone() };
    storage::set(KEY, &json::to_text(&setup));
    is_ours().set(true);
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::Setup { .. })));
    endpoint::exchange(page, Some(setup.endpoint()));
}

/// Forgets the server that was set up here.
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
    desk::add_notice(page, wanted());
}

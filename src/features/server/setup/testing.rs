//! The state and commands of the setup dialog. Invariant: a test starts only after a press, and
//! ends when the dialog is closed.

use std::cell::RefCell;

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_comfy::time::At;
use pilotlight_i18n::text::SetupText;
use pilotlight_runs::config::Address;
use pilotlight_runs::connection_test::{ConnectionTest, End, Place, Target};
use pilotlight_runs::setup::{Setup, SetupField, SetupTrouble, Typed};
use pilotlight_session::Event;

use crate::access_key;
use crate::app::{Page, SetupPurpose};
use crate::components::Overlay;
use crate::components::follow;
use crate::features::server::setup::actions::take;
use crate::features::shell::announce;
use crate::runtime::task;
use crate::{browser, runtime};
use leptos::prelude::*;

/// The id of the element that shows the result of the test.
pub const END: &str = "setup-end";

/// Returns the id of a field's control.
pub fn field_id(field: SetupField) -> &'static str {
    match field {
        SetupField::Address => "setup-address",
        SetupField::Namespace => "setup-namespace",
        SetupField::Vks => "setup-vks",
        SetupField::Model => "setup-model",
    }
}

/// The state of the open dialog.
#[derive(Clone, Copy)]
pub struct Setting {
    pub page: Page,
    pub purpose: SetupPurpose,
    pub typed: RwSignal<Typed>,
    pub wrong: RwSignal<Vec<(SetupField, SetupTrouble)>>,
    pub test: RwSignal<ConnectionTest>,
    /// Updated every second while a test is in progress.
    pub now: RwSignal<At>,
}

/// The open dialog, and its page.
struct Open {
    page: Page,
    overlay: Overlay,
}

/// The state of this module: the open dialog.
#[derive(Default)]
struct State {
    open: RefCell<Option<Open>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens the dialog; `view` makes its content.
pub fn open(page: Page, purpose: SetupPurpose, view: fn(Setting) -> AnyView) {
    leave();
    let stored = crate::features::server::setup::actions::stored()
        .filter(|_| crate::features::server::setup::actions::is_ours().get_untracked());
    let overlay = Overlay::open(|| {
        let setting = Setting {
            page,
            purpose,
            typed: RwSignal::new(stored.map(|setup| setup.typed()).unwrap_or_default()),
            wrong: RwSignal::new(Vec::new()),
            test: runtime::connection_test(),
            now: RwSignal::new(browser::now()),
        };
        follow(move || show_end(setting));
        // The interval ends when the dialog is closed.
        StoredValue::new_local(Interval::new(1_000, move || {
            if setting.test.with_untracked(ConnectionTest::is_on) {
                setting.now.set(browser::now());
            }
        }));
        view(setting)
    });
    state().open.replace(Some(Open { page, overlay }));
}

/// Closes the dialog; the browser returns the focus to where it was.
pub fn leave() {
    if let Some(open) = state().open.take() {
        runtime::tell(open.page, Event::ConnectionTestDiscarded);
        open.overlay.close();
    }
}

/// Changes the entered values, and discards problems and test result, which no longer apply.
pub fn edit(setting: Setting, change: impl FnOnce(&mut Typed)) {
    setting.typed.update(change);
    if setting.wrong.with_untracked(|wrong| !wrong.is_empty()) {
        setting.wrong.set(Vec::new());
    }
    if setting.test.with_untracked(|test| test.target().is_some()) {
        runtime::tell(setting.page, Event::ConnectionTestDiscarded);
    }
}

/// Starts the test, or stops it.
pub fn press(setting: Setting) {
    if setting.test.with_untracked(ConnectionTest::is_on) {
        return runtime::tell(setting.page, Event::ConnectionTestStopped);
    }
    let (endpoint, is_kubeai) = match setting.purpose {
        SetupPurpose::Test => {
            let Some(endpoint) = setting.page.endpoint.get_untracked() else { return };
            let is_kubeai = Address::parse(endpoint.base()).is_ok_and(|it| it.is_kubeai());
            (Endpoint::clone(&endpoint), is_kubeai)
        }
        SetupPurpose::SetUp => {
            let Some(setup) = read(setting) else { return };
            let endpoint = setup.endpoint();
            let key = access_key::of(&endpoint.key());
            (endpoint.with_access(key), setup.address.is_kubeai())
        }
    };
    let is_kubeai = is_kubeai || endpoint.model().is_some();
    let server = browser::resolved(endpoint.base());
    let place = Place::new(&browser::resolved("."), &server, browser::is_online());
    let target = Box::new(Target { endpoint, place, is_kubeai });
    let form =
        setting.page.sheet(setting.page.tab.get_untracked()).map(|sheet| sheet.form.id.clone());
    let tested = Event::ConnectionTestRequested(target, form.unwrap_or_default());
    runtime::tell(setting.page, tested);
}

/// Returns the entered server; if it is invalid, shows the problems at their fields.
fn read(setting: Setting) -> Option<Setup> {
    match setting.typed.with_untracked(Typed::read) {
        Ok(setup) => Some(setup),
        Err(wrong) => {
            if let Some((field, _)) = wrong.first() {
                browser::focus(field_id(*field));
            }
            setting.wrong.set(wrong);
            None
        }
    }
}

/// Uses the entered server, with the transport that the test found or the user selected.
pub fn use_this(setting: Setting) {
    let page = setting.page;
    if crate::features::server::setup::actions::is_busy(page) {
        return;
    }
    let Some(setup) = read(setting) else { return };
    let found = setting.test.with_untracked(|test| match test.ended() {
        Some(End::Well(well)) => Some(well.transport),
        Some(End::Broken(_) | End::Stopped) | None => None,
    });
    take(page, &setup, found.or(setup.transport).unwrap_or(Transport::Relay));
    leave();
    announce::say(page, &SetupText::Used.say(page.language.get_untracked()));
}

/// Scrolls to the result of the test, once it is in the document.
fn show_end(setting: Setting) {
    if setting.test.with(|test| test.ended().is_some()) {
        task::spawn(async {
            TimeoutFuture::new(0).await;
            browser::bring_into_view(END);
        });
    }
}

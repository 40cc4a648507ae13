//! The setup dialog. Invariant: it says what a test may cost before one starts, and shows a failure
//! at the step that failed.

use crate::browser;
use leptos::prelude::*;
use pilotlight_i18n::text::{SettingsText, SetupText};
use pilotlight_runs::connection_test::End;
use pilotlight_runs::setup::Where;

use crate::app::SetupPurpose;
use crate::components::{DialogFrame, DialogHead};
use crate::features::server::panel;
use crate::features::server::panel::Fact;
use crate::features::server::setup::actions;
use crate::features::server::setup::actions::Setting;
use crate::features::server::setup::common::{hint, is_on, is_well, say, transport_word};
use crate::features::server::setup::form::Typing;
use crate::features::server::setup::test::Test;

/// The style sheet of the dialog, added when it is opened.
const STYLE: &str = include_str!("setup.css");

/// The dialog; in the document only while it is open.
#[component]
pub fn SetupDialog(setting: Setting) -> impl IntoView {
    let title = match setting.purpose {
        SetupPurpose::SetUp => SetupText::Title,
        SetupPurpose::Test => SetupText::TestTitle,
    };
    let what = match setting.purpose {
        SetupPurpose::SetUp => view! { <Typing setting/> }.into_any(),
        SetupPurpose::Test => view! { <Server setting/> }.into_any(),
    };
    browser::add_style(STYLE);
    view! {
        <DialogFrame class="dialog" title_id="setup" closes_beside=false on_close=actions::leave>
            <DialogHead
                title_id="setup"
                title=Signal::derive(say(setting, title))
                on_close=actions::leave
            />
            <div class="dialog-body setup-body">
                {what}
                <Test setting/>
                <Foot setting/>
            </div>
        </DialogFrame>
    }
}

/// The current server.
#[component]
fn Server(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let named = move |text: SettingsText| Signal::derive(move || page.word(text).to_owned());
    let address = move || page.endpoint.get().map(|endpoint| endpoint.base().to_owned());
    let model = move || {
        let plain = || page.word(SettingsText::PlainComfyui).to_owned();
        Some(panel::model(page).unwrap_or_else(plain))
    };
    let transport = move || {
        let transport = page.endpoint.get().map(|endpoint| endpoint.transport())?;
        Some(page.word(transport_word(transport)).to_owned())
    };
    view! {
        <dl class="facts">
            <Fact name=named(SettingsText::Address) value=Signal::derive(address)/>
            <Fact name=named(SettingsText::Model) value=Signal::derive(model)/>
            <Fact name=named(SettingsText::Transport) value=Signal::derive(transport)/>
        </dl>
    }
}

/// The buttons of the dialog, and what a test may cost.
#[component]
fn Foot(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let is_ready = Memo::new(move |_| can_use(setting));
    let may_cost = move || setting.test.with(|it| it.target().is_none()) && wakes(setting);
    let name = move || {
        let text = setting.test.with(|test| match (test.is_on(), test.target()) {
            (true, _) => SetupText::Stop,
            (false, Some(_)) => SetupText::TestAgain,
            (false, None) => SetupText::Test,
        });
        text.say(page.language.get())
    };
    let is_busy = Memo::new(move |_| actions::is_busy(page));
    let busy =
        move || (is_ready.get() && is_busy.get()).then(|| SetupText::Busy.say(page.language.get()));
    let cost = move || {
        let text = if may_cost() { SetupText::TestCosts } else { SetupText::TestFree };
        setting.test.with(|it| it.target().is_none()).then(|| text.say(page.language.get()))
    };
    let use_this =
        move || is_ready.get().then(|| view! { <UseThis setting is_busy/> }.into_any()).into_any();
    view! {
        <div class="setup-foot">
            {move || hint(cost())}
            {move || hint(busy())}
            <div class="setup-ways">
                <button
                    class="button"
                    type="button"
                    id="setup-test"
                    autofocus=setting.purpose == SetupPurpose::Test
                    data-kind=move || (!is_ready.get() && !is_on(setting)).then_some("primary")
                    on:click=move |_| actions::press(setting)
                >
                    {name}
                </button>
                {use_this}
            </div>
        </div>
    }
}

/// The button that uses the entered server.
#[component]
fn UseThis(setting: Setting, is_busy: Memo<bool>) -> impl IntoView {
    let is_found = untrack(|| is_well(setting));
    view! {
        <button
            class="button"
            type="button"
            data-kind=is_found.then_some("primary")
            disabled=move || is_busy.get()
            on:click=move |_| actions::use_this(setting)
        >
            {say(setting, SetupText::Use)}
        </button>
    }
}

/// Returns whether a test may wake a GPU, judged by the entered values.
fn wakes(setting: Setting) -> bool {
    match setting.purpose {
        SetupPurpose::Test => setting.page.endpoint.get().is_some_and(|endpoint| {
            endpoint.model().is_some() || endpoint.base().ends_with("openai")
        }),
        SetupPurpose::SetUp => setting.typed.with(|typed| {
            typed.place == Where::Alaya
                || !typed.model.trim().is_empty()
                || typed.address.trim().is_empty()
                || typed.address.trim_end().trim_end_matches('/').ends_with("openai")
        }),
    }
}

/// Returns whether the server can be used: a test found its transport, or the user selected one. A
/// server of the configuration is already in use.
fn can_use(setting: Setting) -> bool {
    let found = setting.test.with(|test| match test.ended() {
        Some(End::Well(well)) => Some(well.transport),
        Some(End::Broken(_) | End::Stopped) | None => None,
    });
    if is_on(setting) {
        return false;
    }
    match setting.purpose {
        SetupPurpose::SetUp => {
            found.is_some()
                || setting.typed.with(|typed| typed.transport.is_some() && typed.read().is_ok())
        }
        SetupPurpose::Test => {
            let has = setting.page.endpoint.get().map(|endpoint| endpoint.transport());
            actions::is_ours().get() && found.is_some() && found != has
        }
    }
}

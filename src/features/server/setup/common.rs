//! Helpers for the views of the setup dialog.

use leptos::prelude::*;
use pilotlight_comfy::comfy::Transport;
use pilotlight_i18n::text::{SettingsText, SetupText};
use pilotlight_runs::connection_test::{ConnectionTest, End};

use crate::features::server::setup::actions::Setting;

pub fn say(
    setting: Setting,
    text: SetupText<'static>,
) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || text.say(setting.page.language.get())
}

pub fn transport_word(transport: Transport) -> SettingsText {
    match transport {
        Transport::Relay => SettingsText::Relay,
        Transport::Direct => SettingsText::Direct,
    }
}

/// Returns whether a test is in progress; tracks it.
pub fn is_on(setting: Setting) -> bool {
    setting.test.with(ConnectionTest::is_on)
}

/// Returns whether the last test succeeded; tracks it.
pub fn is_well(setting: Setting) -> bool {
    setting.test.with(|test| matches!(test.ended(), Some(End::Well(_))))
}

/// Returns a hint, or nothing without a text.
pub fn hint(text: Option<String>) -> AnyView {
    text.map(|text| view! { <p class="dialog-hint">{text}</p> }.into_any()).into_any()
}

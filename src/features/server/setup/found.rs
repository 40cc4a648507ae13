//! The result of a connection test: success, or the failed step and what to do about it.

use leptos::prelude::*;
use pilotlight_comfy::comfy::{Guard, Transport};
use pilotlight_i18n::present::{self, FindingView};
use pilotlight_i18n::text::{GpuText, SettingsText, SetupText, TestText, clock};
use pilotlight_runs::connection_test::{ConnectionTest, End, Finding, Well};

use crate::app::SetupPurpose;
use crate::browser;
use crate::features::runs::failure::Details;
use crate::features::server::key_dialog::EnterKey;
use crate::features::server::panel::Fact;
use crate::features::server::setup::actions;
use crate::features::server::setup::actions::{END, Setting};
use crate::features::server::setup::common::transport_word;

#[component]
pub fn Found(setting: Setting, end: End) -> impl IntoView {
    match end {
        End::Well(well) => view! { <AllWell setting well/> }.into_any(),
        End::Stopped => {
            view! { <p>{SetupText::Stopped.say(setting.page.language.get())}</p> }.into_any()
        }
        End::Broken(broken) => {
            let language = setting.page.language.get();
            let finding = setting
                .test
                .with_untracked(|it| present::connection_finding(it, &broken, language));
            // A key can be entered only for the current server.
            let wants_key = broken.finding == Finding::Guarded(Guard::Key)
                && setting.purpose == SetupPurpose::Test;
            view! { <BrokenLink finding wants_key/> }.into_any()
        }
    }
}

/// The failed step, and what to do about it.
#[component]
fn BrokenLink(finding: FindingView, wants_key: bool) -> impl IntoView {
    let FindingView { title, advice, raw } = finding;
    view! {
        <div class="setup-finding" id=END>
            <h3 class="setup-found">{title}</h3>
            <p>{advice}</p>
            {(!raw.is_empty()).then(|| view! { <Details raw/> }.into_any())}
            {wants_key.then(|| view! { <EnterKey/> }.into_any())}
        </div>
    }
}

#[component]
fn AllWell(setting: Setting, well: Well) -> impl IntoView {
    let page = setting.page;
    let language = page.language.get();
    let text = |text: TestText| text.say(language);
    let device = well.facts.device.as_deref().map(|it| present::device_name(it).to_owned());
    let woke_ms = setting.test.with_untracked(ConnectionTest::woke_ms);
    let woke = woke_ms.filter(|ms| *ms >= 1_000).map(|ms| clock(ms, language));
    let round = text(TestText::Milliseconds { ms: well.round_trip_ms });
    let tested = page.endpoint.get_untracked().map(|endpoint| endpoint.transport());
    let is_told = setting.purpose == SetupPurpose::Test && tested == Some(well.transport);
    let transport = (!is_told).then(|| page.word(transport_word(well.transport)).to_owned());
    let fact = |name: String, value: Option<String>| {
        view! { <Fact name=Signal::stored(name) value=Signal::stored(value)/> }.into_any()
    };
    let facts = [
        fact(GpuText::Comfyui.say(language), well.facts.version.clone()),
        fact(GpuText::Device.say(language), device),
        fact(text(TestText::Woke), woke),
        fact(page.word(SettingsText::Transport).to_owned(), transport),
        fact(text(TestText::Extension), Some(text(present::extension(well.extension)))),
        fact(text(TestText::RoundTrip), Some(round)),
    ];
    view! {
        <div class="setup-well" id=END>
            <h3 class="setup-found">{text(TestText::AllWell)}</h3>
            <dl class="facts">{facts.into_iter().collect_view()}</dl>
            {other_way(setting, &well)}
        </div>
    }
}

/// Returns a note if the transport that was tried first failed and another one works.
fn other_way(setting: Setting, well: &Well) -> Option<AnyView> {
    let language = setting.page.language.get();
    let wanted = match setting.purpose {
        SetupPurpose::Test => {
            setting.page.endpoint.get_untracked().map(|endpoint| endpoint.transport())
        }
        SetupPurpose::SetUp => setting.typed.with_untracked(|typed| typed.transport),
    };
    let former = setting.test.with_untracked(|it| {
        it.former().map(|broken| present::connection_finding(it, broken, language))
    });
    let told = former.map(|view| {
        let said = SetupText::OtherWay { title: &view.title }.say(language);
        view! { <p class="dialog-hint">{said}</p> }.into_any()
    });
    let is_another = wanted.is_some_and(|wanted| wanted != well.transport);
    let by_config = is_another
        && setting.purpose == SetupPurpose::Test
        && !actions::is_ours().get_untracked()
        && !browser::is_framed();
    let name = match well.transport {
        Transport::Relay => "relay",
        Transport::Direct => "direct",
    };
    let change = by_config.then(|| {
        let said = SetupText::ByConfig { transport: name }.say(language);
        view! { <p>{said}</p> }.into_any()
    });
    let is_shown = told.is_some() || change.is_some();
    is_shown.then(|| {
        view! {
            <div class="setup-note">
                {told}
                {change}
            </div>
        }
        .into_any()
    })
}

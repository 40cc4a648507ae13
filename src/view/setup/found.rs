//! What a test found, to be read: that all is well, or what is broken and what to do.

use pilotlight_comfy::comfy::{Endpoint, Guard, Transport};
use pilotlight_i18n::present::{self, FindingView};
use pilotlight_i18n::text::{GpuText, SettingsText, SetupText, TestText, clock};
use pilotlight_runs::chain::{Chain, End, Finding, Well};

use super::super::{failure, key, panel};
use super::{END, transport_word};
use crate::app::SetupPurpose;
use crate::dom::{El, el};
use crate::later::setup::{self, Setting};

pub(super) fn shown(setting: Setting, end: &End) -> El {
    let language = setting.page.language.get();
    match end {
        End::Well(well) => all_well(setting, well),
        End::Stopped => el("p", "").text(&SetupText::Stopped.say(language)),
        End::Broken(broken) => {
            let view = setting.chain.peek(|it| present::chain_finding(it, broken, language));
            // One that is only being set up has no key yet.
            let is_wanted = broken.finding == Finding::Guarded(Guard::Key)
                && setting.purpose == SetupPurpose::Test;
            finding(setting, &view).put_all(is_wanted.then(|| key::enter(setting.page)))
        }
    }
}

fn finding(setting: Setting, view: &FindingView) -> El {
    let raw = Some(&view.raw).filter(|raw| !raw.is_empty());
    el("div", "setup-finding")
        .set("id", END)
        .put(el("h3", "setup-found").text(&view.title))
        .put(el("p", "").text(&view.advice))
        .put_all(raw.map(|raw| failure::details(setting.page, raw.clone())))
}

fn all_well(setting: Setting, well: &Well) -> El {
    let page = setting.page;
    let language = page.language.get();
    let text = |text: TestText| text.say(language);
    let device = well.facts.device.as_deref().map(|it| present::device_name(it).to_owned());
    let woke_ms = setting.chain.peek(Chain::woke_ms);
    let woke = woke_ms.filter(|ms| *ms >= 1_000).map(|ms| clock(ms, language));
    let round = text(TestText::Milliseconds { ms: well.round_trip_ms });
    let tested = page.endpoint.now().map(Endpoint::transport);
    let is_told = setting.purpose == SetupPurpose::Test && tested == Some(well.transport);
    let transport = (!is_told).then(|| page.word(transport_word(well.transport)).to_owned());
    let rows = [
        panel::fact(&GpuText::Comfyui.say(language), well.facts.version.clone()),
        panel::fact(&GpuText::Device.say(language), device),
        panel::fact(&text(TestText::Woke), woke),
        panel::fact(page.word(SettingsText::Transport), transport),
        panel::fact(&text(TestText::Extension), Some(text(present::extension(well.extension)))),
        panel::fact(&text(TestText::RoundTrip), Some(round)),
    ];
    el("div", "setup-well")
        .set("id", END)
        .put(el("h3", "setup-found").text(&text(TestText::AllWell)))
        .put(el("dl", "facts").put_all(rows.into_iter().flatten()))
        .put_all(other_way(setting, well))
}

/// The way that was tried first does not work, and what follows from that.
fn other_way(setting: Setting, well: &Well) -> Option<El> {
    let language = setting.page.language.get();
    let wanted = match setting.purpose {
        SetupPurpose::Test => setting.page.endpoint.now().map(Endpoint::transport),
        SetupPurpose::SetUp => setting.typed.peek(|typed| typed.transport),
    };
    let former = setting
        .chain
        .peek(|it| it.former().map(|broken| present::chain_finding(it, broken, language)));
    let told = former.map(|view| {
        let said = SetupText::OtherWay { title: &view.title }.say(language);
        el("p", "dialog-hint").text(&said)
    });
    let is_another = wanted.is_some_and(|wanted| wanted != well.transport);
    let by_config = is_another && setting.purpose == SetupPurpose::Test && !setup::is_ours().now();
    let name = match well.transport {
        Transport::Relay => "relay",
        Transport::Direct => "direct",
    };
    let change =
        by_config.then(|| el("p", "").text(&SetupText::ByConfig { transport: name }.say(language)));
    (told.is_some() || change.is_some())
        .then(|| el("div", "setup-note").put_all(told).put_all(change))
}

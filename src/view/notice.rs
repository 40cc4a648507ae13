//! What there is to know that no field and no run is to blame for.

use pilotlight_i18n::present;
use pilotlight_i18n::text::{CommonText, ConfigText};

use super::button::{bare, icon, icon_button};
use super::word;
use crate::app::{Deed, Dialog, Intent, Notice, Page};
use crate::desk;
use crate::dom::{El, el};

pub(super) fn notices(page: Page) -> El {
    el("div", "notices").remade(move || {
        page.notices.with(|notices| {
            notices.iter().enumerate().map(|(at, one)| notice(page, at, one)).collect::<Vec<_>>()
        })
    })
}

fn notice(page: Page, at: usize, notice: &Notice) -> El {
    let (kind, role, href) = match notice {
        Notice::Config(_) | Notice::ConfigMissing | Notice::Embed(_) => {
            ("warning", "status", "#alert")
        }
        Notice::Workflow { .. } | Notice::PartMissing | Notice::Unopened(_) => {
            ("error", "alert", "#alert")
        }
        Notice::StorageRefused
        | Notice::Insecure(_)
        | Notice::Kept(_)
        | Notice::Warm(_)
        | Notice::Setup { .. }
        | Notice::ClassesWanted(_) => ("info", "status", "#info"),
    };
    let config = |text: ConfigText| text.say(page.language.get());
    let said = match notice {
        Notice::Config(notice) => present::config_notice(notice, page.language.get()),
        Notice::ConfigMissing => config(ConfigText::Missing),
        Notice::Workflow { path, detail } => {
            config(ConfigText::WorkflowUnreadable { path, detail })
        }
        Notice::StorageRefused => config(ConfigText::StorageRefused),
        Notice::PartMissing => config(ConfigText::PartMissing),
        Notice::Unopened(why)
        | Notice::ClassesWanted(why)
        | Notice::Insecure(why)
        | Notice::Kept(why)
        | Notice::Warm(why)
        | Notice::Embed(why)
        | Notice::Setup { said: why, .. } => why.get(page.language.get()).to_owned(),
    };
    let dismiss = icon_button(page, "#close", CommonText::Dismiss, move || {
        desk::act(page, Intent::DismissNotice(at));
    });
    let mut ask = matches!(notice, Notice::ClassesWanted(_)).then(|| {
        let ask = move || page.ask_for(Deed::AskForClasses);
        bare(ask).says(word(page, CommonText::LoadNodes))
    });
    if let Notice::Setup { way: Some(way), .. } = notice {
        let set_up = bare(move || page.ask_for(Deed::Open(Dialog::Setup)));
        ask = Some(set_up.text(way.get(page.language.get())));
    }
    el("div", "notice")
        .set("data-kind", kind)
        .set("role", role)
        .put(icon(href))
        .put(el("div", "notice-body").put(el("p", "").text(&said)).put_all(ask))
        .put(dismiss)
}

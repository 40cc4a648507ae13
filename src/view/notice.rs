//! What there is to know that no field and no run is to blame for.

use leptos::prelude::*;
use pilotlight_engine::present;
use pilotlight_engine::text::{Sentence, Word};

use super::button::{Kind, button, icon};
use crate::app::{Intent, Notice, Page};

pub(super) fn notices(page: Page) -> impl Fn() -> Vec<AnyView> + Send {
    move || {
        page.notices.with(|notices| {
            notices.iter().enumerate().map(|(at, notice)| one(page, at, notice)).collect()
        })
    }
}

fn one(page: Page, at: usize, notice: &Notice) -> AnyView {
    let (kind, picture) = match notice {
        Notice::Config(_) | Notice::ConfigMissing => ("warning", "#alert"),
        Notice::Workflow { .. } => ("error", "#alert"),
        Notice::StorageRefused | Notice::PictureNotKept => ("info", "#info"),
    };
    let said = match notice {
        Notice::Config(notice) => present::config_notice(notice, page.language.get()),
        Notice::ConfigMissing => page.say(Sentence::ConfigMissing),
        Notice::Workflow { path, detail } => {
            page.say(Sentence::WorkflowUnreadable { path, detail })
        }
        Notice::StorageRefused => page.say(Sentence::StorageRefused),
        Notice::PictureNotKept => page.say(Sentence::PictureNotKept),
    };
    let role = if kind == "error" { "alert" } else { "status" };
    view! {
        <div class="notice" data-kind=kind role=role>
            {icon(picture)}
            <div class="notice-body"><p>{said}</p></div>
            {button(page, Kind::Icon, "#close", Word::Dismiss, move || {
                page.act(Intent::DismissNotice(at));
            })}
        </div>
    }
    .into_any()
}

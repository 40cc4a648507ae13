//! Asks before runs that would pass a limit.

use pilotlight_i18n::text::{CommonText, CostText};
use pilotlight_runs::budget::{Passed, Period};

use super::button::{bare, icon_button};
use super::modal;
use crate::app::{Dialog, Page};
use crate::dom::{El, el};
use crate::later::spending;
use crate::runtime;

pub(super) fn limit(page: Page) -> El {
    let is_open = move || page.dialog.get() == Some(Dialog::Limit);
    let title = move || {
        let is_used_up = runtime::passed_limit().with(|it| it.is_some_and(|it| it.is_used_up()));
        let word = if is_used_up { CostText::IsOver } else { CostText::GoesOver };
        word.say(page.language.get())
    };
    let head = el("div", "dialog-head")
        .put(el("h2", "dialog-title").set("id", "limit-title").says(title))
        .put(icon_button(page, "#close", CommonText::Close, move || spending::not_now(page)));
    let says = move |word: CostText<'static>| move || word.say(page.language.get());
    let lines = move || {
        let passed = runtime::passed_limit().get();
        passed.map(|it| lines(page, it)).into_iter().flatten().map(|line| el("p", "").text(&line))
    };
    let ways = el("div", "panel-ways")
        .put(
            bare(move || spending::not_now(page)).set("autofocus", "").says(says(CostText::NotNow)),
        )
        .put(
            bare(move || spending::go_on(page))
                .set("data-kind", "primary")
                .says(says(CostText::RunAnyway)),
        );
    let body = el("div", "dialog-body")
        .put(el("div", "dialog-part").remade(move || lines().collect::<Vec<_>>()))
        .put(ways);
    modal::modal(page, "dialog limit", is_open)
        .set("aria-labelledby", "limit-title")
        .put(head)
        .put(body)
}

fn lines(page: Page, passed: Passed) -> [String; 2] {
    let language = page.language.get();
    let (used, limit) =
        (spending::said(page, passed.used_ms), spending::said(page, passed.limit_ms));
    let (used, limit) = (used.as_str(), limit.as_str());
    let used = match passed.period {
        Period::Day => CostText::UsedToday { used, limit },
        Period::Month => CostText::UsedThisMonth { used, limit },
    };
    let adds = match passed.adds_ms {
        Some(ms) => {
            let sum = &spending::said(page, ms);
            let word = match page.config.idle_delay_seconds {
                Some(_) => CostText::AddsIdle { sum },
                None => CostText::Adds { sum },
            };
            word.say(language)
        }
        None => CostText::Unknown.say(language),
    };
    [used.say(language), adds]
}

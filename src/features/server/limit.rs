//! The dialog that asks whether to start runs that would pass a limit.

use leptos::prelude::*;
use pilotlight_i18n::present;
use pilotlight_i18n::text::CostText;
use pilotlight_runs::budget::{Passed, Period};

use crate::app::Page;
use crate::command;
use crate::components::Dialog;
use crate::features::server::usage;
use crate::runtime;

#[component]
pub fn Limit() -> impl IntoView {
    let page = expect_context::<Page>();
    let title = move || {
        let is_used_up = runtime::passed_limit().with(|it| it.is_some_and(|it| it.is_used_up()));
        let text = if is_used_up { CostText::IsOver } else { CostText::GoesOver };
        text.say(page.language.get())
    };
    let lines = move || {
        let passed = runtime::passed_limit().get();
        let lines = passed.map(|passed| lines(page, passed));
        lines.into_iter().flatten().map(|line| view! { <p>{line}</p> }).collect_view()
    };
    let is_open = move || page.dialog.get() == Some(command::Dialog::Limit);
    view! {
        <Dialog
            class="dialog limit"
            title_id="limit-title"
            title=Signal::derive(title)
            is_open=Signal::derive(is_open)
            on_close=move || usage::not_now(page)
        >
            <div class="dialog-part">{lines}</div>
            <div class="panel-ways">
                <button
                    class="button"
                    type="button"
                    autofocus
                    on:click=move |_| usage::not_now(page)
                >
                    {move || CostText::NotNow.say(page.language.get())}
                </button>
                <button
                    class="button"
                    type="button"
                    data-kind="primary"
                    on:click=move |_| usage::go_on(page)
                >
                    {move || {
                        let is_of_runs = runtime::passed_limit()
                            .with(|it| it.is_none_or(|it| it.is_of_runs));
                        let text =
                            if is_of_runs { CostText::RunAnyway } else { CostText::ContinueAnyway };
                        text.say(page.language.get())
                    }}
                </button>
            </div>
        </Dialog>
    }
}

fn lines(page: Page, passed: Passed) -> [String; 2] {
    let language = page.language.get();
    let (used, limit) = (usage::said(page, passed.used_ms), usage::said(page, passed.limit_ms));
    let (used, limit) = (used.as_str(), limit.as_str());
    let used = match passed.period {
        Period::Day => CostText::UsedToday { used, limit },
        Period::Month => CostText::UsedThisMonth { used, limit },
    };
    let adds = match passed.adds {
        Some(cost) => {
            let sum = &present::cost_said(&cost, page.config.price(), language);
            CostText::Adds { sum }.say(language)
        }
        None => CostText::Unknown.say(language),
    };
    [used.say(language), adds]
}

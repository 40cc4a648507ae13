//! One tab per workflow. Invariant: without a second workflow there are no tabs.

use leptos::prelude::*;
use pilotlight_engine::text::Word;

use super::word;
use crate::app::{Intent, Page};
use crate::browser;

pub(super) fn tabs(page: Page) -> Option<AnyView> {
    let titles: Vec<_> = page
        .sheets
        .with_value(|sheets| sheets.iter().map(|sheet| sheet.form.title.clone()).collect());
    let last = titles.len().checked_sub(1).filter(|last| *last > 0)?;
    let go = move |to: usize| {
        page.act(Intent::PickTab(to));
        browser::focus(&id(to));
    };
    let tab = move |(at, title): (usize, pilotlight_engine::language::Label)| {
        let chosen = move || page.tab.get() == at;
        view! {
            <button
                class="tab"
                type="button"
                role="tab"
                id=id(at)
                aria-controls="form"
                aria-selected=move || chosen().to_string()
                tabindex=move || (!chosen()).then_some("-1")
                on:click=move |_| page.act(Intent::PickTab(at))
            >
                {move || title.get(page.language.get()).to_owned()}
            </button>
        }
    };
    let tabs: Vec<_> = titles.into_iter().enumerate().map(tab).collect();
    let view = view! {
        <div
            class="tabs"
            role="tablist"
            aria-label=word(page, Word::Workflows)
            on:keydown=move |event| {
                let at = page.tab.get_untracked();
                let to = match event.key().as_str() {
                    "ArrowRight" => if at == last { 0 } else { at + 1 },
                    "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
                    "Home" => 0,
                    "End" => last,
                    _ => return,
                };
                event.prevent_default();
                go(to);
            }
        >
            {tabs}
        </div>
    };
    Some(view.into_any())
}

pub(super) fn id(tab: usize) -> String {
    format!("tab-{tab}")
}

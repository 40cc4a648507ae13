//! The tabs of workflows, and the button that opens another one.

use crate::events;
use leptos::html;
use leptos::prelude::*;
use pilotlight_i18n::text::FormText;

use crate::app::{Page, Sheet};
use crate::browser;
use crate::browser::Picked;
use crate::command::{PageCommand, WorkflowCommand};
use crate::components::{Icon, IconButton};

#[component]
pub fn Tabs() -> impl IntoView {
    let page = expect_context::<Page>();
    let open = Memo::new(move |_| open(page));
    let menu = move || page.second_bundle.get().map(|second| (second.tabs_overflow)()).into_any();
    view! {
        <div class="tabs">
            <div
                class="tabs-list"
                role="tablist"
                aria-label=move || page.word(FormText::Workflows)
                on:keydown=move |event| {
                    if let Some(to) = by_key(page, &event.key()) {
                        event.prevent_default();
                        page.send(PageCommand::PickTab(to));
                        browser::focus(&id(to));
                    }
                }
            >
                {move || {
                    let tabs = open.get().into_iter();
                    tabs.map(|at| view! { <Tab at/> }.into_any()).collect_view().into_any()
                }}
            </div>
            {menu}
            <More/>
        </div>
    }
}

/// Returns the indexes of the sheets that have a tab.
pub fn open(page: Page) -> Vec<usize> {
    page.sheets.with(|sheets| {
        let open = sheets.iter().enumerate().filter(|(_, sheet)| !sheet.is_closed.get());
        open.map(|(at, _)| at).collect()
    })
}

/// Returns the index of the tab that a key selects.
fn by_key(page: Page, key: &str) -> Option<usize> {
    let open = untrack(|| open(page));
    let at = open.iter().position(|at| *at == page.tab.get_untracked())?;
    let to = match key {
        "ArrowRight" => open.get(at + 1).or(open.first()),
        "ArrowLeft" => at.checked_sub(1).and_then(|at| open.get(at)).or(open.last()),
        "Home" => open.first(),
        "End" => open.last(),
        _ => None,
    };
    to.copied()
}

#[component]
fn Tab(at: usize) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_chosen = move || page.tab.get() == at;
    view! {
        <button
            class="tab"
            type="button"
            role="tab"
            id=id(at)
            aria-controls="form"
            aria-selected=move || is_chosen().to_string()
            tabindex=move || (!is_chosen()).then_some("-1")
            on:click=move |_| page.send(PageCommand::PickTab(at))
        >
            {move || title(page, at)}
        </button>
    }
}

/// The button that closes the current tab if the user opened it, and the one that opens a file.
/// Files can also be dropped and pasted anywhere; see `shell`.
#[component]
fn More() -> impl IntoView {
    let page = expect_context::<Page>();
    let chooser = NodeRef::<html::Input>::new();
    let take = move |files: Vec<Picked>| {
        if let Some(file) = files.into_iter().next() {
            page.send(WorkflowCommand::OpenFile(file));
        }
    };
    let closable = move || {
        let at = page.tab.get();
        page.sheets.with(|sheets| sheets.get(at).is_some_and(|sheet| sheet.is_opened)).then_some(at)
    };
    let choose = move |_| {
        if let Some(chooser) = chooser.get_untracked() {
            chooser.click();
        }
    };
    view! {
        <div class="tabs-more">
            {move || {
                let button = closable().map(|at| {
                    let close = move || page.send(WorkflowCommand::Close(at));
                    let name = FormText::CloseWorkflow;
                    view! { <IconButton href="#close" name on_press=close/> }.into_any()
                });
                button.into_any()
            }}
            <button
                class="button"
                type="button"
                data-kind="quiet"
                title=move || page.word(FormText::OpenWorkflow)
                on:click=choose
            >
                <Icon href="#plus"/>
                <span>{move || page.word(FormText::OpenWorkflow)}</span>
            </button>
            <input
                hidden
                type="file"
                aria-label=move || page.word(FormText::OpenWorkflow)
                node_ref=chooser
                on:change:target=move |event| take(events::take_files(&event.target()))
            />
        </div>
    }
}

/// The title of the form in this place.
pub fn title(page: Page, at: usize) -> String {
    let of = |sheet: &Sheet| sheet.form.title.get(page.language.get()).to_owned();
    page.sheets.with(|sheets| sheets.get(at).map(of)).unwrap_or_default()
}

pub fn id(tab: usize) -> String {
    format!("tab-{tab}")
}

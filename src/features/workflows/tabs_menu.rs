//! The menu of all workflows, and the name of a tab while it is changed. Loaded when there are many
//! tabs, or one that was opened.

use leptos::prelude::*;
use leptos::{ev, html};
use pilotlight_comfy::language::Label;
use pilotlight_i18n::text::TabsText;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::{Page, Sheet};
use crate::browser;
use crate::command::{PageCommand, WorkflowCommand};
use crate::components::{Icon, Menu};
use crate::events;
use crate::features::workflows::{opened, tabs};

/// The title of a form has at most so many characters.
const NAME_CHARS: usize = 80;

/// The menu, and the field for a name.
#[component]
pub fn TabsMenu() -> impl IntoView {
    let page = expect_context::<Page>();
    browser::add_style(include_str!("tabs_menu.css"));
    let renamed = RwSignal::new(None::<usize>);
    rename_by_mouse_and_key(page, renamed);
    let name = move || renamed.get().map(|at| view! { <Name at renamed/> }.into_any());
    view! {
        <AllTabs renamed/>
        {name}
    }
}

fn is_own(sheet: Option<&Sheet>) -> bool {
    sheet.is_some_and(|sheet| sheet.is_opened)
}

/// The tab in front is renamed by a double click and by F2.
fn rename_by_mouse_and_key(page: Page, renamed: RwSignal<Option<usize>>) {
    let begin = move |event: &ev::Event| {
        let tab =
            events::target(event).filter(|it| it.closest(".tab").is_ok_and(|it| it.is_some()));
        if tab.is_some() && is_own(page.sheet(page.tab.get_untracked()).as_ref()) {
            renamed.set(Some(page.tab.get_untracked()));
        }
    };
    let clicked = window_event_listener(ev::dblclick, move |event| begin(&event));
    let pressed = window_event_listener(ev::keydown, move |event| {
        if event.key() == "F2" {
            begin(&event);
        }
    });
    on_cleanup(move || {
        clicked.remove();
        pressed.remove();
    });
}

#[component]
fn AllTabs(renamed: RwSignal<Option<usize>>) -> impl IntoView {
    let page = expect_context::<Page>();
    let said = move |text: TabsText| move || page.word(text);
    let tab = move |at: usize| {
        let is_chosen = move || page.tab.get() == at;
        view! {
            <button
                class="button"
                type="button"
                data-kind="quiet"
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| page.send(PageCommand::PickTab(at))
            >
                <span>{move || tabs::title(page, at)}</span>
            </button>
        }
        .into_any()
    };
    let own = move || {
        let at = page.tab.get();
        let is_own = page.sheets.with(|all| is_own(all.get(at)));
        is_own.then(|| {
            view! {
                {html::div().class("menu-line")}
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    on:click=move |_| renamed.set(Some(at))
                >
                    <Icon href="#rename"/>
                    <span>{said(TabsText::Rename)}</span>
                </button>
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    on:click=move |_| page.send(WorkflowCommand::Close(at))
                >
                    <Icon href="#close"/>
                    <span>{said(TabsText::CloseThis)}</span>
                </button>
            }
            .into_any()
        })
    };
    view! {
        <Menu href="#chevron" name=TabsText::All>
            {move || tabs::open(page).into_iter().map(tab).collect_view().into_any()}
            {own}
        </Menu>
    }
}

/// A field that lies over the tab whose name is changed.
#[component]
fn Name(at: usize, renamed: RwSignal<Option<usize>>) -> impl IntoView {
    let page = expect_context::<Page>();
    let field = NodeRef::<html::Input>::new();
    let title = untrack(|| tabs::title(page, at));
    let (left, width) = browser::element(&tabs::id(at)).map_or((0, 0), |tab| {
        let scrolled = tab.offset_parent().map_or(0, |list| list.scroll_left() - left_of(&list));
        (tab.offset_left() - scrolled, tab.offset_width())
    });
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _focused = field.focus();
            field.select();
        }
    });
    let end = move |is_meant: bool| {
        if renamed.get_untracked().is_none() {
            return;
        }
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        renamed.set(None);
        if let Some(title) = Label::line(&typed, NAME_CHARS).filter(|_| is_meant) {
            opened::rename(page, at, title);
        }
    };
    view! {
        <input
            class="tab-name box"
            autocomplete="off"
            aria-label=move || page.word(TabsText::Name)
            node_ref=field
            value=title
            style:inset-inline-start=format!("{left}px")
            style:inline-size=format!("{width}px")
            on:keydown=move |event| {
                let is_meant = event.key() == "Enter" && !events::is_composing(&event);
                if is_meant || event.key() == "Escape" {
                    event.prevent_default();
                    end(is_meant);
                    browser::focus_soon(tabs::id(at));
                }
            }
            on:blur=move |_| end(true)
        />
    }
}

fn left_of(list: &web_sys::Element) -> i32 {
    list.clone().dyn_into::<HtmlElement>().map_or(0, |list| list.offset_left())
}

//! What is known of the server, and a panel with more of it. Invariant: opening it asks nothing.

use leptos::prelude::*;
use pilotlight_i18n::present;

use crate::app::Page;
use crate::browser;
use crate::dom;

#[component]
pub(super) fn ServerPill(page: Page) -> impl IntoView {
    let pill = Memo::new(move |_| match page.later.get() {
        Some(later) => (later.pill)(page),
        None => {
            let (now, language) = (page.now.get(), page.language.get());
            let idle_ms = page.config.idle_ms();
            page.server.with(|server| present::heard(server, now, language, idle_ms))
        }
    });
    let open = RwSignal::new(false);
    dom::everywhere("click", move |_| {
        if open.get_untracked() {
            open.set(false);
        }
    });
    let is_shown = Memo::new(move |_| open.get() && page.later.with(Option::is_some));
    let panel = move || {
        let later = page.later.get_untracked().filter(|_| is_shown.get());
        later.map(|later| (later.panel)(page)).into_any()
    };
    let clock = move || pill.with(|pill| pill.clock.clone());
    let more = move || pill.with(|pill| pill.more.clone());
    view! {
        <div
            class="pill"
            data-server=move || pill.with(|pill| pill.state.name())
            on:click=|event| event.stop_propagation()
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    open.set(false);
                    browser::focus("server");
                }
            }
        >
            <button
                class="pill-button"
                type="button"
                id="server"
                aria-controls="server-panel"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| {
                    open.update(|open| *open = !*open);
                    (page.fetch)(page);
                }
            >
                <span class="pill-dot"></span>
                <span class="pill-text">
                    {move || pill.with(|pill| pill.text.clone())}
                    {move || part("pill-clock", clock())}
                    {move || part("pill-more", more())}
                </span>
            </button>
            {panel}
        </div>
    }
}

fn part(class: &'static str, text: Option<String>) -> AnyView {
    text.map(|text| view! { <span class=class>{text}</span> }.into_any()).into_any()
}

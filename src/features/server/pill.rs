//! The status pill of the header, and its panel. Invariant: opening it sends no request.

use leptos::ev;
use leptos::html::span;
use leptos::prelude::*;
use pilotlight_i18n::present::{Pill, PillState};
use pilotlight_i18n::text::PillText;
use pilotlight_session::SERVER;

use crate::app::{Notice, Page};
use crate::{browser, storage};

#[component]
pub fn ServerPill() -> impl IntoView {
    let page = expect_context::<Page>();
    let pill = Memo::new(move |_| match page.second_bundle.get() {
        Some(second_bundle) => (second_bundle.pill)(page),
        // The stored status is read by the second bundle; without one, the status is unknown.
        None => {
            let is_unknown = storage::get(SERVER).is_none()
                || page.notices.with(|all| all.contains(&Notice::PartMissing));
            let text = is_unknown.then(|| PillText::Unknown.say(page.language.get()));
            Pill {
                state: PillState::Unknown,
                text: text.unwrap_or_default(),
                clock: None,
                more: None,
            }
        }
    });
    let open = RwSignal::new(false);
    window_event_listener(ev::click, move |_| {
        if open.get_untracked() {
            open.set(false);
        }
    });
    let is_shown = Memo::new(move |_| open.get() && page.second_bundle.with(Option::is_some));
    let panel = move || {
        let second_bundle = is_shown.get().then(|| page.second_bundle.get_untracked()).flatten();
        second_bundle.map(|second_bundle| (second_bundle.panel)()).into_any()
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
                {span().class("pill-dot")}
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

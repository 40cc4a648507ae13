//! What is known of the server, and a panel with more of it. Invariant: opening it asks nothing.

use pilotlight_i18n::present;

use crate::app::Page;
use crate::browser;
use crate::dom::{self, El, el};
use leptos::prelude::*;

pub(super) fn pill(page: Page) -> El {
    let pill = Memo::new(move |_| match page.later.get() {
        Some(later) => (later.pill)(page),
        None => {
            let (now, language) = (page.now.get(), page.language.get());
            let idle_ms = page.config.idle_ms();
            page.server.with(|server| present::heard(server, now, language, idle_ms))
        }
    });
    let open = RwSignal::new(false);
    dom::everywhere("click", move |_| open.set(false));
    let words = el("span", "pill-text")
        .says(move || pill.with(|pill| pill.text.clone()))
        .line("span", "pill-clock", move || pill.with(|pill| pill.clock.clone()))
        .line("span", "pill-more", move || pill.with(|pill| pill.more.clone()));
    let button = el("button", "pill-button")
        .set("type", "button")
        .set("id", "server")
        .set("aria-controls", "server-panel")
        .attr("aria-expanded", move || open.get().to_string())
        .on("click", move |_| {
            open.update(|open| *open = !*open);
            (page.fetch)(page);
        })
        .put(el("span", "pill-dot"))
        .put(words);
    el("div", "pill")
        .attr("data-server", move || pill.with(|pill| pill.state.name().to_owned()))
        .on("click", |event| event.stop())
        .on("keydown", move |event| {
            if event.key() == "Escape" && open.get_untracked() {
                open.set(false);
                browser::focus("server");
            }
        })
        .put(button)
        .keyed(
            move || usize::from(open.get() && page.later.with(Option::is_some)),
            move |is_open| {
                let later = page.later.get_untracked().filter(|_| is_open > 0);
                later.map(|later| (later.panel)(page))
            },
        )
}

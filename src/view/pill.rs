//! What is known of the server, and a panel with more of it. Invariant: opening it asks nothing.

use leptos::ev;
use leptos::prelude::*;
use pilotlight_engine::present;
use pilotlight_engine::text::{Sentence, Word, range};

use super::word;
use crate::app::Page;
use crate::browser;

pub(super) fn pill(page: Page) -> AnyView {
    let pill = Memo::new(move |_| {
        page.jobs.with(|jobs| {
            let runs: Vec<_> = jobs.iter().map(|job| job.run.read()).collect();
            let runs = runs.iter().map(|run| &**run);
            page.server
                .with(|server| present::pill(server, runs, page.now.get(), page.language.get()))
        })
    });
    let open = RwSignal::new(false);
    browser::everywhere(ev::click, move |_| open.set(false));
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
                aria-expanded=move || open.get().to_string()
                aria-controls="server-panel"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="pill-dot"></span>
                <span class="pill-text">
                    {move || pill.get().text}
                    {move || {
                        pill.get().clock.map(|clock| view! { <span class="pill-clock">{clock}</span> })
                    }}
                    {move || {
                        pill.get().more.map(|more| view! { <span class="pill-more">{more}</span> })
                    }}
                </span>
            </button>
            {move || open.get().then(|| panel(page))}
        </div>
    }
    .into_any()
}

fn panel(page: Page) -> AnyView {
    view! {
        <div class="panel" id="server-panel" role="group" aria-label=word(page, Word::Server)>
            <p>{page.say(Sentence::WakesWithRun)}</p>
            <dl class="facts">
                {move || {
                    let usual = page.reader(page.tab.get()).usual_waking;
                    let usual = usual.map(|(from, to)| range(from, to, page.language.get()));
                    let mut rows = vec![fact(page, Word::Model, model(page))];
                    rows.extend(told(page));
                    rows.push(fact(page, Word::UsuallyWakesIn, usual));
                    rows
                }}
            </dl>
        </div>
    }
    .into_any()
}

pub(super) fn model(page: Page) -> Option<String> {
    page.endpoint.with_value(|endpoint| Some(endpoint.as_ref()?.model()?.to_owned()))
}

/// What the server last told of itself.
pub(super) fn told(page: Page) -> [Option<AnyView>; 2] {
    let facts = page.server.with(|server| server.facts.clone()).unwrap_or_default();
    let device = facts.device.map(|device| match facts.vram_total_bytes {
        Some(bytes) => format!("{device} · {:.1} GB", bytes as f64 / f64::from(1 << 30)),
        None => device,
    });
    [fact(page, Word::Device, device), fact(page, Word::Version, facts.version)]
}

/// A line of a `dl`; none where nothing is known.
pub(super) fn fact(page: Page, name: Word, value: Option<String>) -> Option<AnyView> {
    value.map(|value| view! { <div><dt>{word(page, name)}</dt><dd>{value}</dd></div> }.into_any())
}

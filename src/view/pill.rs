//! What is known of the server, and a panel with more of it. Invariant: opening it asks nothing.

use pilotlight_engine::comfy::Endpoint;
use pilotlight_engine::present;
use pilotlight_engine::run::Run;
use pilotlight_engine::text::{Sentence, Word, range};

use super::word;
use crate::app::Page;
use crate::browser;
use crate::dom::{self, El, el};
use crate::live::Live;

pub(super) fn pill(page: Page) -> El {
    let pill = Live::from(move || {
        let runs: Vec<Run> = page.jobs.with(|jobs| jobs.iter().map(|job| job.run.get()).collect());
        let (now, language) = (page.now.get(), page.language.get());
        page.server.with(|server| {
            present::pill(server, &runs, now, language, page.config.idle_delay_seconds * 1_000)
        })
    });
    let open = Live::new(false);
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
        .on("click", move |_| open.update(|open| *open = !*open))
        .put(el("span", "pill-dot"))
        .put(words);
    el("div", "pill")
        .attr("data-server", move || pill.with(|pill| pill.state.name().to_owned()))
        .on("click", |event| event.stop())
        .on("keydown", move |event| {
            if event.key() == "Escape" && open.now() {
                open.set(false);
                browser::focus("server");
            }
        })
        .put(button)
        .remade(move || open.get().then(|| panel(page)))
}

fn panel(page: Page) -> El {
    let facts = move || {
        let usual = page.reader(page.tab.get()).usual_waking;
        let usual = usual.map(|(from, to)| range(from, to, page.language.get()));
        let mut rows: Vec<_> = fact(page, Word::Model, model(page)).into_iter().collect();
        rows.extend(told(page));
        rows.extend(fact(page, Word::UsuallyWakesIn, usual));
        rows
    };
    el("div", "panel")
        .set("id", "server-panel")
        .set("role", "group")
        .attr("aria-label", word(page, Word::Server))
        .put(el("p", "").says(move || page.say(Sentence::WakesWithRun)))
        .put(el("dl", "facts").remade(facts))
}

pub(super) fn model(page: Page) -> Option<String> {
    page.endpoint.and_then(Endpoint::model).map(str::to_owned)
}

/// What the server last told of itself.
pub(super) fn told(page: Page) -> impl Iterator<Item = El> {
    let facts = page.server.with(|server| server.facts.clone()).unwrap_or_default();
    let device = facts.device.as_deref().map(present::device_name);
    let device = device.map(|device| match facts.vram_total_bytes {
        Some(bytes) => {
            let tenths = bytes / ((1 << 30) / 10);
            format!("{device} · {}.{} GB", tenths / 10, tenths % 10)
        }
        None => device.to_owned(),
    });
    [fact(page, Word::Device, device), fact(page, Word::Version, facts.version)]
        .into_iter()
        .flatten()
}

/// A line of a `dl`; none where nothing is known.
pub(super) fn fact(page: Page, name: Word, value: Option<String>) -> Option<El> {
    let value = el("dd", "").text(&value?);
    Some(el("div", "").put(el("dt", "").says(word(page, name))).put(value))
}

//! What unfolds under the server pill: what the server told, waking it and keeping it awake, and
//! what was used. Invariant: opening it asks nothing; only its buttons do.

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_comfy::time::{MINUTE_MS, SECOND_MS};
use pilotlight_i18n::present::{self, Pill, PillState};
use pilotlight_i18n::text::{GpuText, SettingsText, range};
use pilotlight_runs::run::Run;
use pilotlight_runs::warm::{End, Goal, Warm};

use super::button::bare;
use super::{cost, key, word};
use crate::app::Page;
use crate::browser;
use crate::dom::{El, el};
use crate::later::warming;
use crate::live::Live;
use crate::runtime;
use pilotlight_session::Event;

const STOP: &str = "warm-stop";

/// For how long it can be kept awake.
const KEEP_MINUTES: [u64; 2] = [15, 30];

pub(super) fn pill(page: Page) -> Pill {
    let runs: Vec<Run> = page.jobs.with(|jobs| jobs.iter().map(|job| job.run.get()).collect());
    let (now, language) = (page.now.get(), page.language.get());
    page.server.with(|server| {
        runtime::keep_awake()
            .with(|warm| present::pill(server, &runs, warm, now, language, page.config.idle_ms()))
    })
}

pub(super) fn panel(page: Page) -> El {
    runtime::tell(page, Event::UsageRequested);
    let facts = move || {
        let usual = page.reader(page.tab.get()).usual_waking;
        let usual = usual.map(|(from, to)| range(from, to, page.language.get()));
        let mut rows: Vec<_> =
            fact(page.word(SettingsText::Model), model(page)).into_iter().collect();
        rows.extend(told(page));
        rows.extend(fact(&GpuText::UsuallyWakesIn.say(page.language.get()), usual));
        rows
    };
    let state = el("div", "panel-part")
        .put(el("p", "").says(says(page, GpuText::Hint)))
        .line("p", "panel-hint", move || sleeps(page))
        .put(el("dl", "facts").remade(facts));
    // Where there is no model nothing is put to sleep.
    let ways = page.endpoint.get().and_then(Endpoint::model).map(|_| ways(page));
    el("div", "panel")
        .set("id", "server-panel")
        .set("role", "group")
        .attr("aria-label", word(page, SettingsText::Server))
        .put(state)
        .put_all(ways)
        .keyed(
            move || usize::from(cost::is_used(page)),
            move |is_used| (is_used > 0).then(|| cost::used(page, "panel-part", "panel-legend")),
        )
}

fn says(page: Page, word: GpuText<'static>) -> impl Fn() -> String + 'static {
    move || word.say(page.language.get())
}

/// When it will sleep, where nothing uses it.
fn sleeps(page: Page) -> Option<String> {
    let delay_ms = page.config.idle_delay_seconds? * SECOND_MS;
    let is_used = runtime::keep_awake().with(Warm::is_on)
        || page.jobs.with(|jobs| jobs.iter().any(|job| job.run.with(Run::is_live)));
    if is_used {
        return None;
    }
    let (now, language) = (page.now.get(), page.language.get());
    page.server.with(|server| present::sleeps(server, delay_ms, now, language))
}

/// What the part about waking shows.
#[derive(Clone, Copy)]
enum Shown {
    /// Something goes on.
    Stop,
    /// Asleep, or not known to be awake.
    Wake,
    Keep,
}

fn ways(page: Page) -> El {
    let state = Live::from(move || pill(page).state);
    let shown = move || {
        if runtime::keep_awake().with(Warm::is_on) {
            return Shown::Stop;
        }
        match state.get() {
            PillState::Awake => Shown::Keep,
            PillState::Unknown | PillState::Waking | PillState::Asleep => Shown::Wake,
        }
    };
    let now = move || {
        let (now, language) = (page.now.get(), page.language.get());
        runtime::keep_awake().with(|warm| present::warmth(warm, now, language))
    };
    let hiccup =
        move || runtime::keep_awake().with(|warm| present::warm_hiccup(warm, page.language.get()));
    el("div", "panel-part")
        .line("p", "panel-legend", now)
        .line("p", "panel-hint", hiccup)
        .line("p", "panel-hint", move || ended(page, state.get()))
        .put(key::way(page, "panel-ways"))
        .keyed(
            move || shown() as usize,
            move |at| match at {
                at if at == Shown::Stop as usize => vec![stop(page)],
                at if at == Shown::Wake as usize => vec![wake(page), keep(page)],
                _ => vec![keep(page)],
            },
        )
}

fn ended(page: Page, state: PillState) -> Option<String> {
    runtime::keep_awake().with(|warm| match warm.ended()? {
        // It was, and sleeps again.
        End::Awake if state != PillState::Awake => None,
        // Said where it would be offered.
        End::NotHeld => None,
        End::Awake
        | End::Over
        | End::Stopped
        | End::Hidden
        | End::OutOfReach(_)
        | End::Setup(_) => Some(present::warm_end(warm)?.get(page.language.get()).to_owned()),
    })
}

fn stop(page: Page) -> El {
    let stop = bare(move || {
        warming::stop(page);
        browser::focus("server");
    });
    el("div", "panel-ways").put(stop.set("id", STOP).says(says(page, GpuText::Stop)))
}

fn press(page: Page, goal: Goal) {
    warming::press(page, goal);
    // It stands in the place of the button that was pressed.
    warming::focus(STOP);
}

fn wake(page: Page) -> El {
    let cost = move || {
        let reader = page.reader(page.tab.get());
        let (from, to) = reader.usual_waking?;
        let idle_ms = page.config.idle_delay_seconds.unwrap_or(0) * SECOND_MS;
        let takes = range(from, to, reader.language);
        Some(match reader.price {
            Some(_) => {
                let ms = from.midpoint(to) + idle_ms;
                let sum = present::amount(ms, reader.price, reader.language);
                GpuText::WakingCosts { sum: &sum }.say(reader.language)
            }
            None => GpuText::WakingTakes { range: &takes }.say(reader.language),
        })
    };
    let wake = bare(move || press(page, Goal::Wake)).says(says(page, GpuText::WakeNow));
    el("div", "panel-way").put(el("div", "panel-ways").put(wake)).line("p", "panel-hint", cost)
}

fn keep(page: Page) -> El {
    let choices = move || {
        if !warming::can_keep(page) {
            return vec![el("p", "panel-hint").says(says(page, GpuText::KeepingNeeds))];
        }
        let legend =
            el("p", "panel-legend").set("id", "keep-awake").says(says(page, GpuText::KeepAwake));
        let ways = el("div", "panel-ways")
            .set("role", "group")
            .set("aria-labelledby", "keep-awake")
            .put_all(KEEP_MINUTES.map(|minutes| keep_for(page, minutes * MINUTE_MS)));
        vec![legend, ways]
    };
    el("div", "panel-way").keyed(
        move || usize::from(warming::can_keep(page)),
        move |_| leptos::prelude::untrack(choices),
    )
}

fn keep_for(page: Page, ms: u64) -> El {
    bare(move || press(page, Goal::Keep { ms })).says(move || {
        let language = page.language.get();
        let price = page.config.price();
        let cost = price.map(|price| present::amount(ms, Some(price), language));
        match cost {
            Some(cost) => GpuText::ForCost { time: ms, cost: &cost }.say(language),
            None => GpuText::For { time: ms }.say(language),
        }
    })
}

pub(super) fn model(page: Page) -> Option<String> {
    page.endpoint.get().and_then(Endpoint::model).map(str::to_owned)
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
    let language = page.language.get();
    let rows = [(GpuText::Device, device), (GpuText::Comfyui, facts.version)];
    rows.into_iter().filter_map(move |(name, value)| fact(&name.say(language), value))
}

/// A line of a `dl`; none where nothing is known.
pub(super) fn fact(name: &str, value: Option<String>) -> Option<El> {
    let value = el("dd", "").text(&value?);
    Some(el("div", "").put(el("dt", "").text(name)).put(value))
}

//! The server panel below the status pill: what the server reported, waking and keep-awake, usage.
//! Invariant: opening it sends no request; only its buttons do.

use pilotlight_comfy::time::MINUTE_MS;
use pilotlight_i18n::present::{self, Pill, PillState};
use pilotlight_i18n::text::{GpuText, SettingsText, range};
use pilotlight_runs::cost::Cost;
use pilotlight_runs::keep_awake::{End, Goal, KeepAwake};
use pilotlight_runs::run::Run;

use crate::app::Page;
use crate::browser;
use crate::components::Button;
use crate::features::server::cost;
use crate::features::server::cost::Used;
use crate::features::server::keep_awake;
use crate::features::server::key_dialog::KeyWay;
use crate::runtime;
use leptos::prelude::*;
use pilotlight_session::Event;

const STOP: &str = "keep_awake-stop";

/// The offered durations of keep-awake.
const KEEP_MINUTES: [u64; 2] = [15, 30];

pub fn pill(page: Page) -> Pill {
    let runs: Vec<Run> = page.jobs.with(|jobs| jobs.iter().map(|job| job.run.get()).collect());
    let (now, language) = (page.now.get(), page.language.get());
    let tested = runtime::connection_test()
        .with(|test| test.is_on().then(|| test.wake_replied().unwrap_or(now)));
    let (asked, idle_ms) = (runtime::asked().get().or(tested), page.config.idle_ms());
    page.server.with(|server| {
        runtime::keep_awake().with(|keep_awake| {
            present::pill(server, &runs, keep_awake, asked, now, language, idle_ms)
        })
    })
}

#[component]
pub fn Panel() -> impl IntoView {
    let page = expect_context::<Page>();
    runtime::tell(page, Event::UsageRequested);
    let usual = move || {
        let (from, to) = page.reader(page.tab.get()).usual_waking?;
        Some(range(from, to, page.language.get()))
    };
    let sleeps = Memo::new(move |_| sleeps(page));
    let is_used = Memo::new(move |_| cost::is_used(page));
    // Without a model (plain ComfyUI), the server does not scale to zero.
    let ways = page.endpoint.get().filter(|it| it.model().is_some()).map(|_| view! { <Ways/> });
    view! {
        <div
            class="panel"
            id="server-panel"
            role="group"
            aria-label=move || page.word(SettingsText::Server)
        >
            <div class="panel-part">
                <p>{says(page, GpuText::Hint)}</p>
                {move || sleeps.get().map(|said| view! { <p class="panel-hint">{said}</p> })}
                <dl class="facts">
                    <Fact
                        name=Signal::derive(move || page.word(SettingsText::Model).to_owned())
                        value=Signal::derive(move || model(page))
                    />
                    <Told/>
                    <Fact
                        name=Signal::derive(says(page, GpuText::UsuallyWakesIn))
                        value=Signal::derive(usual)
                    />
                </dl>
            </div>
            {ways}
            {move || {
                is_used
                    .get()
                    .then(|| view! { <Used class="panel-part" legend_class="panel-legend"/> })
            }}
        </div>
    }
}

fn says(page: Page, text: GpuText<'static>) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || text.say(page.language.get())
}

/// Returns when the GPU will sleep, unless it is in use.
fn sleeps(page: Page) -> Option<String> {
    let delay_ms = page.config.idle_ms()?;
    let is_used = runtime::keep_awake().with(KeepAwake::is_on)
        || page.jobs.with(|jobs| jobs.iter().any(|job| job.run.with(Run::is_live)));
    if is_used {
        return None;
    }
    let (now, language) = (page.now.get(), page.language.get());
    page.server.with(|server| present::sleeps(server, delay_ms, now, language))
}

/// What the section about waking shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The GPU is being woken or kept awake.
    Stop,
    /// The GPU sleeps, or is not known to be awake.
    Wake,
    Keep,
}

#[component]
fn Ways() -> impl IntoView {
    let page = expect_context::<Page>();
    let state = Memo::new(move |_| pill(page).state);
    let shown = Memo::new(move |_| {
        if runtime::keep_awake().with(KeepAwake::is_on) {
            return Shown::Stop;
        }
        match state.get() {
            PillState::Awake => Shown::Keep,
            PillState::Unknown
            | PillState::Asking
            | PillState::Waking
            | PillState::Silent
            | PillState::Used
            | PillState::Asleep => Shown::Wake,
        }
    });
    let now = Memo::new(move |_| {
        let (now, language) = (page.now.get(), page.language.get());
        runtime::keep_awake().with(|keep_awake| present::keep_awake_line(keep_awake, now, language))
    });
    let hiccup = Memo::new(move |_| {
        runtime::keep_awake()
            .with(|keep_awake| present::keep_awake_hiccup(keep_awake, page.language.get()))
    });
    let ended = Memo::new(move |_| ended(page, state.get()));
    view! {
        <div class="panel-part">
            {move || now.get().map(|said| view! { <p class="panel-legend">{said}</p> })}
            {move || hiccup.get().map(|said| view! { <p class="panel-hint">{said}</p> })}
            {move || ended.get().map(|said| view! { <p class="panel-hint">{said}</p> })}
            <KeyWay/>
            {move || match shown.get() {
                Shown::Stop => view! { <Stop/> }.into_any(),
                Shown::Wake => {
                    view! {
                        <Wake/>
                        <Keep/>
                    }
                        .into_any()
                }
                Shown::Keep => view! { <Keep/> }.into_any(),
            }}
        </div>
    }
}

fn ended(page: Page, state: PillState) -> Option<String> {
    runtime::keep_awake().with(|keep_awake| match keep_awake.ended()? {
        // It was woken, but sleeps again.
        End::Awake if state != PillState::Awake => None,
        // This is said in place of the buttons for keep-awake.
        End::NotHeld => None,
        End::Awake
        | End::Over
        | End::Stopped
        | End::Hidden
        | End::OutOfReach(_)
        | End::Setup(_) => {
            Some(present::keep_awake_end(keep_awake)?.get(page.language.get()).to_owned())
        }
    })
}

#[component]
fn Stop() -> impl IntoView {
    let page = expect_context::<Page>();
    let stop = move || {
        keep_awake::stop(page);
        browser::focus("server");
    };
    view! {
        <div class="panel-ways">
            <Button id=STOP on_press=stop>
                {says(page, GpuText::Stop)}
            </Button>
        </div>
    }
}

fn press(page: Page, goal: Goal) {
    keep_awake::press(page, goal);
    // This button replaces the pressed one.
    keep_awake::focus(STOP);
}

#[component]
fn Wake() -> impl IntoView {
    let page = expect_context::<Page>();
    let cost = Memo::new(move |_| {
        let reader = page.reader(page.tab.get());
        let (from, to) = reader.usual_waking?;
        let takes = range(from, to, reader.language);
        Some(match reader.price {
            Some(price) => {
                let cost = Cost::of_waking(reader.usual_waking, reader.idle_ms);
                let sum = &present::cost_said(&cost, Some(price), reader.language);
                GpuText::WakingCosts { sum }.say(reader.language)
            }
            None => GpuText::WakingTakes { range: &takes }.say(reader.language),
        })
    });
    view! {
        <div class="panel-way">
            <div class="panel-ways">
                <Button on_press=move || press(page, Goal::Wake)>
                    {says(page, GpuText::WakeNow)}
                </Button>
            </div>
            {move || cost.get().map(|cost| view! { <p class="panel-hint">{cost}</p> })}
        </div>
    }
}

#[component]
fn Keep() -> impl IntoView {
    let page = expect_context::<Page>();
    let can_keep = Memo::new(move |_| keep_awake::can_keep(page));
    let choices = move || {
        let ways = KEEP_MINUTES.map(|minutes| view! { <KeepFor ms=minutes * MINUTE_MS/> });
        ways.into_iter().collect_view()
    };
    let ways = move || match can_keep.get() {
        false => view! { <p class="panel-hint">{says(page, GpuText::KeepingNeeds)}</p> }.into_any(),
        true => view! {
            <p class="panel-legend" id="keep-awake">
                {says(page, GpuText::KeepAwake)}
            </p>
            <div class="panel-ways" role="group" aria-labelledby="keep-awake">
                {choices()}
            </div>
        }
        .into_any(),
    };
    view! { <div class="panel-way">{ways}</div> }
}

#[component]
fn KeepFor(ms: u64) -> impl IntoView {
    let page = expect_context::<Page>();
    let name = move || {
        let language = page.language.get();
        let price = page.config.price();
        let cost = price.map(|price| present::amount(ms, Some(price), language));
        match cost {
            Some(cost) => GpuText::ForCost { time: ms, cost: &cost }.say(language),
            None => GpuText::For { time: ms }.say(language),
        }
    };
    view! { <Button on_press=move || press(page, Goal::Keep { ms })>{name}</Button> }
}

pub fn model(page: Page) -> Option<String> {
    page.endpoint.get()?.model().map(str::to_owned)
}

/// What the server last reported: device and version.
#[component]
pub fn Told() -> impl IntoView {
    let page = expect_context::<Page>();
    let facts = Memo::new(move |_| page.server.with(|server| server.facts.clone()));
    let device = move || {
        let facts = facts.get()?;
        let device = present::device_name(facts.device.as_deref()?).to_owned();
        Some(match facts.vram_total_bytes {
            Some(bytes) => {
                let tenths = bytes / ((1 << 30) / 10);
                format!("{device} · {}.{} GB", tenths / 10, tenths % 10)
            }
            None => device,
        })
    };
    view! {
        <Fact name=Signal::derive(says(page, GpuText::Device)) value=Signal::derive(device)/>
        <Fact
            name=Signal::derive(says(page, GpuText::Comfyui))
            value=Signal::derive(move || facts.get()?.version)
        />
    }
}

/// A line of a `dl`; nothing if the value is unknown.
#[component]
pub fn Fact(name: Signal<String>, value: Signal<Option<String>>) -> impl IntoView {
    move || {
        let value = value.get()?;
        Some(view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        })
    }
}

//! The card of a run. Invariant: only what changed is rebuilt, so the focus stays while durations
//! are updated.

use leptos::prelude::*;
use pilotlight_comfy::failure::Remedy;
use pilotlight_i18n::present::{self, Card, Mark, Meter as Known, Reader};
use pilotlight_i18n::text::{CommonText, RunText, StatusText};

use crate::app::{Content, Page};
use crate::command::RunCommand;
use crate::components::{Icon, IconButton, QuietButton};
use crate::features::runs::failure::Failure;
use crate::features::runs::queue;
use crate::features::runs::queue::Moves;
use crate::features::settings::notification_offer::Offer;

#[component]
pub fn RunCard(number: u32) -> impl IntoView {
    let page = expect_context::<Page>();
    let find =
        |jobs: &Vec<crate::app::RunView>| jobs.iter().find(|job| job.number == number).cloned();
    let job = page.jobs.with_untracked(find)?;
    let (sheet, title) = (job.source.sheet, job.source.title().to_owned());
    let makes_several = job.source.makes_several(page);
    let run = RwSignal::from(job.run);
    let card = Memo::new(move |_| {
        run.with(|run| present::card(run, &Reader { makes_several, ..page.reader(sheet) }))
    });
    let id = format!("run-{number}");
    let labelled_by = id.clone();
    let state = Memo::new(move |_| card.with(mark));
    let marked = move || {
        let (_, href) = state.get()?;
        let icon = (!href.is_empty()).then(|| view! { <Icon href/> });
        Some(view! { <span class="mark">{icon}</span> })
    };
    let facts =
        Memo::new(move |_| card.with(|card| queue::held(page, card)).or_else(|| card.with(facts)));
    let waits = Memo::new(move |_| card.with(|card| card.phase == "waiting"));
    let can = Memo::new(move |_| card.with(can));
    let step_count = Memo::new(move |_| card.with(|card| card.steps.len()));
    let has_meter = Memo::new(move |_| card.with(|card| card.meter.is_some()));
    let said = Memo::new(move |_| card.with(say));
    Some(view! {
        <section
            class="run"
            role="group"
            aria-labelledby=labelled_by
            aria-busy=move || card.with(|card| card.busy).to_string()
            data-phase=move || card.with(|card| card.phase)
        >
            <div class="run-head" data-state=move || state.get().map(|(state, _)| state)>
                {marked}
                <h2 class="run-title" id=id>
                    <span class="run-number">
                        {move || StatusText::RunNumber { number: number.into() }.say(page.language.get())}
                    </span>
                    {title}
                </h2>
                {move || facts.get().map(|facts| view! { <span class="run-facts">{facts}</span> })}
                <div class="run-actions">
                    {move || waits.get().then(|| view! { <Moves number/> })}
                    {move || view! { <Actions number can=can.get()/> }}
                </div>
            </div>
            {move || {
                let count = step_count.get();
                (count > 0).then(|| view! { <Steps card count/> })
            }}
            {move || has_meter.get().then(|| view! { <Meter card/> })}
            {move || said.get().map(|said| view! { <p class="run-say">{said}</p> })}
            <Offer number/>
            <Failure number card/>
        </section>
    })
}

/// Returns state and icon of a phase that is shown in one line.
fn mark(card: &Card) -> Option<(&'static str, &'static str)> {
    match card.phase {
        "waiting" => Some(("next", "")),
        "done" if card.lacks_results => Some(("lacking", "#alert")),
        "done" => Some(("done", "#check")),
        "cancelled" => Some(("off", "#minus")),
        _ => None,
    }
}

fn facts(card: &Card) -> Option<String> {
    match card.phase {
        "waiting" => card.say.clone(),
        "cancelled" => Some(card.state.clone()),
        _ => card.facts.clone(),
    }
}

fn say(card: &Card) -> Option<String> {
    card.say.clone().filter(|_| card.phase != "waiting")
}

/// The action of a run, besides the remedy of a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Can {
    Nothing,
    Cancel,
    Dismiss,
    SameAgain,
    /// The same with the same seed, for results that are gone.
    MakeAgain,
    RunAgain,
}

fn can(card: &Card) -> Can {
    match card.phase {
        _ if card.can_cancel => Can::Cancel,
        "done" if card.lacks_results => Can::MakeAgain,
        "done" => Can::SameAgain,
        "cancelled" => Can::RunAgain,
        "failed" => Can::Dismiss,
        _ => Can::Nothing,
    }
}

#[component]
fn Actions(number: u32, can: Can) -> impl IntoView {
    let page = expect_context::<Page>();
    let dismiss = move || {
        let dismiss = move || page.send(RunCommand::Dismiss(number));
        view! { <IconButton href="#close" name=CommonText::Dismiss on_press=dismiss/> }
    };
    match can {
        Can::Nothing => ().into_any(),
        Can::Cancel => {
            let cancel = move || page.send(RunCommand::Cancel(number));
            view! { <QuietButton name=RunText::Cancel on_press=cancel/> }.into_any()
        }
        Can::Dismiss => dismiss().into_any(),
        Can::SameAgain => {
            let name =
                if has_answered(page, number) { RunText::AskAgain } else { RunText::MakeAnother };
            let again = move || page.send(RunCommand::Repeat(number));
            view! {
                <QuietButton href="#again" name on_press=again/>
                {dismiss()}
            }
            .into_any()
        }
        Can::RunAgain | Can::MakeAgain => {
            let again = move || page.send(RunCommand::Remedy(number, Remedy::RunAgain));
            let name = if can == Can::RunAgain { RunText::RunAgain } else { RunText::MakeAgain };
            view! {
                <QuietButton href="#again" name on_press=again/>
                {dismiss()}
            }
            .into_any()
        }
    }
}

fn has_answered(page: Page, number: u32) -> bool {
    page.outputs.with_untracked(|all| {
        all.iter().any(|one| one.job == number && matches!(one.content, Content::Text { .. }))
    })
}

/// The list of steps, rebuilt only when their number changes; otherwise texts are updated, so that
/// the animation of the current step is not restarted.
#[component]
fn Steps(card: Memo<Card>, count: usize) -> impl IntoView {
    let steps = (0..count).map(|at| view! { <Step card at/> }).collect_view();
    view! { <ol class="steps">{steps}</ol> }
}

#[component]
fn Step(
    card: Memo<Card>,
    /// The index of the step.
    at: usize,
) -> impl IntoView {
    let state = Memo::new(move |_| {
        card.with(|card| card.steps.get(at).map_or(Mark::Next, |step| step.mark))
    });
    let name = move || card.with(|card| card.steps.get(at).map(|step| step.name.clone()));
    let time = move || card.with(|card| card.steps.get(at).map(|step| step.time.clone()));
    let is_done = Memo::new(move |_| state.get() == Mark::Done);
    view! {
        <li
            class="step"
            data-state=move || state.get().name()
            aria-current=move || (state.get() == Mark::Now).then_some("step")
        >
            <span class="mark">
                {move || is_done.get().then(|| view! { <Icon href="#check"/> })}
            </span>
            <span class="step-line">
                <span class="step-name">{move || name().unwrap_or_default()}</span>
                <span class="step-time">{move || time().unwrap_or_default()}</span>
            </span>
        </li>
    }
}

#[component]
fn Meter(card: Memo<Card>) -> impl IntoView {
    let page = expect_context::<Page>();
    let percent = move || match card.with(|card| card.meter) {
        Some(Known::Known(percent)) => Some(percent),
        Some(Known::Late) => Some(90),
        Some(Known::Unknown) | None => None,
    };
    let state = move || match card.with(|card| card.meter) {
        Some(Known::Known(_)) => "known",
        Some(Known::Late) => "late",
        Some(Known::Unknown) | None => "unknown",
    };
    view! {
        <div
            class="meter"
            role="progressbar"
            aria-label=move || page.word(RunText::Progress)
            aria-valuenow=move || percent().map(|percent| percent.to_string())
            data-state=state
        >
            <span
                class="meter-bar"
                style:inline-size=move || percent().map(|percent| format!("{percent}%"))
            ></span>
        </div>
    }
}

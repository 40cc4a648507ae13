//! A run as a card. Invariant: what does not change is not drawn anew, so the focus stays where it
//! is while the clocks move.

use leptos::prelude::*;
use pilotlight_engine::failure::Remedy;
use pilotlight_engine::present::{self, Card, Mark, Meter, StepLine};
use pilotlight_engine::text::{Sentence, Word};

use super::button::{Kind, button, icon};
use super::{failure, word};
use crate::app::{Content, Intent, Page};

pub(super) fn run(page: Page, number: u32) -> Option<AnyView> {
    let job =
        page.jobs.with_untracked(|jobs| jobs.iter().find(|job| job.number == number).cloned())?;
    let sheet = job.order.sheet;
    let title = job.order.title.clone();
    let card = Memo::new(move |_| job.run.with(|run| present::card(run, &page.reader(sheet))));
    let phase = Memo::new(move |_| card.with(|card| card.phase));
    let id = format!("run-{number}");
    let view = view! {
        <section
            class="run"
            role="group"
            aria-labelledby=id
            aria-busy=move || card.with(|card| card.busy).to_string()
            data-phase=phase
        >
            <div class="run-head" data-state=move || mark(phase.get()).map(|(state, _)| state)>
                {move || mark(phase.get()).map(|(_, picture)| {
                    view! {
                        <span class="mark">{(!picture.is_empty()).then(|| icon(picture))}</span>
                    }
                })}
                <h3 class="run-title" id=id.clone()>
                    <span class="run-number">
                        {move || page.say(Sentence::RunNumber { number })}
                    </span>
                    {title}
                </h3>
                {text(card, facts, "run-facts")}
                <div class="run-actions">{actions(page, number, card)}</div>
            </div>
            {steps(card)}
            {meter(page, card)}
            {text(card, say, "run-say")}
            {failure::failure(page, number, card)}
        </section>
    };
    Some(view.into_any())
}

/// The mark of a phase that is told in one line: its state and its icon.
fn mark(phase: &'static str) -> Option<(&'static str, &'static str)> {
    match phase {
        "waiting" => Some(("next", "")),
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
    if card.phase == "waiting" { None } else { card.say.clone() }
}

/// A line that is there when there is something to say.
fn text(
    card: Memo<Card>,
    read: fn(&Card) -> Option<String>,
    class: &'static str,
) -> impl Fn() -> Option<AnyView> + Send {
    let line = Memo::new(move |_| card.with(read));
    let any = Memo::new(move |_| line.with(Option::is_some));
    move || {
        any.get().then(|| {
            let words = move || line.get().unwrap_or_default();
            if class == "run-say" {
                view! { <p class=class>{words}</p> }.into_any()
            } else {
                view! { <span class=class>{words}</span> }.into_any()
            }
        })
    }
}

fn actions(page: Page, number: u32, card: Memo<Card>) -> impl Fn() -> Option<AnyView> + Send {
    let dismiss = move || {
        button(page, Kind::Icon, "#close", Word::Dismiss, move || {
            page.act(Intent::Dismiss(number));
        })
    };
    let phase =
        Memo::new(move |_| card.with(|card| if card.can_cancel { "live" } else { card.phase }));
    move || match phase.get() {
        "live" => Some(button(page, Kind::Quiet, "", Word::Cancel, move || {
            page.act(Intent::Cancel(number));
        })),
        "done" => {
            let word = if has_answered(page, number) { Word::AskAgain } else { Word::SameAgain };
            let again = button(page, Kind::Quiet, "#again", word, move || {
                page.act(Intent::SameAgain(number));
            });
            Some((again, dismiss()).into_any())
        }
        "cancelled" => {
            let again = button(page, Kind::Quiet, "#again", Word::RunAgain, move || {
                page.act(Intent::Remedy(number, Remedy::RunAgain));
            });
            Some((again, dismiss()).into_any())
        }
        "failed" => Some(dismiss()),
        _ => None,
    }
}

fn has_answered(page: Page, number: u32) -> bool {
    page.findings.with_untracked(|all| {
        all.iter().any(|one| one.job == number && matches!(one.content, Content::Text { .. }))
    })
}

/// The list is made anew when a step comes or goes; within it only words change, so that the mark
/// of the step under way turns without a jerk.
fn steps(card: Memo<Card>) -> impl Fn() -> Option<AnyView> + Send {
    let count = Memo::new(move |_| card.with(|card| card.steps.len()));
    move || {
        let count = count.get();
        (count > 0).then(|| {
            let steps: Vec<_> = (0..count).map(|at| step(card, at)).collect();
            view! { <ol class="steps">{steps}</ol> }.into_any()
        })
    }
}

fn step(card: Memo<Card>, at: usize) -> AnyView {
    let state = Memo::new(move |_| {
        card.with(|card| card.steps.get(at).map_or(Mark::Next, |step| step.mark))
    });
    let words = move |read: fn(&StepLine) -> String| {
        move || card.with(|card| card.steps.get(at).map(read).unwrap_or_default())
    };
    view! {
        <li
            class="step"
            data-state=move || state.get().name()
            aria-current=move || (state.get() == Mark::Now).then_some("step")
        >
            <span class="mark">{move || (state.get() == Mark::Done).then(|| icon("#check"))}</span>
            <span class="step-line">
                <span class="step-name">{words(|step| step.name.clone())}</span>
                <span class="step-time">{words(|step| step.time.clone())}</span>
            </span>
        </li>
    }
    .into_any()
}

fn meter(page: Page, card: Memo<Card>) -> impl Fn() -> Option<AnyView> + Send {
    let meter = Memo::new(move |_| card.with(|card| card.meter));
    let any = Memo::new(move |_| meter.get().is_some());
    let percent = move || match meter.get() {
        Some(Meter::Known(percent)) => Some(percent),
        Some(Meter::Late) => Some(90),
        Some(Meter::Unknown) | None => None,
    };
    let state = move || match meter.get() {
        Some(Meter::Known(_)) => "known",
        Some(Meter::Late) => "late",
        Some(Meter::Unknown) | None => "unknown",
    };
    move || {
        any.get().then(|| {
            view! {
                <div
                    class="meter"
                    role="progressbar"
                    aria-label=word(page, Word::Progress)
                    aria-valuenow=move || percent().map(|percent| percent.to_string())
                    data-state=state
                >
                    <span
                        class="meter-bar"
                        style:inline-size=move || percent().map(|percent| format!("{percent}%"))
                    ></span>
                </div>
            }
            .into_any()
        })
    }
}

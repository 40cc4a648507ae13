//! A run as a card. Invariant: what does not change is not drawn anew, so the focus stays where it
//! is while the clocks move.

use pilotlight_comfy::failure::Remedy;
use pilotlight_i18n::present::{self, Card, Mark, Meter};
use pilotlight_i18n::text::{CommonText, RunText, StatusText};

use super::button::{icon, icon_button, quiet_button};
use super::{failure, queue, word};
use crate::app::{Content, Deed, Page};
use crate::dom::{El, el};
use crate::live::Live;

pub(super) fn run(page: Page, number: u32) -> Option<El> {
    let job = page.jobs.peek(|jobs| jobs.iter().find(|job| job.number == number).cloned())?;
    let (sheet, order) = (job.order.sheet, job.order);
    let card = Live::from(move || job.run.with(|run| present::card(run, &page.reader(sheet))));
    let phase = move || card.with(|card| card.phase.to_owned());
    let id = format!("run-{number}");
    let number_of =
        move || StatusText::RunNumber { number: number.into() }.say(page.language.get());
    let title = el("h3", "run-title")
        .set("id", &id)
        .put(el("span", "run-number").says(number_of))
        .text(order.title());
    let head = el("div", "run-head")
        .attr("data-state", move || card.with(mark).map(|(state, _)| state.to_owned()))
        .keyed(
            move || card.with(mark).map_or(0, |(_, href)| href.len() + 1),
            move |_| {
                let (_, href) = card.peek(mark)?;
                Some(el("span", "mark").put_all((!href.is_empty()).then(|| icon(href))))
            },
        )
        .put(title)
        .line("span", "run-facts", move || {
            card.with(|card| queue::held(page, card)).or_else(|| card.with(facts))
        })
        .put(
            el("div", "run-actions")
                .keyed(
                    move || usize::from(card.with(|card| card.phase == "waiting")),
                    move |waits| (waits > 0).then(|| queue::moves(page, number)),
                )
                .keyed(
                    move || card.with(can) as usize,
                    move |_| actions(page, number, card.peek(can)),
                ),
        );
    let section = el("section", "run")
        .set("role", "group")
        .set("aria-labelledby", &id)
        .attr("aria-busy", move || card.with(|card| card.busy).to_string())
        .attr("data-phase", phase)
        .put(head)
        .keyed(move || card.with(|card| card.steps.len()), move |count| steps(card, count))
        .keyed(
            move || usize::from(card.with(|card| card.meter.is_some())),
            move |there| (there > 0).then(|| meter(page, card)),
        )
        .line("p", "run-say", move || card.with(say));
    Some(failure::failure(page, number, card, section))
}

/// State and icon of a phase that is told in one line.
fn mark(card: &Card) -> Option<(&'static str, &'static str)> {
    match card.phase {
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
    card.say.clone().filter(|_| card.phase != "waiting")
}

/// What a person can do with a run besides mending it.
#[derive(Clone, Copy)]
enum Can {
    Nothing,
    Cancel,
    Dismiss,
    SameAgain,
    RunAgain,
}

fn can(card: &Card) -> Can {
    match card.phase {
        _ if card.can_cancel => Can::Cancel,
        "done" => Can::SameAgain,
        "cancelled" => Can::RunAgain,
        "failed" => Can::Dismiss,
        _ => Can::Nothing,
    }
}

fn actions(page: Page, number: u32, can: Can) -> Vec<El> {
    let dismiss = || {
        icon_button(page, "#close", CommonText::Dismiss, move || {
            page.ask_for(Deed::Dismiss(number))
        })
    };
    match can {
        Can::Nothing => Vec::new(),
        Can::Cancel => {
            vec![quiet_button(page, "", RunText::Cancel, move || {
                page.ask_for(Deed::Cancel(number))
            })]
        }
        Can::Dismiss => vec![dismiss()],
        Can::SameAgain => {
            let name =
                if has_answered(page, number) { RunText::AskAgain } else { RunText::MakeAnother };
            let again = quiet_button(page, "#again", name, move || {
                page.ask_for(Deed::SameAgain(number));
            });
            vec![again, dismiss()]
        }
        Can::RunAgain => {
            let again = quiet_button(page, "#again", RunText::RunAgain, move || {
                page.ask_for(Deed::Remedy(number, Remedy::RunAgain));
            });
            vec![again, dismiss()]
        }
    }
}

fn has_answered(page: Page, number: u32) -> bool {
    page.findings.peek(|all| {
        all.iter().any(|one| one.job == number && matches!(one.content, Content::Text { .. }))
    })
}

/// Made anew when a step comes or goes; within the list only words change, so that the mark of the
/// step under way turns without a jerk.
fn steps(card: Live<Card>, count: usize) -> Option<El> {
    (count > 0).then(|| el("ol", "steps").put_all((0..count).map(|at| step(card, at))))
}

fn step(card: Live<Card>, at: usize) -> El {
    let state = move || card.with(|card| card.steps.get(at).map_or(Mark::Next, |step| step.mark));
    let name = move || card.with(|card| card.steps.get(at).map(|step| step.name.clone()));
    let time = move || card.with(|card| card.steps.get(at).map(|step| step.time.clone()));
    let mark = el("span", "mark").keyed(
        move || usize::from(state() == Mark::Done),
        |done| (done > 0).then(|| icon("#check")),
    );
    let line = el("span", "step-line")
        .put(el("span", "step-name").says(move || name().unwrap_or_default()))
        .put(el("span", "step-time").says(move || time().unwrap_or_default()));
    el("li", "step")
        .attr("data-state", move || state().name().to_owned())
        .attr("aria-current", move || (state() == Mark::Now).then(|| "step".to_owned()))
        .put(mark)
        .put(line)
}

fn meter(page: Page, card: Live<Card>) -> El {
    let percent = move || match card.with(|card| card.meter) {
        Some(Meter::Known(percent)) => Some(percent),
        Some(Meter::Late) => Some(90),
        Some(Meter::Unknown) | None => None,
    };
    let state = move || match card.with(|card| card.meter) {
        Some(Meter::Known(_)) => "known",
        Some(Meter::Late) => "late",
        Some(Meter::Unknown) | None => "unknown",
    };
    let bar = el("span", "meter-bar")
        .style("inline-size", move || percent().map(|percent| format!("{percent}%")));
    el("div", "meter")
        .set("role", "progressbar")
        .attr("aria-label", word(page, RunText::Progress))
        .attr("aria-valuenow", move || percent().map(|percent| percent.to_string()))
        .attr("data-state", move || state().to_owned())
        .put(bar)
}

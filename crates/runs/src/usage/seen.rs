//! The GPU's usage as the page observes it, from runs and keep-awake.

use super::{Doing, UsagePeriod};
use crate::keep_awake::KeepAwake;
use crate::run::{Run, Span, Stage};
use crate::server::HELD_MS;
use pilotlight_comfy::run_status::{Content, Ended};
use pilotlight_comfy::time::{At, SECOND_MS};

/// How much later than an end the page may notice it.
const LATE_MS: u64 = 2 * SECOND_MS;

/// Returns the usage of a run up to now: what was observed, and what the server reported about a
/// run that was not observed.
///
/// `watched`: since when this page has been active without a gap. Earlier time was not observed,
/// unless it was recorded then.
pub fn of_run(run: &Run, watched: At, now: At) -> Vec<UsagePeriod> {
    let mut periods = Vec::new();
    let seen = |stage| run.span(stage).and_then(|span| since(span, watched));
    periods.extend(seen(Stage::Waking).and_then(|span| waking(span, now)));
    let seen = seen(Stage::Running);
    periods.extend(seen.map(|span| period(Doing::Running, span, now)));
    let told_ms = run.brought().filter(|ended| !ended.cached).and_then(|ended| ended.ran_ms);
    let seen_ms = seen.map_or(0, |span| span.until.unwrap_or(now).since(span.from) + LATE_MS);
    if let Some(ran_ms) = told_ms.filter(|ran_ms| *ran_ms > seen_ms) {
        let until = ended_at(run, now);
        let from = At(until.0.saturating_sub(ran_ms));
        periods.push(UsagePeriod { doing: Doing::Running, from, until });
    }
    periods
}

/// Returns when a run ended: by the server's clock if plausible, otherwise when the page noticed.
fn ended_at(run: &Run, now: At) -> At {
    let told = run.brought().and_then(told_end).filter(|at| *at > run.pressed() && *at <= now);
    told.or(run.span(Stage::Fetching).map(|span| span.from)).unwrap_or(now)
}

fn told_end(ended: &Ended) -> Option<At> {
    ended.outputs.iter().find_map(|output| match &output.content {
        Content::File(file) => file.ended_ms.map(At),
        Content::Text(_) => None,
    })
}

/// Returns the usage of keep-awake up to now. While a request is held the GPU is awake, whatever
/// the cluster's delay is.
pub fn of_keep_awake(keep_awake: &KeepAwake, watched: At, now: At) -> Vec<UsagePeriod> {
    let seen = |span: Option<Span>| span.and_then(|span| since(span, watched));
    let woke = seen(keep_awake.woke()).and_then(|span| waking(span, now));
    let held = seen(keep_awake.held()).map(|span| period(Doing::Idling, span, now));
    woke.into_iter().chain(held).collect()
}

/// Returns the waking time of a request that belongs to no run.
pub fn of_wait(asked: At, answered: At) -> Option<UsagePeriod> {
    waking(Span { from: asked, until: Some(answered) }, answered)
}

/// Returns the idle time after an answer: the cluster's delay.
pub fn idle(heard_at: At, delay_ms: u64) -> UsagePeriod {
    UsagePeriod { doing: Doing::Idling, from: heard_at, until: heard_at.plus(delay_ms) }
}

/// Returns the part of a span after this time.
fn since(span: Span, from: At) -> Option<Span> {
    let is_over = span.until.is_some_and(|until| until <= from);
    (!is_over).then_some(Span { from: span.from.max(from), ..span })
}

/// Returns the waking time of a wake request; none if it was answered at once.
fn waking(span: Span, now: At) -> Option<UsagePeriod> {
    let period = period(Doing::Waking, span, now);
    (period.until.since(period.from) > HELD_MS).then_some(period)
}

fn period(doing: Doing, span: Span, now: At) -> UsagePeriod {
    UsagePeriod { doing, from: span.from, until: span.until.unwrap_or(now) }
}

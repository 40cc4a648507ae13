//! What is known of a GPU's time from what a page saw of its runs and of keeping it awake.

use super::{Doing, Piece};
use crate::run::{Run, Span, Stage};
use crate::server::HELD_MS;
use crate::warm::Warm;
use pilotlight_comfy::sighting::{Content, Ended};
use pilotlight_comfy::time::{At, SECOND_MS};

/// What the page sees of an end comes a little later than the end.
const LATE_MS: u64 = 2 * SECOND_MS;

/// What a run had the GPU do up to now: what was seen, and what the server told of a run that
/// nobody watched.
///
/// `watched`: since when this page has looked without a gap. What a stage took before that nobody
/// saw, unless it was counted then.
pub fn of_run(run: &Run, watched: At, now: At) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let seen = |stage| run.span(stage).and_then(|span| since(span, watched));
    pieces.extend(seen(Stage::Waking).and_then(|span| waking(span, now)));
    let seen = seen(Stage::Running);
    pieces.extend(seen.map(|span| piece(Doing::Running, span, now)));
    let told_ms = run.brought().filter(|ended| !ended.cached).and_then(|ended| ended.ran_ms);
    let seen_ms = seen.map_or(0, |span| span.until.unwrap_or(now).since(span.from) + LATE_MS);
    if let Some(ran_ms) = told_ms.filter(|ran_ms| *ran_ms > seen_ms) {
        let until = ended_at(run, now);
        let from = At(until.0.saturating_sub(ran_ms));
        pieces.push(Piece { doing: Doing::Running, from, until });
    }
    pieces
}

/// By the server's clock where that fits, else when the page heard of it.
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

/// What waking it and keeping it awake had it do up to now. What is held is awake, whatever the
/// cluster's delay.
pub fn of_warm(warm: &Warm, watched: At, now: At) -> Vec<Piece> {
    let seen = |span: Option<Span>| span.and_then(|span| since(span, watched));
    let woke = seen(warm.woke()).and_then(|span| waking(span, now));
    let held = seen(warm.held()).map(|span| piece(Doing::Idling, span, now));
    woke.into_iter().chain(held).collect()
}

/// What a first request had it do that was asked for its answer.
pub fn of_wait(asked: At, answered: At) -> Option<Piece> {
    waking(Span { from: asked, until: Some(answered) }, answered)
}

/// An answer keeps the GPU for as long as the cluster waits for more.
pub fn idle(heard_at: At, delay_ms: u64) -> Piece {
    Piece { doing: Doing::Idling, from: heard_at, until: heard_at.plus(delay_ms) }
}

/// The part of a span from this moment on.
fn since(span: Span, from: At) -> Option<Span> {
    let is_over = span.until.is_some_and(|until| until <= from);
    (!is_over).then_some(Span { from: span.from.max(from), ..span })
}

/// A knock that was answered at once woke nobody.
fn waking(span: Span, now: At) -> Option<Piece> {
    let piece = piece(Doing::Waking, span, now);
    (piece.until.since(piece.from) > HELD_MS).then_some(piece)
}

fn piece(doing: Doing, span: Span, now: At) -> Piece {
    Piece { doing, from: span.from, until: span.until.unwrap_or(now) }
}

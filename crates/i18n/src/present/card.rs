//! The card of a run: phase, steps with their durations, progress, message, failure.

use super::failing;
use super::{Reader, cost_of};
use crate::text::{RunText, StatusText, clock, labeled, list, range, sentences, span};
use pilotlight_comfy::comfy::Transport;
use pilotlight_comfy::failure::FailureView;
use pilotlight_comfy::failure::{ApiError, Fault};
use pilotlight_comfy::time::SECOND_MS;
use pilotlight_forms::form::{Form, missing_outputs};
use pilotlight_runs::estimate::Range;
use pilotlight_runs::pill::is_held;
use pilotlight_runs::results::Spent;
use pilotlight_runs::run::{Outcome, Phase, Run, Stage};

/// The content of a run's card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The phase, for `data-phase`; used by styles and tests.
    pub phase: &'static str,
    /// Whether the run is not over.
    pub busy: bool,
    /// Whether *Cancel* is offered.
    pub can_cancel: bool,
    /// Whether a result was gone before it could be fetched.
    pub lacks_results: bool,
    /// The phase in a few words.
    pub state: String,
    /// The steps; empty in phases that are shown in one line: waiting, done, canceled, failed.
    pub steps: Vec<StepLine>,
    /// The bar; `None` in phases without one.
    pub meter: Option<Meter>,
    /// The sentence below the steps, if there is one.
    pub say: Option<String>,
    /// Durations, seed and the like of an ended run.
    pub facts: Option<String>,
    /// Why the run failed, if it did.
    pub failure: Option<FailureView>,
}

/// A line of the steps.
#[derive(Clone, Debug, PartialEq)]
pub struct StepLine {
    /// The name of the step.
    pub name: String,
    /// Whether it is done.
    pub mark: Mark,
    /// Elapsed and usual time; empty if there is nothing to say.
    pub time: String,
}

/// The state of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is done.
    Done,
    /// It is in progress.
    Now,
    /// It is still to come.
    Next,
}

impl Mark {
    /// Returns the name for `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Next => "next",
        }
    }
}

/// What the bar of a run shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meter {
    /// The usual duration is unknown.
    Unknown,
    /// The percentage of the usual duration, 0 to 95.
    Known(u8),
    /// Longer than usual.
    Late,
}

/// Returns what the card of a run shows.
pub fn card(run: &Run, reader: &Reader) -> Card {
    let phase = run.phase();
    Card {
        phase: name(phase),
        busy: run.is_live(),
        can_cancel: run.can_cancel(),
        lacks_results: run.outcome().is_some_and(Outcome::lacks_results),
        state: state(run, reader),
        steps: if one_line(phase) { Vec::new() } else { steps(run, reader) },
        meter: meter(run, reader),
        say: say(run, reader),
        facts: facts(run, reader),
        failure: if let Phase::Ended(Outcome::Failed(failure)) = phase {
            Some(failing::view(failure, run, reader))
        } else {
            None
        },
    }
}

/// Returns the live region's text for a new phase of a run; `None` for minor steps.
pub fn announcement(run: &Run, title: &str, reader: &Reader) -> Option<String> {
    let state = match run.phase() {
        Phase::Waiting
        | Phase::Uploading
        | Phase::Unconfirmed { .. }
        | Phase::Collecting { .. } => {
            return None;
        }
        Phase::Ended(Outcome::Failed(failure)) => failing::view(failure, run, reader).title,
        Phase::Waking
        | Phase::Submitting
        | Phase::Queued { .. }
        | Phase::Running
        | Phase::Cancelling(_)
        | Phase::Ended(_) => state(run, reader),
    };
    Some(labeled(title, &state, reader.language))
}

fn name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Waking => "waking",
        Phase::Uploading | Phase::Submitting | Phase::Unconfirmed { .. } => "submitting",
        Phase::Queued { .. } => "queued",
        Phase::Running => "running",
        Phase::Collecting { .. } => "collecting",
        Phase::Cancelling(_) => "cancelling",
        Phase::Ended(Outcome::Done { .. }) => "done",
        Phase::Ended(Outcome::Cancelled { .. }) => "cancelled",
        Phase::Ended(Outcome::Failed(_)) => "failed",
    }
}

fn state(run: &Run, reader: &Reader) -> String {
    let word = |word: RunText| word.say(reader.language).to_owned();
    match run.phase() {
        Phase::Waiting => word(RunText::Waiting),
        Phase::Waking if is_held(run, reader.now) => word(RunText::Waking),
        Phase::Waking => word(RunText::Connecting),
        Phase::Uploading | Phase::Submitting | Phase::Unconfirmed { .. } => word(RunText::Sending),
        Phase::Queued { .. } | Phase::Running if run.is_unheard_of() => word(RunText::NotAnswering),
        Phase::Queued { ahead } => in_line(*ahead, reader),
        Phase::Running => word(RunText::Running),
        Phase::Collecting { .. } => word(RunText::Fetching),
        Phase::Cancelling(_) => word(RunText::Canceling),
        Phase::Ended(outcome) if outcome.lacks_results() => word(RunText::Incomplete),
        Phase::Ended(Outcome::Done { .. }) => word(RunText::Done),
        Phase::Ended(Outcome::Cancelled { .. }) => word(RunText::Canceled),
        Phase::Ended(Outcome::Failed(_)) => word(RunText::Failed),
    }
}

fn in_line(ahead: Option<u32>, reader: &Reader) -> String {
    match ahead {
        Some(ahead) if ahead > 0 => {
            StatusText::QueuedBehind { ahead: ahead as usize }.say(reader.language)
        }
        _ => RunText::Queued.say(reader.language).to_owned(),
    }
}

fn one_line(phase: &Phase) -> bool {
    matches!(phase, Phase::Waiting | Phase::Ended(_))
}

const STAGES: [Stage; 4] = [Stage::Waking, Stage::InLine, Stage::Running, Stage::Fetching];

fn steps(run: &Run, reader: &Reader) -> Vec<StepLine> {
    let word = |word: RunText| word.say(reader.language).to_owned();
    let held = is_held(run, reader.now);
    let now = current(run.phase(), held);
    let passed = now.map_or(STAGES.len(), |now| now as usize);
    // The stage in which a run was canceled is not marked as done.
    let entered = |stage: &Stage| run.span(*stage).is_some();
    let broken_off = match now {
        None => STAGES.into_iter().rev().find(entered),
        Some(_) => None,
    };
    let mut lines = Vec::new();
    for stage in STAGES {
        let is_left_out = match stage {
            Stage::Waking => !held,
            Stage::InLine | Stage::Running | Stage::Fetching => now.is_none() && !entered(&stage),
        };
        if is_left_out || broken_off == Some(stage) {
            continue;
        }
        let mark = match (stage as usize).cmp(&passed) {
            std::cmp::Ordering::Less => Mark::Done,
            std::cmp::Ordering::Equal => Mark::Now,
            std::cmp::Ordering::Greater => Mark::Next,
        };
        let is_now = mark == Mark::Now;
        let either = |now, other| word(if is_now { now } else { other });
        let name = match (stage, run.phase()) {
            (_, _) if is_now && run.is_unheard_of() => word(RunText::NotAnswering),
            (Stage::Waking, _) => either(RunText::Waking, RunText::StepWaking),
            (Stage::InLine, Phase::Waking) if !held => word(RunText::Connecting),
            (Stage::InLine, Phase::Uploading | Phase::Submitting | Phase::Unconfirmed { .. }) => {
                word(RunText::Sending)
            }
            (Stage::InLine, Phase::Queued { ahead }) => in_line(*ahead, reader),
            (Stage::InLine, _) => either(RunText::Queued, RunText::StepQueued),
            (Stage::Running, _) => either(RunText::Running, RunText::StepRunning),
            (Stage::Fetching, _) => either(RunText::Fetching, RunText::StepFetching),
        };
        lines.push(StepLine { name, mark, time: time(run, stage, mark, reader) });
    }
    if let Phase::Cancelling(cancelling) = run.phase() {
        let time = span(reader.now.since(cancelling.from), reader.language);
        lines.push(StepLine { name: word(RunText::Canceling), mark: Mark::Now, time });
    }
    lines
}

/// Returns the current stage. A wake request that is not yet held belongs to the next stage.
fn current(phase: &Phase, held: bool) -> Option<Stage> {
    match phase {
        Phase::Waiting => Some(Stage::Waking),
        Phase::Waking if held => Some(Stage::Waking),
        Phase::Waking
        | Phase::Uploading
        | Phase::Submitting
        | Phase::Unconfirmed { .. }
        | Phase::Queued { .. } => Some(Stage::InLine),
        Phase::Running => Some(Stage::Running),
        Phase::Collecting { .. } => Some(Stage::Fetching),
        Phase::Cancelling(_) | Phase::Ended(_) => None,
    }
}

fn time(run: &Run, stage: Stage, mark: Mark, reader: &Reader) -> String {
    let usual = match stage {
        Stage::Waking => reader.usual_waking,
        Stage::Running => reader.usual_run,
        Stage::InLine | Stage::Fetching => None,
    };
    let usually = |(from, to): Range| {
        StatusText::Usually { range: &range(from, to, reader.language) }.say(reader.language)
    };
    let clock_of = match (run.phase(), mark) {
        (Phase::Waking, Mark::Now) => Stage::Waking,
        (_, _) => stage,
    };
    let elapsed = match (run.phase(), run.span(clock_of)) {
        (_, Some(at)) => Some(at.until.unwrap_or(reader.now).since(at.from)),
        // Nothing was seen of a GPU yet; the wait has a clock all the same.
        (Phase::Waking, None) if mark == Mark::Now => Some(reader.now.since(run.since())),
        (_, None) => None,
    };
    match (mark, elapsed) {
        (Mark::Done, Some(ms)) if ms >= SECOND_MS / 2 => clock(ms, reader.language),
        (Mark::Now, Some(ms)) => {
            let elapsed = span(ms, reader.language);
            match usual {
                None => elapsed,
                Some((_, to)) if ms > late_after(to) => {
                    format!("{elapsed} · {}", StatusText::LongerThanUsual.say(reader.language))
                }
                Some(range) => format!("{elapsed} · {}", usually(range)),
            }
        }
        (Mark::Next, _) => usual.map(usually).unwrap_or_default(),
        (Mark::Done | Mark::Now, _) => String::new(),
    }
}

/// Returns the duration, in ms, after which a stage is late: a fifth and 2 s more than usual.
fn late_after(to_ms: u64) -> u64 {
    to_ms + to_ms / 5 + 2 * SECOND_MS
}

fn meter(run: &Run, reader: &Reader) -> Option<Meter> {
    let (stage, usual, rest_ms) = match run.phase() {
        Phase::Waking if is_held(run, reader.now) => {
            let rest = reader.usual_run.map_or(0, |(_, to)| to);
            (Stage::Waking, reader.usual_waking, rest)
        }
        Phase::Queued { .. } | Phase::Running if run.is_unheard_of() => {
            return Some(Meter::Unknown);
        }
        Phase::Running => (Stage::Running, reader.usual_run, 0),
        Phase::Collecting { .. } => return Some(Meter::Known(95)),
        Phase::Waking
        | Phase::Uploading
        | Phase::Submitting
        | Phase::Unconfirmed { .. }
        | Phase::Queued { .. } => return Some(Meter::Unknown),
        Phase::Waiting | Phase::Cancelling(_) | Phase::Ended(_) => return None,
    };
    let (Some((from, to)), Some(at)) = (usual, run.span(stage)) else {
        return Some(Meter::Unknown);
    };
    let elapsed = reader.now.since(at.from);
    if elapsed > late_after(to) {
        return Some(Meter::Late);
    }
    let before = match stage {
        Stage::Running => run.span(Stage::Waking).and_then(|at| Some(at.until?.since(at.from))),
        Stage::Waking | Stage::InLine | Stage::Fetching => None,
    };
    let before = before.unwrap_or(0);
    let whole = (before + (from + to) / 2 + rest_ms).max(1);
    let percent = (before + elapsed) * 100 / whole;
    Some(Meter::Known(u8::try_from(percent.min(90)).unwrap_or(90)))
}

fn say(run: &Run, reader: &Reader) -> Option<String> {
    let unconfirmed = matches!(run.phase(), Phase::Unconfirmed { .. });
    let sentence = match (run.phase(), run.fault()) {
        (Phase::Waiting, _) => return Some(RunText::WaitingHint.say(reader.language).to_owned()),
        (Phase::Ended(Outcome::Cancelled { confirmed: false }), _) => StatusText::CancelUnconfirmed,
        (Phase::Ended(Outcome::Done { ended, gone }), _) => {
            if gone.is_empty() && !run.warnings().is_empty() {
                return warnings(run, reader);
            } else if ended.outputs.is_empty() {
                StatusText::NothingCame
            } else if gone.is_empty() {
                return None;
            } else {
                StatusText::SomeGone { count: gone.len() }
            }
        }
        (Phase::Ended(_), _) => return None,
        (phase, Some(fault)) if reader.is_offline && fault.error == ApiError::Unanswered => {
            match matches!(phase, Phase::Waking) {
                true => StatusText::Offline,
                false => StatusText::OfflineSent,
            }
        }
        (_, Some(_)) if run.is_unheard_of() => StatusText::ServerStopped,
        (Phase::Waking, Some(fault)) => {
            let said = hiccup(fault, run.fault_after_ms(), reader).say(reader.language);
            let safe = StatusText::RunIsSafe.say(reader.language);
            return Some(sentences(&said, &safe, reader.language));
        }
        (_, Some(_)) if unconfirmed => StatusText::ReplyLost,
        (_, Some(fault)) => hiccup(fault, run.fault_after_ms(), reader),
        (Phase::Waking, None) => waking(run, reader)?,
        (Phase::Cancelling(at), None) if reader.now.since(at.from) > 3 * SECOND_MS => {
            StatusText::AfterThisNode
        }
        (Phase::Queued { .. } | Phase::Running, None) if run.is_recalled() => StatusText::AsLeft,
        (Phase::Queued { .. } | Phase::Running, None) if run.polls() => {
            match run.unanswered_ms(reader.now) {
                Some(ms) if ms > 5 * SECOND_MS => StatusText::NoReplyFor { time: ms },
                _ => return warnings(run, reader),
            }
        }
        _ => return warnings(run, reader),
    };
    Some(sentence.say(reader.language))
}

fn waking(run: &Run, reader: &Reader) -> Option<StatusText<'static>> {
    let elapsed = run.span(Stage::Waking).map_or(0, |at| reader.now.since(at.from));
    match reader.usual_waking {
        Some((_, to)) if elapsed > late_after(to) => Some(StatusText::ClusterMayBeFull),
        Some(_) => None,
        None if elapsed > 5 * 60 * SECOND_MS => Some(StatusText::ClusterMayBeFull),
        None if is_held(run, reader.now) => Some(StatusText::FirstWaking),
        None => None,
    }
}

/// Returns what the server left out of the run and why, and which results are missing.
fn warnings(run: &Run, reader: &Reader) -> Option<String> {
    let first = run.warnings().first()?;
    let problem = failing::named_problem(first, reader.form.as_deref(), reader.language);
    let said = StatusText::WillNotRun { problem: &problem }.say(reader.language);
    let flow = reader.form.as_deref().map(Form::workflow);
    let titles = flow.map(|flow| missing_outputs(run.warnings(), flow)).unwrap_or_default();
    if titles.is_empty() {
        return Some(said);
    }
    let titles = list(&titles, reader.language);
    let without = StatusText::NoResultFrom { titles: &titles }.say(reader.language);
    Some(sentences(&said, &without, reader.language))
}

fn hiccup(fault: &Fault, after_ms: u64, reader: &Reader) -> StatusText<'static> {
    match (fault.error, reader.transport) {
        (ApiError::Unavailable(504) | ApiError::TimedOut, _) => {
            StatusText::GatewayTimeout { time: after_ms }
        }
        (ApiError::Unavailable(status), _) => StatusText::GatewayAnswered { status: status.into() },
        (ApiError::Busy, _) => StatusText::GatewayBusy,
        (ApiError::Garbled, _) => StatusText::NotComfy,
        (_, Transport::Direct) => StatusText::NoReplyDirect,
        (_, Transport::Relay) => StatusText::NoReply,
    }
}

fn facts(run: &Run, reader: &Reader) -> Option<String> {
    let Phase::Ended(Outcome::Done { ended, .. }) = run.phase() else { return None };
    let language = reader.language;
    let length = |stage| run.span(stage).and_then(|at| Some(at.until?.since(at.from)));
    let mut parts = Vec::new();
    if let Some(ms) = length(Stage::Waking).filter(|_| is_held(run, reader.now)) {
        parts.push(StatusText::WokeIn { time: ms }.say(language));
    }
    if ended.cached {
        parts.push(StatusText::Cached.say(language));
    } else if let Some(ran_ms) = ended.ran_ms.or(length(Stage::Running)) {
        parts.push(StatusText::Ran { time: &clock(ran_ms, language) }.say(language));
    }
    if let Some(price) = reader.price {
        let running_ms = ended.ran_ms.or(length(Stage::Running)).filter(|_| !ended.cached);
        let waking_ms = length(Stage::Waking).filter(|_| is_held(run, reader.now));
        let spent = Spent { waking_ms, in_line_ms: None, running_ms };
        parts.push(cost_of(&spent, price, reader.idle_ms, language));
    }
    if let Some((_, seed)) = ended.seeds.first() {
        parts.push(StatusText::Seed { seed: *seed }.say(language));
    }
    Some(parts.join(" · "))
}

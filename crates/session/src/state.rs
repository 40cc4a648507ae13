//! The parts of the session's state other than runs, each with what it waits for.

use std::collections::{BTreeMap, VecDeque};

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::time::At;
use pilotlight_runs::budget::Passed;
use pilotlight_runs::connection_test::ConnectionTest;
use pilotlight_runs::keep_awake::{Goal, KeepAwake};
use pilotlight_runs::run::Turn;
use pilotlight_runs::usage::Ledger;

use crate::job::RunEntry;
use crate::request::{RequestId, RoomId, RunNumber, RunRequest, TimerId};

/// The purpose of a write.
#[derive(Debug)]
pub(crate) enum Write {
    /// The record of a run; `fallback` is a shorter one, tried if the storage is full.
    Record { run: RunNumber, fallback: Option<String> },
    /// The records of runs that are started once they are stored.
    Start(Start),
    /// The results of a run.
    Results { run: RunNumber, prompt_id: PromptId },
}

/// Runs that are started once they are stored.
#[derive(Debug)]
pub(crate) struct Start {
    pub jobs: Vec<RunEntry>,
    /// The failed runs that they replace.
    pub replaced: Vec<RunNumber>,
}

/// The limits, and the request that the user is asked about.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    /// The limits of a day and of a month: money if there is a price, otherwise minutes.
    pub limits: [Option<f64>; 2],
    pub asked: Option<(Passed, LimitedRequest)>,
}

/// A request that may pass a limit.
#[derive(Clone, Debug)]
pub(crate) enum LimitedRequest {
    Start { requests: Vec<RunRequest>, replaced: Vec<RunNumber> },
    Retry(Vec<RunNumber>),
    KeepAwake(Goal, String),
}

/// The state of keep-awake, and what it waits for.
#[derive(Debug, Default)]
pub(crate) struct KeepAwakeState {
    pub machine: KeepAwake,
    pub outstanding: AwaitedByKeepAwake,
    pub was_hidden: bool,
    /// The form that was selected when it was started; durations are recorded for it.
    pub form: String,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum AwaitedByKeepAwake {
    #[default]
    Nothing,
    Timer(TimerId, Turn),
    Request(RequestId, Turn, Question),
}

/// The kind of an outstanding request, by which its answer is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    Wake,
    Hold,
}

/// The writes that found the storage full; space is made for one after another.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub waiting: VecDeque<NoRoom>,
    /// Writes for which space was made, by the timers after which they are tried again.
    pub retries: BTreeMap<TimerId, RoomId>,
}

#[derive(Debug)]
pub(crate) struct NoRoom {
    pub id: RoomId,
    pub bytes: u64,
    /// How long to wait before it is tried again, in ms.
    pub wait_ms: u64,
}

/// The recorded usage, and the timer that records usage in progress.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    pub ledger: Ledger,
    pub tick: Option<TimerId>,
    /// Since when the page has been active without a gap.
    pub watched: At,
    /// When the page was last active.
    pub looked: At,
}

/// The connection test, and what it waits for.
#[derive(Debug, Default)]
pub(crate) struct ConnectionTestState {
    pub test: ConnectionTest,
    /// When its last request was answered.
    pub answered: At,
    pub outstanding: AwaitedByTest,
    pub form: String,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum AwaitedByTest {
    #[default]
    Nothing,
    Timer(TimerId, Turn),
    Probe(RequestId, Turn),
}

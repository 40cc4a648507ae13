//! What a session holds besides its runs, each part with what it waits for.

use std::collections::{BTreeMap, VecDeque};

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::time::At;
use pilotlight_runs::budget::Passed;
use pilotlight_runs::chain::Chain;
use pilotlight_runs::meter::Ledger;
use pilotlight_runs::run::Turn;
use pilotlight_runs::warm::Warm;

use crate::job::Job;
use crate::request::{RequestId, RoomId, RunNumber, RunRequest, TimerId};

/// What a write was for.
#[derive(Debug)]
pub(crate) enum Write {
    /// The record of a run; `fallback` is a shorter one to try where there is no room for it.
    Record { run: RunNumber, fallback: Option<String> },
    /// The records of runs that are started once they are written.
    Start(Start),
    /// What a run brought.
    Results { run: RunNumber, prompt_id: PromptId },
}

/// Runs that are started once they are stored.
#[derive(Debug)]
pub(crate) struct Start {
    pub jobs: Vec<Job>,
    /// The failed runs whose place they take.
    pub replaced: Vec<RunNumber>,
}

/// The limits, and what waits for an answer.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    /// Of a day and of a month: money where there is a price, else minutes.
    pub limits: [Option<f64>; 2],
    pub asked: Option<(Passed, LimitedRequest)>,
}

/// What may pass a limit.
#[derive(Clone, Debug)]
pub(crate) enum LimitedRequest {
    Start { requests: Vec<RunRequest>, replaced: Vec<RunNumber> },
    Retry(Vec<RunNumber>),
}

impl LimitedRequest {
    pub fn count(&self) -> usize {
        match self {
            Self::Start { requests, .. } => requests.len(),
            Self::Retry(runs) => runs.len(),
        }
    }
}

/// The state of waking and keeping awake, and what it waits for.
#[derive(Debug, Default)]
pub(crate) struct KeepAwake {
    pub warm: Warm,
    pub outstanding: AwaitedByKeepAwake,
    pub was_hidden: bool,
    /// The form in front when it was pressed: its waits are learnt.
    pub form: String,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum AwaitedByKeepAwake {
    #[default]
    Nothing,
    Timer(TimerId, Turn),
    Request(RequestId, Turn, Question),
}

/// What was asked, so that the answer is read as that.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    Wake,
    Hold,
}

/// The writes that found no room: one after the other has results leave for it.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub waiting: VecDeque<NoRoom>,
    /// Those for which room was made, by the timers after which they are tried again.
    pub retries: BTreeMap<TimerId, RoomId>,
}

#[derive(Debug)]
pub(crate) struct NoRoom {
    pub id: RoomId,
    pub bytes: u64,
    /// How long to wait before it is tried again.
    pub wait_ms: u64,
}

/// What was counted, and the clock that counts what goes on.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    pub ledger: Ledger,
    pub tick: Option<TimerId>,
    /// Since when the page has looked without a gap.
    pub watched: At,
    /// When it looked last.
    pub looked: At,
}

/// The test, and what it waits for.
#[derive(Debug, Default)]
pub(crate) struct ConnectionTest {
    pub chain: Chain,
    /// When its last probe was answered.
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

//! What happened, for tests and for `/__emulator/log` and `/__emulator/state`.
//!
//! Invariant: the journal is written and never read by the world itself.

use crate::http::Headers;
use crate::json::{Json, map};

/// How far a queued run got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Waiting in the queue.
    Queued,
    /// Running now.
    Running,
    /// Ended well.
    Success,
    /// A node failed.
    Error,
    /// Stopped on request.
    Interrupted,
    /// Taken out of the queue before it ran.
    Deleted,
    /// Died with its pod.
    Lost,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Outcome::Queued => "queued",
            Outcome::Running => "running",
            Outcome::Success => "success",
            Outcome::Error => "error",
            Outcome::Interrupted => "interrupted",
            Outcome::Deleted => "deleted",
            Outcome::Lost => "lost",
        }
    }
}

/// One accepted POST of a graph: what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    pub prompt_id: String,
    /// Which pod, counted from 1.
    pub pod: u64,
    pub queued_ms: u64,
    pub started_ms: Option<u64>,
    /// The instant of the end mark in the history's messages.
    pub ended_ms: Option<u64>,
    pub outcome: Outcome,
    /// Nodes that really ran; 0 for a run answered from the cache.
    pub nodes_run: u32,
    /// It began as one of `neighbours`.
    pub foreign: bool,
}

impl Execution {
    fn to_json(&self) -> Json {
        let ms = |at: Option<u64>| at.map_or(Json::Null, Json::from);
        map([
            ("prompt_id", self.prompt_id.as_str().into()),
            ("pod", self.pod.into()),
            ("queued_ms", self.queued_ms.into()),
            ("started_ms", ms(self.started_ms)),
            ("ended_ms", ms(self.ended_ms)),
            ("outcome", self.outcome.name().into()),
            ("nodes_run", u64::from(self.nodes_run).into()),
            ("foreign", self.foreign.into()),
        ])
    }
}

/// One request as it arrived, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    pub at_ms: u64,
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Headers,
    /// The model kubeai found in it.
    pub model: Option<String>,
    pub body_bytes: usize,
    /// `None` while it is held, after a reset and after the client left.
    pub status: Option<u16>,
    /// reply, reset, cut, abandoned, or held.
    pub ended: &'static str,
    pub held_ms: Option<u64>,
    /// How often the pod got it.
    pub tries: u32,
}

impl LogEntry {
    fn to_json(&self) -> Json {
        let headers = self
            .headers
            .iter()
            .map(|(k, v)| (k.to_ascii_lowercase(), Json::from(v.as_str())))
            .collect();
        map([
            ("at_ms", self.at_ms.into()),
            ("method", self.method.as_str().into()),
            ("path", self.path.as_str().into()),
            ("query", self.query.as_str().into()),
            ("headers", Json::Map(headers)),
            ("model", self.model.as_deref().map_or(Json::Null, Json::from)),
            ("body_bytes", (self.body_bytes as u64).into()),
            ("status", self.status.map_or(Json::Null, |s| u64::from(s).into())),
            ("ended", self.ended.into()),
            ("held_ms", self.held_ms.map_or(Json::Null, Json::from)),
            ("tries", u64::from(self.tries).into()),
        ])
    }
}

/// Everything that is remembered.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    pub executions: Vec<Execution>,
    pub log: Vec<LogEntry>,
    /// Entries dropped from the front of the log.
    pub log_dropped: usize,
    /// With `told_pod`: what reached the pod, in order.
    pub told: Vec<(String, Vec<u8>)>,
}

const LONGEST_LOG: usize = 20_000;

impl Journal {
    /// Adds a request to the log and says where it stands.
    pub fn arrived(&mut self, entry: LogEntry) -> usize {
        if self.log.len() >= LONGEST_LOG {
            self.log.drain(..LONGEST_LOG / 2);
            self.log_dropped += LONGEST_LOG / 2;
        }
        self.log.push(entry);
        self.log_dropped + self.log.len() - 1
    }

    /// The log entry at a place given by [`Journal::arrived`], unless it was dropped.
    pub fn entry(&mut self, place: usize) -> Option<&mut LogEntry> {
        self.log.get_mut(place.checked_sub(self.log_dropped)?)
    }

    /// The log as `/__emulator/log` shows it.
    pub fn log_json(&self) -> Json {
        Json::List(self.log.iter().map(LogEntry::to_json).collect())
    }

    /// Every accepted POST.
    pub fn executions_json(&self) -> Json {
        Json::List(self.executions.iter().map(Execution::to_json).collect())
    }

    /// One line per prompt id: how often it was queued and started, and its last outcome.
    pub fn runs_json(&self) -> Json {
        let mut runs: Vec<(&str, u64, u64, Outcome)> = Vec::new();
        for execution in &self.executions {
            let started = u64::from(execution.started_ms.is_some());
            match runs.iter_mut().find(|(id, ..)| *id == execution.prompt_id) {
                Some((_, queued, starts, outcome)) => {
                    (*queued, *starts, *outcome) =
                        (*queued + 1, *starts + started, execution.outcome);
                }
                None => runs.push((&execution.prompt_id, 1, started, execution.outcome)),
            }
        }
        Json::List(
            runs.into_iter()
                .map(|(id, queued, starts, outcome)| {
                    map([
                        ("prompt_id", id.into()),
                        ("queued", queued.into()),
                        ("starts", starts.into()),
                        ("outcome", outcome.name().into()),
                    ])
                })
                .collect(),
        )
    }
}

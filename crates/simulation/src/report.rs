//! What one seed showed, and what many showed together. Invariant: a tally only grows, so that
//! threads may count apart and add up.

use std::collections::BTreeMap;
use std::fmt;

use pilotlight_comfy::failure::{Failure, Fault};
use pilotlight_comfy::run_status::StatusReport;
use pilotlight_emulator::Answer;
use pilotlight_runs::run::Outcome;

use crate::network::RequestKind;

/// A property that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub rule: &'static str,
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.message)
    }
}

#[derive(Debug)]
pub struct Report {
    pub seed: u64,
    pub violation: Option<Violation>,
    pub tally: Tally,
    /// What happened, line by line; empty unless asked for.
    pub diary: Vec<String>,
}

/// How often each kind of thing happened, by group and name.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<(&'static str, &'static str), u64>);

/// What many seeds must have shown; otherwise the simulation has quietly stopped to test it.
pub const EXPECTED: &[(&str, &[&str])] = &[
    (
        "ended",
        &[
            "done",
            "done, a file gone",
            "cancelled before it was sent or stopped",
            "cancelled, not confirmed",
            "set-up",
            "out of reach, waking",
            "out of reach, live",
            "rejected",
            "too large",
            "lost",
            "broken",
            "out of memory",
            "interrupted",
            "expired",
            "picture lost",
        ],
    ),
    (
        "asked",
        &[
            "wake request",
            "upload",
            "submit",
            "history",
            "queue",
            "wait",
            "file",
            "delete",
            "interrupt",
            "hold",
        ],
    ),
    ("answered", &["200", "400", "404", "405", "413", "429", "502", "503", "504", "reset", "cut"]),
    ("long-poll said", &["pending", "running", "ended", "nowhere", "not there", "a fault"]),
    (
        "reloaded in",
        &[
            "waiting",
            "waking",
            "uploading",
            "submitting",
            "unconfirmed",
            "queued",
            "running",
            "collecting",
            "cancelling",
            "ended",
        ],
    ),
    (
        "cancelled in",
        &["waiting", "waking", "uploading", "submitting", "unconfirmed", "queued", "running"],
    ),
    ("pod killed with", &["nothing of ours", "queued", "running", "a finished run"]),
    (
        "a prompt",
        &[
            "answered badly and there",
            "answered badly and not there",
            "sent again",
            "queued more than once by kubeai",
            "under another id",
        ],
    ),
    ("a file", &["stored", "not stored"]),
    (
        "also",
        &[
            "presses",
            "late arrivals of a prompt",
            "limits passed",
            "pictures uploaded",
            "pictures uploaded again",
            "remedies pressed",
            "hidden",
            "suspended",
            "woken",
            "pauses",
            "tabs closed for good",
            "runs taken over by another tab",
            "results that another tab shows",
            "runs that found no room and were left",
            "batches that found no room",
            "told that results are not kept",
            "lost runs run again",
            "asked about a limit",
            "woken or kept awake by a press",
            "moved",
            "cancelled together",
            "released while others waited",
            "strangers' runs",
            "misses forgiven",
            "another's file of the same name",
            "files that were here after a reload",
        ],
    ),
];

impl Tally {
    pub fn count(&mut self, group: &'static str, name: &'static str) {
        self.many(group, name, 1);
    }

    pub fn many(&mut self, group: &'static str, name: &'static str, times: u64) {
        if times > 0 {
            *self.0.entry((group, name)).or_default() += times;
        }
    }

    pub fn of(&self, group: &'static str, name: &'static str) -> u64 {
        self.0.get(&(group, name)).copied().unwrap_or(0)
    }

    pub fn add(&mut self, other: &Self) {
        for (key, count) in &other.0 {
            *self.0.entry(*key).or_default() += count;
        }
    }

    /// What was expected and never happened.
    pub fn missing(&self) -> Vec<String> {
        let all =
            EXPECTED.iter().flat_map(|(group, names)| names.iter().map(move |n| (*group, *n)));
        all.filter(|key| !self.0.contains_key(key)).map(|(g, n)| format!("{g}: {n}")).collect()
    }

    pub(crate) fn request(&mut self, request_kind: RequestKind) {
        let name = match request_kind {
            RequestKind::Wake => "wake request",
            RequestKind::Upload => "upload",
            RequestKind::Submit => "submit",
            RequestKind::History => "history",
            RequestKind::Queue => "queue",
            RequestKind::Wait => "wait",
            RequestKind::File { .. } => "file",
            RequestKind::Delete => "delete",
            RequestKind::Interrupt => "interrupt",
            RequestKind::Hold => "hold",
        };
        self.count("asked", name);
    }

    pub(crate) fn answer(&mut self, answer: &Answer) {
        let name = match answer {
            Answer::Reset => "reset",
            Answer::Cut { .. } => "cut",
            Answer::Reply(reply) => match reply.status {
                200 => "200",
                400 => "400",
                404 => "404",
                405 => "405",
                413 => "413",
                429 => "429",
                502 => "502",
                503 => "503",
                504 => "504",
                _ => "another status",
            },
        };
        self.count("answered", name);
    }

    pub(crate) fn glimpse(&mut self, glimpse: &Result<StatusReport, Fault>) {
        let name = match glimpse {
            Ok(StatusReport::Pending { .. }) => "pending",
            Ok(StatusReport::Running) => "running",
            Ok(StatusReport::Ended(_)) => "ended",
            Ok(StatusReport::NotInQueue | StatusReport::NotInHistory) => "nowhere",
            Ok(StatusReport::NoLongPoll) => "not there",
            Err(_) => "a fault",
        };
        self.count("long-poll said", name);
    }

    pub(crate) fn outcome(&mut self, outcome: &Outcome) {
        use pilotlight_comfy::failure::NodeFailureKind as Kind;
        let name = match outcome {
            Outcome::Done { gone, .. } if gone.is_empty() => "done",
            Outcome::Done { .. } => "done, a file gone",
            Outcome::Cancelled { confirmed: true } => "cancelled before it was sent or stopped",
            Outcome::Cancelled { confirmed: false } => "cancelled, not confirmed",
            Outcome::Failed(failure) => match failure {
                Failure::Setup(_) => "set-up",
                Failure::OutOfReach { waking: true, .. } => "out of reach, waking",
                Failure::OutOfReach { waking: false, .. } => "out of reach, live",
                Failure::Rejected(_) => "rejected",
                Failure::TooLarge(_) => "too large",
                Failure::Lost { .. } => "lost",
                Failure::Broken(failure) => match failure.kind {
                    Kind::OutOfMemory => "out of memory",
                    Kind::Other => "broken",
                },
                Failure::Interrupted => "interrupted",
                Failure::Expired => "expired",
                Failure::PictureLost => "picture lost",
            },
        };
        self.count("ended", name);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = "";
        for ((group, name), count) in &self.0 {
            if *group != last {
                write!(f, "{}{group}: ", if last.is_empty() { "" } else { "\n" })?;
            } else {
                write!(f, " · ")?;
            }
            write!(f, "{name} {count}")?;
            last = group;
        }
        Ok(())
    }
}

//! The state of the GPU as far as this page knows it. Invariant: nothing is claimed that no reply
//! said, and nothing is requested for it.

use crate::keep_awake::{KeepAwake, Phase};
use crate::run::{self, Run, Stage, UNHEARD_AFTER};
use crate::server::{HELD_MS, Server};
use pilotlight_comfy::time::{At, MINUTE_MS, SECOND_MS};

/// Clusters check only from time to time whether a pod is idle.
pub const SLACK_MS: u64 = MINUTE_MS;
/// After an answer a GPU is taken to be awake for so long where nobody says how long it stays.
const IDLE_MS: u64 = 30 * SECOND_MS;
/// A run that the server works on is heard of at least this often.
const SILENT_MS: u64 = MINUTE_MS;

/// The states of the pill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PillState {
    /// The server has not answered yet.
    Unknown,
    /// A request is out, and whether a GPU is awake is not known.
    Asking,
    /// A GPU is being woken.
    Waking,
    /// The GPU answered recently.
    Awake,
    /// Requests fail.
    Silent,
    /// The GPU answered some time ago.
    Used,
    /// Nothing was heard for longer than the cluster keeps an idle GPU.
    Asleep,
}

impl PillState {
    /// Returns the name of the state for the attribute `data-server`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Asking => "asking",
            Self::Waking => "waking",
            Self::Awake => "awake",
            Self::Silent => "silent",
            Self::Used => "used",
            Self::Asleep => "asleep",
        }
    }
}

/// What is known of the GPU, and since when or until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The server has not answered yet.
    Unheard,
    /// A request is out, and nothing is known yet.
    Asking,
    /// A GPU is being woken.
    Waking {
        /// When the first request for it was sent.
        since: At,
    },
    /// It is kept awake on the user's command.
    Kept {
        /// When that ends.
        until: At,
    },
    /// The GPU answered recently, or is working.
    Awake,
    /// The server was asked more than once and does not answer.
    Silent,
    /// Whether the GPU is still awake is not known.
    Used {
        /// When the server last answered.
        heard: At,
    },
    /// Nothing was heard for longer than the configured delay: the GPU is probably away.
    Asleep {
        /// When the server last answered.
        heard: At,
    },
}

impl Known {
    /// Returns the state of the status pill.
    pub fn state(self) -> PillState {
        match self {
            Self::Unheard => PillState::Unknown,
            Self::Asking => PillState::Asking,
            Self::Waking { .. } => PillState::Waking,
            Self::Kept { .. } | Self::Awake => PillState::Awake,
            Self::Silent => PillState::Silent,
            Self::Used { .. } => PillState::Used,
            Self::Asleep { .. } => PillState::Asleep,
        }
    }
}

/// Says what the last answer tells, before anything is known of runs.
/// `idle_ms`: after how long without a request the cluster puts a pod away, if that is known.
pub fn heard(server: &Server, now: At, idle_ms: Option<u64>) -> Known {
    let Some(heard) = server.heard_at else { return Known::Unheard };
    let passed_ms = now.since(heard);
    match idle_ms {
        _ if passed_ms <= idle_ms.unwrap_or(IDLE_MS) => Known::Awake,
        Some(idle_ms) if passed_ms > idle_ms + SLACK_MS => Known::Asleep { heard },
        Some(_) | None => Known::Used { heard },
    }
}

/// What the requests that are under way tell.
#[derive(Default)]
struct Asked {
    waking: Option<At>,
    is_out: bool,
    is_silent: bool,
    /// The server was seen to have a run, or sends files.
    is_in_use: bool,
}

impl Asked {
    fn run(&mut self, run: &Run, server: &Server, now: At) {
        if !run.is_live() {
            return;
        }
        self.is_out = true;
        let is_held = is_waking(run, now);
        self.is_silent |= run.failures() >= UNHEARD_AFTER && !is_held;
        match run.phase() {
            // What was heard before still holds until a request is held.
            run::Phase::Waking if is_held => {
                self.waking = self.waking.or(run.span(Stage::Waking).map(|span| span.from));
            }
            run::Phase::Queued { .. } | run::Phase::Running if !run.is_recalled() => {
                let is_heard = server.heard_at.is_some_and(|at| now.since(at) <= SILENT_MS);
                self.is_in_use |= is_heard;
                self.is_silent |= !is_heard;
            }
            run::Phase::Collecting { .. } => self.is_in_use |= !run.is_recalled(),
            run::Phase::Queued { .. }
            | run::Phase::Running
            | run::Phase::Waiting
            | run::Phase::Waking
            | run::Phase::Uploading
            | run::Phase::Submitting
            | run::Phase::Unconfirmed { .. }
            | run::Phase::Cancelling(_)
            | run::Phase::Ended(_) => {}
        }
    }

    fn keep_awake(&mut self, keep_awake: &KeepAwake, now: At) {
        self.is_out |= keep_awake.is_on();
        let woken = keep_awake.woke().filter(|_| keep_awake.is_waking(now)).map(|span| span.from);
        self.is_silent |=
            keep_awake.is_on() && keep_awake.failures() >= UNHEARD_AFTER && woken.is_none();
        self.waking = self.waking.or(woken);
    }

    /// A request that is neither of a run nor keeps the GPU awake.
    fn other(&mut self, asked: At, now: At) {
        self.is_out = true;
        self.waking = self.waking.or((now.since(asked) > HELD_MS).then_some(asked));
    }
}

/// Says the same with what goes on. `asked`: since when another request is without an answer.
pub fn known<'a>(
    server: &Server,
    runs: impl IntoIterator<Item = &'a Run>,
    keep_awake: &KeepAwake,
    asked: Option<At>,
    now: At,
    idle_ms: Option<u64>,
) -> Known {
    let mut all = Asked::default();
    runs.into_iter().for_each(|run| all.run(run, server, now));
    all.keep_awake(keep_awake, now);
    if let Some(asked) = asked {
        all.other(asked, now);
    }
    if let Some(since) = all.waking {
        return Known::Waking { since };
    }
    // Not while the server does not answer.
    if let (Phase::Keeping { until }, None) = (keep_awake.phase(), keep_awake.fault()) {
        return Known::Kept { until };
    }
    let known = heard(server, now, idle_ms);
    if all.is_silent {
        Known::Silent
    } else if all.is_in_use {
        Known::Awake
    } else if all.is_out && known != Known::Awake {
        Known::Asking
    } else {
        known
    }
}

/// Returns whether a run is known to wait for a GPU to wake.
pub fn is_waking(run: &Run, now: At) -> bool {
    matches!(run.phase(), run::Phase::Waking) && is_held(run, now)
}

/// Whether the request for a GPU is held, or was: then the server was not there at once, and waking
/// is what the run waits for. Until that is known nothing is said to sleep, so that a run at a
/// server that is awake shows no step that vanishes. The span begins with the first request that
/// may have started a pod.
pub fn is_held(run: &Run, now: At) -> bool {
    run.span(Stage::Waking).is_some_and(|at| at.until.unwrap_or(now).since(at.from) > HELD_MS)
}

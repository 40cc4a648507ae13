//! The state of the GPU as far as this page knows it. Invariant: nothing is claimed that no reply
//! said, and nothing is requested for it.

use crate::keep_awake::{KeepAwake, Phase};
use crate::run::{self, Run, Stage};
use crate::server::{HELD_MS, Server};
use pilotlight_comfy::time::{At, MINUTE_MS};

/// Clusters check only from time to time whether a pod is idle.
pub const SLACK_MS: u64 = MINUTE_MS;

/// The four states of the status pill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PillState {
    /// The server has not answered yet.
    Unknown,
    /// A GPU is being woken.
    Waking,
    /// The GPU answered recently.
    Awake,
    /// The last answer is so old that the GPU sleeps.
    Asleep,
}

impl PillState {
    /// Returns the name of the state for the attribute `data-server`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Waking => "waking",
            Self::Awake => "awake",
            Self::Asleep => "asleep",
        }
    }
}

/// What is known of the GPU, and since when or until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The server has not answered yet.
    Unheard,
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
    /// The last answer is so old that the GPU sleeps.
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
            Self::Waking { .. } => PillState::Waking,
            Self::Kept { .. } | Self::Awake => PillState::Awake,
            Self::Asleep { .. } => PillState::Asleep,
        }
    }
}

/// Returns what the last answer says, without considering runs. `idle_ms`: after how long without
/// requests the cluster scales to zero.
pub fn heard(server: &Server, now: At, idle_ms: u64) -> Known {
    match server.heard_at {
        None => Known::Unheard,
        Some(heard) if now.since(heard) <= idle_ms + SLACK_MS => Known::Awake,
        Some(heard) => Known::Asleep { heard },
    }
}

/// Returns what is known, considering runs and keep-awake.
pub fn known<'a>(
    server: &Server,
    runs: impl IntoIterator<Item = &'a Run>,
    warm: &KeepAwake,
    now: At,
    idle_ms: u64,
) -> Known {
    let (mut waking, mut at_server) = (None, false);
    for run in runs {
        match run.phase() {
            // An earlier answer still counts until the wake request is known to be held.
            run::Phase::Waking if is_held(run, now) => waking = waking.or(run.span(Stage::Waking)),
            run::Phase::Queued { .. } | run::Phase::Running | run::Phase::Collecting { .. } => {
                at_server |= !run.is_recalled();
            }
            run::Phase::Waiting
            | run::Phase::Waking
            | run::Phase::Uploading
            | run::Phase::Submitting
            | run::Phase::Unconfirmed { .. }
            | run::Phase::Cancelling(_)
            | run::Phase::Ended(_) => {}
        }
    }
    if matches!(warm.phase(), Phase::Waking { .. }) {
        let woken = warm.woke().filter(|at| now.since(at.from) > HELD_MS);
        waking = waking.or(woken);
    }
    if let Some(at) = waking {
        return Known::Waking { since: at.from };
    }
    // Not while the server does not answer.
    if let (Phase::Keeping { until }, None) = (warm.phase(), warm.fault()) {
        return Known::Kept { until };
    }
    // While it is in use, the last answer counts longer than otherwise.
    heard(server, now, if at_server { u64::MAX - SLACK_MS } else { idle_ms })
}

/// Returns whether a run is known to wait for a GPU to wake.
pub fn is_waking(run: &Run, now: At) -> bool {
    matches!(run.phase(), run::Phase::Waking) && is_held(run, now)
}

/// Returns whether the wake request is or was held, so that the run waits for a GPU to wake. Until
/// that is known, the GPU is not shown as sleeping, so that a run on an awake server shows no step
/// that vanishes again. Only the duration counts, not the reply: a fault is forgotten with the next
/// answer, but a wait that was long stays long.
pub fn is_held(run: &Run, now: At) -> bool {
    run.span(Stage::Waking).is_some_and(|at| at.until.unwrap_or(now).since(at.from) > HELD_MS)
}

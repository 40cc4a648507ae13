//! Whether the GPU is awake, as far as this page has heard. Invariant: nothing is claimed that was
//! not heard, and nothing is asked for its sake.

use crate::run::{self, Run, Stage};
use crate::server::{HELD_MS, Server};
use crate::warm::{Phase, Warm};
use pilotlight_comfy::time::{At, MINUTE_MS};

/// Clusters look only now and then whether a pod is idle.
pub const SLACK_MS: u64 = MINUTE_MS;

/// The four states of the pill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PillState {
    /// Nothing was heard of the server.
    Unknown,
    /// A GPU is being woken.
    Waking,
    /// The GPU answered not long ago.
    Awake,
    /// Nothing was heard for so long that the GPU is away.
    Asleep,
}

impl PillState {
    /// For `data-server`.
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
    /// Nothing was heard yet.
    Unheard,
    /// A GPU is being woken.
    Waking {
        /// When the first request for it was sent.
        since: At,
    },
    /// A press keeps it awake.
    Kept {
        /// When that ends.
        until: At,
    },
    /// The GPU answered not long ago, or works.
    Awake,
    /// Nothing was heard for so long that the GPU is away.
    Asleep {
        /// When the server last answered.
        heard: At,
    },
}

impl Known {
    /// Returns the state of the pill for it.
    pub fn state(self) -> PillState {
        match self {
            Self::Unheard => PillState::Unknown,
            Self::Waking { .. } => PillState::Waking,
            Self::Kept { .. } | Self::Awake => PillState::Awake,
            Self::Asleep { .. } => PillState::Asleep,
        }
    }
}

/// Says what the last answer tells, before anything is known of runs.
/// `idle_ms`: after how long without a request the cluster puts a pod away.
pub fn heard(server: &Server, now: At, idle_ms: u64) -> Known {
    match server.heard_at {
        None => Known::Unheard,
        Some(heard) if now.since(heard) <= idle_ms + SLACK_MS => Known::Awake,
        Some(heard) => Known::Asleep { heard },
    }
}

/// Says the same with what goes on.
pub fn known<'a>(
    server: &Server,
    runs: impl IntoIterator<Item = &'a Run>,
    warm: &Warm,
    now: At,
    idle_ms: u64,
) -> Known {
    let (mut waking, mut at_server) = (None, false);
    for run in runs {
        match run.phase() {
            // What was heard before still holds until a knock is held.
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
    // While it does not answer nothing is claimed.
    if let (Phase::Keeping { until }, None) = (warm.phase(), warm.fault()) {
        return Known::Kept { until };
    }
    // It is in use: what was heard holds for longer than it would by itself.
    heard(server, now, if at_server { u64::MAX - SLACK_MS } else { idle_ms })
}

/// Whether it is known by now that a run waits for a GPU to wake.
pub fn is_waking(run: &Run, now: At) -> bool {
    matches!(run.phase(), run::Phase::Waking) && is_held(run, now)
}

/// Whether the first request is held, or was: then the server was not there at once, and waking
/// is what the run waits for. Until that is known nothing is said to sleep, so that a run at a
/// server that is awake shows no step that vanishes. Only time decides, not what came back: a
/// fault is forgotten with the next answer, but a wait that was once long stays so.
pub fn is_held(run: &Run, now: At) -> bool {
    run.span(Stage::Waking).is_some_and(|at| at.until.unwrap_or(now).since(at.from) > HELD_MS)
}

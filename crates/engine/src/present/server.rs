//! The server pill. Invariant: drawn from what was heard, never asked for its own sake.

use super::is_held;
use crate::find::{has, split_once};
use crate::language::Language;
use crate::run::{Phase, Run, Stage};
use crate::server::Server;
use crate::text::{Sentence, Word, span};
use crate::time::{At, MINUTE_MS};

/// Clusters look only now and then whether a pod is idle.
const SLACK_MS: u64 = MINUTE_MS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pill {
    pub state: PillState,
    pub text: String,
    /// How long it has been waking; kept on narrow screens.
    pub clock: Option<String>,
    /// What narrow screens leave out.
    pub more: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PillState {
    Unknown,
    Waking,
    Awake,
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

/// The name people know a device by: `NVIDIA H800` of `cuda:0 NVIDIA H800 : cudaMallocAsync`.
pub fn device_name(device: &str) -> &str {
    let name = split_once(device, " : ").map_or(device, |(name, _)| name);
    match name.split_once(' ') {
        Some((place, name)) if has(place, b':') => name,
        Some(_) | None => name,
    }
}

/// `idle_ms`: after how long without a request the cluster puts a pod away.
pub fn pill<'a>(
    server: &Server,
    runs: impl IntoIterator<Item = &'a Run>,
    now: At,
    language: Language,
    idle_ms: u64,
) -> Pill {
    let word = |word: Word| word.say(language).to_owned();
    let (mut waking, mut at_server) = (None, false);
    for run in runs {
        match run.phase() {
            // What was heard before still holds until a knock is held.
            Phase::Waking if is_held(run, now) => waking = waking.or(run.span(Stage::Waking)),
            Phase::Queued { .. } | Phase::Running | Phase::Collecting { .. } => {
                at_server |= !run.is_recalled();
            }
            Phase::Waiting
            | Phase::Waking
            | Phase::Uploading
            | Phase::Submitting
            | Phase::Unconfirmed { .. }
            | Phase::Cancelling(_)
            | Phase::Ended(_) => {}
        }
    }
    let pill = |state, text, clock, more| Pill { state, text, clock, more };
    if let Some(at) = waking {
        let clock = Some(span(now.since(at.from), language));
        return pill(PillState::Waking, word(Word::WakingGpu), clock, None);
    }
    let Some(heard) = server.heard_at else {
        return pill(PillState::Unknown, word(Word::ServerUnknown), None, None);
    };
    if at_server || now.since(heard) <= idle_ms + SLACK_MS {
        let device = server.facts.as_ref().and_then(|facts| facts.device.as_deref());
        let device = device.map(|device| device_name(device).to_owned());
        return pill(PillState::Awake, word(Word::ServerAwake), None, device);
    }
    let more = Some(Sentence::HeardAgo { ms: now.since(heard) }.say(language));
    pill(PillState::Asleep, word(Word::ServerAsleep), None, more)
}

//! The server pill. Invariant: drawn from what was heard, never asked for its own sake.

use super::is_held;
use crate::language::Language;
use crate::run::{self, Run, Stage};
use crate::server::{HELD_MS, Server};
use crate::text::{Sentence, WarmWord, Word, span};
use crate::time::{At, MINUTE_MS};
use crate::warm::{Phase, Warm};

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
    let name = device.split_once(" : ").map_or(device, |(name, _)| name);
    match name.split_once(' ') {
        Some((place, name)) if place.contains(':') => name,
        Some(_) | None => name,
    }
}

/// What the last answer tells, before anything is known of runs.
/// `idle_ms`: after how long without a request the cluster puts a pod away.
pub fn heard(server: &Server, now: At, language: Language, idle_ms: u64) -> Pill {
    let word = |word: Word| word.say(language).to_owned();
    let pill = |state, text, more| Pill { state, text, clock: None, more };
    let Some(heard) = server.heard_at else {
        return pill(PillState::Unknown, word(Word::ServerUnknown), None);
    };
    if now.since(heard) <= idle_ms + SLACK_MS {
        return pill(PillState::Awake, word(Word::ServerAwake), None);
    }
    let more = Some(Sentence::HeardAgo { ms: now.since(heard) }.say(language));
    pill(PillState::Asleep, word(Word::ServerAsleep), more)
}

/// The same with what goes on.
pub fn pill<'a>(
    server: &Server,
    runs: impl IntoIterator<Item = &'a Run>,
    warm: &Warm,
    now: At,
    language: Language,
    idle_ms: u64,
) -> Pill {
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
        let clock = Some(span(now.since(at.from), language));
        let text = Word::WakingGpu.say(language).to_owned();
        return Pill { state: PillState::Waking, text, clock, more: None };
    }
    let device = server.facts.as_ref().and_then(|facts| facts.device.as_deref());
    let more = device.map(|device| device_name(device).to_owned());
    // While it does not answer nothing is claimed.
    if let (Phase::Keeping { until }, None) = (warm.phase(), warm.fault()) {
        let clock = Some(span(until.since(now), language));
        let text = WarmWord::KeptAwake.say(language);
        return Pill { state: PillState::Awake, text, clock, more };
    }
    // It is in use: what was heard holds for longer than it would by itself.
    let idle_ms = if at_server { u64::MAX - SLACK_MS } else { idle_ms };
    let heard = heard(server, now, language, idle_ms);
    match heard.state {
        PillState::Awake => Pill { more, ..heard },
        PillState::Unknown | PillState::Waking | PillState::Asleep => heard,
    }
}

/// When it will sleep, where nothing of this page uses it and the cluster's delay is known.
/// Nothing once it is taken to sleep.
pub fn sleeps(server: &Server, delay_ms: u64, now: At, language: Language) -> Option<String> {
    let passed_ms = now.since(server.heard_at?);
    let word = match delay_ms.checked_sub(passed_ms).filter(|ms| *ms > 0) {
        Some(ms) => WarmWord::SleepsIn { ms },
        None if passed_ms <= delay_ms + SLACK_MS => WarmWord::MayBeAsleep,
        None => return None,
    };
    Some(word.say(language))
}

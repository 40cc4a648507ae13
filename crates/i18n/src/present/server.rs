//! The status pill. Invariant: it shows what replies said; nothing is requested for it.

use crate::text::{GpuText, PillText, span};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::{At, MINUTE_MS};
use pilotlight_runs::keep_awake::KeepAwake;
use pilotlight_runs::pill::{self, Known, PillState, SLACK_MS};
use pilotlight_runs::run::Run;
use pilotlight_runs::server::Server;

/// What the status pill shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pill {
    /// The state, which decides the color.
    pub state: PillState,
    /// The text.
    pub text: String,
    /// How long the GPU has been waking; also shown on narrow screens.
    pub clock: Option<String>,
    /// Details that narrow screens leave out.
    pub more: Option<String>,
}

/// Returns a device's name: `NVIDIA H800` for `cuda:0 NVIDIA H800 : cudaMallocAsync`.
pub fn device_name(device: &str) -> &str {
    let name = device.split_once(" : ").map_or(device, |(name, _)| name);
    match name.split_once(' ') {
        Some((place, name)) if place.contains(':') => name,
        Some(_) | None => name,
    }
}

/// Returns the content of the status pill. `asked`: since when a request that is of no run
/// is without an answer. `idle_ms`: how long the cluster keeps an idle GPU, if that is known.
pub fn pill<'a>(
    server: &Server,
    runs: impl IntoIterator<Item = &'a Run>,
    keep_awake: &KeepAwake,
    asked: Option<At>,
    now: At,
    language: Language,
    idle_ms: Option<u64>,
) -> Pill {
    let device = server.facts.as_ref().and_then(|facts| facts.device.as_deref());
    drawn(pill::known(server, runs, keep_awake, asked, now, idle_ms), device, now, language)
}

fn drawn(known: Known, device: Option<&str>, now: At, language: Language) -> Pill {
    let say = |text: PillText| text.say(language);
    let device = || device.map(|device| device_name(device).to_owned());
    let (text, clock, more) = match known {
        Known::Unheard => (say(PillText::Unknown), None, None),
        Known::Waking { since } => {
            (say(PillText::Waking), Some(span(now.since(since), language)), None)
        }
        Known::Kept { until } => {
            let clock = span(until.since(now), language);
            (say(PillText::KeptAwake), Some(clock), device())
        }
        Known::Awake => (say(PillText::Awake), None, device()),
        Known::Asking => (say(PillText::Asking), None, None),
        Known::Silent => (say(PillText::Silent), None, None),
        Known::Used { heard } => (say(PillText::LastUsed { time: ago(heard, now) }), None, None),
        Known::Asleep { heard } => {
            let ago = say(PillText::UsedAgo { time: ago(heard, now) });
            (say(PillText::Asleep), None, Some(ago))
        }
    };
    Pill { state: known.state(), text, clock, more }
}

/// In whole minutes from the first on: a second more or less is no news.
fn ago(heard: At, now: At) -> u64 {
    let ms = now.since(heard);
    if ms < MINUTE_MS { ms } else { (ms + MINUTE_MS / 2) / MINUTE_MS * MINUTE_MS }
}

/// Returns when the GPU will sleep if nothing uses it; `None` once it is assumed to sleep.
pub fn sleeps(server: &Server, delay_ms: u64, now: At, language: Language) -> Option<String> {
    let passed_ms = now.since(server.heard_at?);
    let word = match delay_ms.checked_sub(passed_ms).filter(|ms| *ms > 0) {
        Some(ms) => GpuText::SleepsIn { time: ms },
        None if passed_ms <= delay_ms + SLACK_MS => GpuText::MayBeAsleep,
        None => return None,
    };
    Some(word.say(language))
}

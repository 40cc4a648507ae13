//! Waking and keeping awake in words.

use super::failing;
use crate::text::WarmWord;
use pilotlight_comfy::failure::ApiError;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::time::At;
use pilotlight_runs::warm::{End, HIDDEN_MS, Phase, Warm};

/// What goes on; `None` while nothing does.
pub fn warmth(warm: &Warm, now: At, language: Language) -> Option<String> {
    let state = match warm.phase() {
        Phase::Resting => return None,
        Phase::Waking { .. } => WarmWord::Waking,
        Phase::Keeping { until } => WarmWord::KeptFor { ms: until.since(now) },
    };
    Some(state.say(language))
}

/// The last hiccup while it is asked again.
pub fn warm_hiccup(warm: &Warm, language: Language) -> Option<String> {
    let word = match warm.fault()?.error {
        ApiError::Unavailable(504) | ApiError::TimedOut => {
            WarmWord::GaveUp { after_ms: warm.fault_after_ms() }
        }
        ApiError::Unavailable(status) | ApiError::NotUnderstood(status) => {
            WarmWord::Answered { status }
        }
        ApiError::Unanswered
        | ApiError::Busy
        | ApiError::Refused
        | ApiError::Unauthorized
        | ApiError::Barred(_)
        | ApiError::NoSuchModel
        | ApiError::TooLarge
        | ApiError::Garbled => WarmWord::NoAnswer,
    };
    Some(word.say(language))
}

/// How it ended, in both languages.
pub fn warm_end(warm: &Warm) -> Option<Label> {
    let word = match warm.ended()? {
        End::Awake => WarmWord::Awake,
        End::Over => WarmWord::Over,
        End::Stopped if warm.held().is_some() => WarmWord::StoppedKeeping,
        End::Stopped => WarmWord::StoppedWaking,
        End::Hidden => WarmWord::Hidden { ms: HIDDEN_MS },
        End::NotHeld => WarmWord::KeepingNeeds,
        End::OutOfReach(_) => WarmWord::OutOfReach,
        End::Setup(fault) => return Some(failing::setup(fault)),
    };
    Some(word.in_both())
}

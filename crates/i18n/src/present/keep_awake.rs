//! Texts about waking the GPU and keeping it awake.

use super::failing;
use crate::text::GpuText;
use pilotlight_comfy::failure::ApiError;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::time::At;
use pilotlight_runs::keep_awake::{End, HIDDEN_MS, KeepAwake, Phase};

/// Returns what is in progress; `None` if nothing is.
pub fn keep_awake_line(keep_awake: &KeepAwake, now: At, language: Language) -> Option<String> {
    let state = match keep_awake.phase() {
        Phase::Resting => return None,
        Phase::Waking { .. } if keep_awake.is_waking(now) => GpuText::Waking,
        Phase::Waking { .. } => GpuText::Asking,
        Phase::Keeping { until } => GpuText::KeptFor { time: until.since(now) },
    };
    Some(state.say(language))
}

/// Returns the last transient fault, while the request is repeated.
pub fn keep_awake_hiccup(keep_awake: &KeepAwake, language: Language) -> Option<String> {
    let word = match keep_awake.fault()?.error {
        ApiError::Unavailable(504) | ApiError::TimedOut => {
            GpuText::GatewayTimeout { time: keep_awake.fault_after_ms() }
        }
        ApiError::Unavailable(status) | ApiError::NotUnderstood(status) => {
            GpuText::GatewayAnswered { status: status.into() }
        }
        ApiError::Unanswered
        | ApiError::Busy
        | ApiError::Refused
        | ApiError::Unauthorized
        | ApiError::Barred(_)
        | ApiError::NoSuchModel
        | ApiError::TooLarge
        | ApiError::Garbled => GpuText::NoReply,
    };
    Some(word.say(language))
}

/// Returns why it ended.
pub fn keep_awake_end(keep_awake: &KeepAwake) -> Option<Label> {
    let word = match keep_awake.ended()? {
        End::Awake => GpuText::IsAwake,
        End::Over => GpuText::TimeIsUp,
        End::Stopped if keep_awake.held().is_some() => GpuText::KeepingStopped,
        End::Stopped => GpuText::WakingStopped,
        End::Hidden => GpuText::YouWereAway { time: HIDDEN_MS },
        End::NotHeld => GpuText::KeepingNeeds,
        End::OutOfReach(_) => GpuText::OutOfReach,
        End::Setup(fault) => return Some(failing::setup(fault)),
    };
    Some(word.label())
}

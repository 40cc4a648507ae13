//! Delays between requests. Invariant: every delay is finite.

use super::{Context, Phase, Span};
use crate::server::HELD_MS;
use pilotlight_comfy::failure::Fault;
use pilotlight_comfy::time::{At, SECOND_MS};

/// The delay of the first look after the server accepted the prompt.
pub(super) const FIRST_LOOK_MS: u64 = 500;
/// The time between the two looks that must miss a prompt before it is sent again.
pub(super) const UNSEEN_APART_MS: u64 = 2 * SECOND_MS;
/// Three misses over this time make a run lost. The gap between queue and history was measured to
/// be at most 0.7 s.
pub(super) const LOST_AFTER_MS: u64 = 5 * SECOND_MS;
/// From the last miss to the deciding look at the history; longer than that gap.
pub(super) const LAST_LOOK_MS: u64 = SECOND_MS;
/// For how long a run seen running is assumed to run without another look at the queue.
pub(super) const PLACE_LASTS_MS: u64 = 12 * SECOND_MS;
/// A slower answer may come from a new pod: kubeai held the request.
pub(super) const SLOW_ANSWER_MS: u64 = 3 * SECOND_MS;
/// The time limit for sending a prompt, which kubeai may hold until a pod is ready.
pub(super) const SUBMIT_LIMIT_MS: u64 = 300 * SECOND_MS;
/// The time limit of the long-poll: the extension answers after 25 s.
pub(crate) const WAIT_LIMIT_MS: u64 = 60 * SECOND_MS;
/// For how long a run that is being canceled is looked up without an answer.
pub(super) const CANCEL_UNHEARD_MS: u64 = 60 * SECOND_MS;

const BACKOFF_MAX_MS: u64 = 15 * SECOND_MS;
const RETRY_AFTER_MAX_S: u32 = 300;

/// Returns `min(15 s, 1 s · 2ⁿ)`, half of it fixed, half spread by `spread`; `Retry-After` wins.
pub(crate) fn backoff_ms(attempts: u32, retry_after_s: Option<u32>, spread: u64) -> u64 {
    if let Some(seconds) = retry_after_s {
        return u64::from(seconds.clamp(1, RETRY_AFTER_MAX_S)) * SECOND_MS;
    }
    let whole =
        SECOND_MS.checked_shl(attempts.min(8)).unwrap_or(BACKOFF_MAX_MS).min(BACKOFF_MAX_MS);
    let half = whole / 2;
    half + spread.rotate_left(attempts % 64) % half
}

/// Clears the time of waking that began with the request that failed, unless that may have started a
/// pod: the next request begins it anew.
pub(crate) fn keep_waking_if_seen(waking: &mut Option<Span>, fault: &Fault, asked: At, now: At) {
    let is_of_this_request = waking.is_some_and(|span| span.from >= asked);
    if is_of_this_request && !is_sign_of_waking(fault, asked, now) {
        *waking = None;
    }
}

/// Whether a request that failed may have started a pod: it was held for a while, or kubeai or
/// ComfyUI answered.
fn is_sign_of_waking(fault: &Fault, asked: At, now: At) -> bool {
    fault.is_from_behind || now.since(asked) > HELD_MS
}

/// Returns the delay of the next short poll of a run that has been in its phase for `elapsed_ms`:
/// every second while the end is likely, otherwise less often.
pub(super) fn look_ms(phase: &Phase, elapsed_ms: u64, context: &Context) -> u64 {
    let ms = match phase {
        Phase::Queued { ahead: None } => FIRST_LOOK_MS,
        Phase::Queued { ahead: Some(0) } => SECOND_MS,
        Phase::Queued { ahead: Some(_) } => 2 * SECOND_MS,
        Phase::Running => running_ms(elapsed_ms, context.usual_run_ms),
        Phase::Waiting
        | Phase::Waking
        | Phase::Uploading
        | Phase::Submitting
        | Phase::Unconfirmed { .. }
        | Phase::Collecting { .. }
        | Phase::Cancelling(_)
        | Phase::Ended(_) => 2 * SECOND_MS,
    };
    if context.hidden { (ms * 3).max(5 * SECOND_MS) } else { ms }
}

fn running_ms(elapsed_ms: u64, usual: Option<(u64, u64)>) -> u64 {
    let Some((from, to)) = usual else {
        return match elapsed_ms {
            0..2_000 => SECOND_MS,
            2_000..20_000 => 1_500,
            _ => 3 * SECOND_MS,
        };
    };
    let likely = (from * 9 / 10).saturating_sub(SECOND_MS / 2);
    let unlikely = to + to / 2 + 5 * SECOND_MS;
    match elapsed_ms {
        early if early < likely => (likely - early).clamp(SECOND_MS, 2_500),
        now if now <= unlikely => SECOND_MS,
        _ => 2_500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_to_15_s_with_half_of_it_jitter() {
        for (attempts, low, high) in [
            (0, 500, 1_000),
            (1, 1_000, 2_000),
            (3, 4_000, 8_000),
            (4, 7_500, 15_000),
            (99, 7_500, 15_000),
        ] {
            for spread in [0, 1, u64::MAX, 0x1234_5678_9abc_def0] {
                let ms = backoff_ms(attempts, None, spread);
                assert!((low..high).contains(&ms), "{attempts} {spread}: {ms}");
            }
        }
    }

    #[test]
    fn retry_after_wins_within_reason() {
        assert_eq!(backoff_ms(4, Some(2), 0), 2_000);
        assert_eq!(backoff_ms(0, Some(0), 0), 1_000);
        assert_eq!(backoff_ms(0, Some(86_400), 0), 300_000);
    }

    #[test]
    fn looks_are_close_together_around_the_likely_end_only() {
        let table = [
            (0, None, 1_000),
            (6_000, None, 1_500),
            (25_000, None, 3_000),
            (0, Some((10_000, 12_000)), 2_500),
            (7_000, Some((10_000, 12_000)), 1_500),
            (10_000, Some((10_000, 12_000)), 1_000),
            (60_000, Some((10_000, 12_000)), 2_500),
        ];
        for (elapsed, usual, expected) in table {
            assert_eq!(running_ms(elapsed, usual), expected, "{elapsed} {usual:?}");
        }
    }
}

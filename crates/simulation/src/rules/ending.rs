//! Whether a run may end as it says it did. Invariant: judged at the instant it ends, against the
//! world's journal.

use pilotlight_comfy::comfy::Response;
use pilotlight_comfy::failure::Failure;
use pilotlight_comfy::run_status::Ended;
use pilotlight_emulator::{Outcome as End, World};
use pilotlight_runs::run::{Limits, POSTS_MAX};

use crate::browser::{Store, at};
use crate::pods::{Pods, alive};
use crate::rules::{APART_MS, Verdict, broken};
use crate::watched::Watched;

/// Three misses over this long make a run lost.
const GRACE_MS: u64 = 5_000;
/// An unanswered stop is believed after this long.
const SILENCE_MS: u64 = 60_000;
const CANCEL_LIMIT_MS: u64 = 600_000;
/// From the end at the server to the end on the page, when nothing is in the way: the gap between
/// queue and history, the longest wait between looks, and the way there and back a few times.
const SOON_MS: u64 = 12_000;
/// Dates are whole seconds, rounded up: so much later than a run's end is certainly later.
const DATES_APART_MS: u64 = 2_000;

/// A picture shown for a run was made by that run. Where its pod is gone, one of another pod may
/// have its name and be no younger: a pod on its way out works on beside the next, and no date
/// tells their files apart.
pub fn a_picture_is_the_runs_own(
    number: usize,
    watched: &Watched,
    heard: &Response,
    mark: &str,
    pods: &Pods<'_>,
) -> Verdict {
    let executions = pods.world.executions().iter();
    let own = executions.filter(|execution| watched.ids.contains(&execution.prompt_id));
    let ended = own.filter_map(|execution| execution.ended_ms).max();
    let modified_ms = heard.as_ref().ok().and_then(|reply| reply.modified_ms);
    let is_younger = match (modified_ms, ended) {
        (Some(modified), Some(ended)) => modified > at(ended).0 + DATES_APART_MS,
        (_, _) => true,
    };
    let is_there = alive(&watched.ids, pods).next().is_some();
    match carries(heard, mark) || !is_younger && !is_there {
        true => Ok(()),
        false => broken(
            "a picture is the run's own",
            format!("run {number}, ended at {ended:?}, shows another's picture of {modified_ms:?}"),
        ),
    }
}

/// What the page takes for another run's picture is none of the run's own.
pub fn no_picture_of_its_own_is_put_aside(number: usize, heard: &Response, mark: &str) -> Verdict {
    match carries(heard, mark) {
        true => broken(
            "no picture of its own is put aside",
            format!("run {number} takes its own picture for another's"),
        ),
        false => Ok(()),
    }
}

/// Whether the bytes of a picture tell that it is the run's.
pub fn carries(heard: &Response, mark: &str) -> bool {
    let body = heard.as_ref().map_or(&[][..], |reply| &reply.body);
    body.windows(mark.len()).any(|window| window == mark.as_bytes())
}

/// Done means that the server made it, and what is shown is what it made.
pub fn done_is_what_the_server_made(
    number: usize,
    watched: &Watched,
    ended: &Ended,
    mark: &str,
    world: &World,
) -> Verdict {
    let made = world.executions().iter().any(|execution| {
        execution.outcome == End::Success && watched.ids.contains(&execution.prompt_id)
    });
    let texts = ended.texts();
    let own = texts.iter().all(|text| text.contains(mark));
    match made && own && !ended.outputs.is_empty() {
        true => Ok(()),
        false => broken(
            "done is what the server made",
            format!("run {number}: made: {made}, its own: {own}, outputs: {:?}", ended.outputs),
        ),
    }
}

/// Done means that every file came, but for those that the server no longer has.
pub fn done_has_every_file(
    number: usize,
    watched: &Watched,
    ended: &Ended,
    gone: usize,
) -> Verdict {
    let files = ended.files().len();
    match watched.files + gone == files {
        true => Ok(()),
        false => broken(
            "done has every file",
            format!("run {number} is done with {} of {files} files, {gone} gone", watched.files),
        ),
    }
}

/// When nothing is in the way, the page knows soon that a run has ended.
pub fn a_calm_end_is_seen_soon(
    number: usize,
    watched: &Watched,
    pods: &Pods<'_>,
    now: u64,
) -> Verdict {
    let ends = alive(&watched.ids, pods).filter_map(|execution| execution.ended_ms);
    let late = ends.max().map_or(0, |ended| now.saturating_sub(ended));
    match late > SOON_MS {
        true => broken(
            "a calm end is seen soon",
            format!("run {number} is done {late} ms after its end at the server"),
        ),
        false => Ok(()),
    }
}

/// Cancelled, confirmed: nothing of the run waits or runs where the page could see it.
pub fn cancelled_means_stopped(number: usize, watched: &Watched, pods: &Pods<'_>) -> Verdict {
    let goes_on = alive(&watched.ids, pods)
        .find(|execution| matches!(execution.outcome, End::Queued | End::Running));
    match goes_on {
        Some(execution) => broken(
            "cancelled means stopped",
            format!("run {number} counts as cancelled while it is {:?}", execution.outcome),
        ),
        None => Ok(()),
    }
}

/// The page says that a stop is not confirmed only when it heard nothing, or waited very long.
pub fn unconfirmed_means_silence(number: usize, watched: &Watched, now: u64) -> Verdict {
    let cancelled = watched.cancelled_at.unwrap_or(now);
    let silent = watched.last_good.is_none_or(|at| now >= at + SILENCE_MS)
        || now >= cancelled + SILENCE_MS && watched.last_good < Some(cancelled + 1);
    let refused = watched.last_status.is_some_and(|status| (400..500).contains(&status));
    match silent || refused || now >= cancelled + CANCEL_LIMIT_MS {
        true => Ok(()),
        false => broken(
            "an unconfirmed stop means silence",
            format!(
                "run {number} gives up its stop; it last heard at {:?} of {now} ms",
                watched.last_good
            ),
        ),
    }
}

/// A run is called lost after two misses when it was never seen, else after three, far apart.
pub fn lost_takes_three_misses(number: usize, watched: &Watched) -> Verdict {
    let (least, grace_ms) = if watched.placed { (3, GRACE_MS) } else { (2, APART_MS) };
    let over = match (watched.misses.first(), watched.misses.last()) {
        (Some(first), Some(last)) => last.heard.saturating_sub(first.heard),
        _ => 0,
    };
    match watched.misses.len() >= least && over >= grace_ms {
        true => Ok(()),
        false => broken(
            "lost takes three misses",
            format!(
                "run {number} is called lost after {} misses over {over} ms, of {least} over {grace_ms}",
                watched.misses.len()
            ),
        ),
    }
}

/// Nothing is called lost that the pod still has: queued, running or finished.
pub fn nothing_finished_is_lost(number: usize, watched: &Watched, pods: &Pods<'_>) -> Verdict {
    match alive(&watched.ids, pods).next() {
        Some(execution) => broken(
            "nothing finished is lost",
            format!(
                "run {number} is called lost while pod {} has it: {:?}",
                execution.pod, execution.outcome
            ),
        ),
        None => Ok(()),
    }
}

/// Nothing is called lost of which something is here.
pub fn nothing_that_is_here_is_lost(number: usize, watched: &Watched, store: &Store) -> Verdict {
    match store.here(&watched.ids).count() {
        0 => Ok(()),
        here => broken(
            "nothing that is here is lost",
            format!("run {number} is called lost while {here} of its files are here"),
        ),
    }
}

/// Out of reach means that nobody answered for as long as the limit says, or that every post of
/// the allowed number was in vain, or a refusal that waiting does not mend.
pub fn out_of_reach_means_silence(
    number: usize,
    watched: &Watched,
    waking: bool,
    limits: Limits,
    now: u64,
) -> Verdict {
    let silent = match waking {
        true => now >= watched.pressed + limits.waking_ms,
        false => watched.last_good.is_none_or(|at| now >= at + limits.reach_ms),
    };
    let refused = watched.last_status.is_some_and(|status| (400..500).contains(&status));
    match silent || watched.posts >= POSTS_MAX || refused {
        true => Ok(()),
        false => broken(
            "out of reach means silence",
            format!("run {number} gives up at {now} ms; it last heard at {:?}", watched.last_good),
        ),
    }
}

/// Every other failure is what the server said, or what the person did.
pub fn failures_are_the_servers(
    number: usize,
    watched: &Watched,
    failure: &Failure,
    world: &World,
) -> Verdict {
    let ended = |end: End| {
        world
            .executions()
            .iter()
            .any(|execution| execution.outcome == end && watched.ids.contains(&execution.prompt_id))
    };
    let status = watched.last_status;
    let is_so = match failure {
        Failure::Broken(_) => ended(End::Error),
        Failure::Interrupted => ended(End::Interrupted),
        Failure::Rejected(_) => status == Some(400),
        Failure::TooLarge(_) => status == Some(413),
        Failure::Setup(_) => status.is_some_and(|status| (400..500).contains(&status)),
        Failure::Expired => watched.restored,
        Failure::PictureLost | Failure::Lost { .. } | Failure::OutOfReach { .. } => true,
    };
    match is_so {
        true => Ok(()),
        false => broken(
            "a failure is the server's",
            format!("run {number} ended {failure:?}; the last status was {status:?}"),
        ),
    }
}

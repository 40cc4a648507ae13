//! Resuming runs when the page is opened again.

use super::*;
use crate::record::{Seen, Stored};

#[test]
fn a_picture_that_cannot_be_sent_ends_the_run() {
    let table = [
        (UploadFault::PictureLost, "failed", "rest"),
        (UploadFault::Fault(fault(ApiError::TooLarge)), "failed", "rest"),
        (UploadFault::Fault(fault(ApiError::Unavailable(502))), "uploading", "sleep"),
    ];
    for (why, phase, step) in table {
        let mut s = fresh();
        s.run = Run::new(PromptId::from_random([1; 16]), true, At(T0));
        s.release().wake_replied(Ok(()));
        s.reply(|turn| Event::Uploaded(turn, Err(why))).phase(phase).step(step);
    }
}

fn stored(posts: u32, cancelled: bool, age_ms: u64) -> Stored {
    Stored {
        version: pilotlight_comfy::json::Version,
        prompt_id: PromptId::from_random([1; 16]),
        has_pictures: false,
        posts,
        cancelled,
        pressed: At(100 * MINUTE_MS - age_ms),
        lost: None,
        seen: None,
        spans: [None; 4],
        ended: None,
    }
}

#[track_caller]
fn check_restored(posts: u32, cancelled: bool, age_ms: u64, phase: &str, step: &str) {
    let context = Context { now: At(100 * MINUTE_MS), ..context() };
    let (run, first) = Run::restore(&stored(posts, cancelled, age_ms), &[], false, &context);
    assert_eq!((name(run.phase()), step_name(&first)), (phase, step));
}

#[track_caller]
fn check_unsent(age_ms: u64, heard_ms_ago: Option<u64>, is_paused: bool, phase: &str) {
    let now = At(100 * MINUTE_MS);
    let heard_at = heard_ms_ago.map(|ms| At(now.0 - ms));
    let context = Context { now, heard_at, ..context() };
    let (run, first) = Run::restore(&stored(0, false, age_ms), &[], is_paused, &context);
    assert_eq!((name(run.phase()), step_name(&first)), (phase, "rest"));
}

#[test]
fn what_waited_for_others_goes_on_waiting() {
    check_unsent(40 * MINUTE_MS, None, false, "failed");
    check_unsent(40 * MINUTE_MS, Some(MINUTE_MS), false, "waiting");
    check_unsent(40 * MINUTE_MS, Some(15 * MINUTE_MS), false, "failed");
    // An answer before the run was requested does not show whether anybody waits.
    check_unsent(MINUTE_MS, Some(60 * MINUTE_MS), false, "waiting");
}

#[test]
fn what_a_pause_held_back_is_still_there() {
    check_unsent(90 * MINUTE_MS, None, true, "waiting");
    check_unsent(90 * MINUTE_MS, Some(80 * MINUTE_MS), true, "waiting");
}

#[test]
fn a_page_that_opens_again_takes_runs_up() {
    check_restored(0, false, MINUTE_MS, "waiting", "rest");
    check_restored(0, false, 15 * MINUTE_MS, "failed", "rest");
    check_restored(0, true, MINUTE_MS, "cancelled", "rest");
    check_restored(1, false, MINUTE_MS, "unconfirmed", "history");
    check_restored(1, true, MINUTE_MS, "cancelling", "sleep");
    check_restored(1, false, EXPIRES_MS, "failed", "rest");
    check_restored(2, true, EXPIRES_MS, "failed", "rest");
}

#[test]
fn a_run_taken_up_is_shown_as_it_was_last_seen() {
    let now = At(100 * MINUTE_MS);
    let context = Context { now, long_poll: LongPoll::There, ..context() };
    let from = At(99 * MINUTE_MS);
    for (seen, phase, stage) in
        [(Seen::InLine, "queued", Stage::InLine), (Seen::Running, "running", Stage::Running)]
    {
        let mut spans = [None; 4];
        spans[stage as usize] = Some(Span { from, until: None });
        let stored = Stored { seen: Some(seen), spans, ..stored(1, false, 2 * MINUTE_MS) };
        let (run, step) = Run::restore(&stored, &[], false, &context);
        // One look, which may wait for a pod, and no long-poll, which assumes that one is awake.
        assert_eq!((name(run.phase()), step_name(&step)), (phase, "history"));
        assert_eq!(run.span(stage), Some(Span { from, until: None }));
        assert_eq!(run.stored(), Some(stored), "it is stored as it was");
    }
}

#[test]
fn a_run_that_was_lost_stays_so_until_somebody_lets_go_of_it() {
    for long_poll in [false, true] {
        let stored = Stored { lost: Some(long_poll), ..stored(1, false, EXPIRES_MS + MINUTE_MS) };
        let context = Context { now: At(100 * MINUTE_MS), ..context() };
        let (run, step) = Run::restore(&stored, &[], false, &context);
        let failure = Failure::Lost { long_poll };
        assert_eq!(*run.phase(), Phase::Ended(Outcome::Failed(failure)));
        assert_eq!((step, run.stored()), (Step::Rest, Some(stored)));
    }
}

#[test]
fn a_run_that_was_seen_and_is_nowhere_is_lost_and_never_sent_again() {
    for seen in [Seen::InLine, Seen::Running] {
        let mut s = fresh();
        s.context.now = At(100 * MINUTE_MS);
        let stored = Stored { seen: Some(seen), ..stored(1, false, MINUTE_MS) };
        let (run, step) = Run::restore(&stored, &[], false, &s.context);
        (s.run, s.step) = (run, Some(step));
        for _ in 0..8 {
            if s.run.is_ended() {
                break;
            }
            match s.step.as_ref().map(step_name) {
                Some("sleep") => s.slept(),
                _ => s.not_at_server(),
            };
        }
        assert!(matches!(s.failed(), Failure::Lost { .. }));
        assert_eq!(s.run.posts(), 1);
    }
}

#[test]
fn a_run_taken_up_is_never_sent_again_by_itself() {
    let mut s = fresh();
    s.context.now = At(100 * MINUTE_MS);
    let (run, step) = Run::restore(&stored(1, false, MINUTE_MS), &[], false, &s.context);
    (s.run, s.step) = (run, Some(step));
    s.not_at_server().slept().not_at_server().confirmed_nowhere().phase("failed");
    assert!(matches!(s.failed(), Failure::Lost { .. }));
    assert_eq!(s.run.posts(), 1);
}

/// Returns a resumed run with two files, whose end was already known.
fn heard_of(age_ms: u64, here: &[usize]) -> Trial {
    let StatusReport::Ended(ended) = ended(How::Well, vec![picture("a.png"), picture("b.png")])
    else {
        unreachable!()
    };
    let stored = Stored { ended: Some(ended), ..stored(1, false, age_ms) };
    let mut s = fresh();
    s.context.now = At(100 * MINUTE_MS);
    let (run, step) = Run::restore(&stored, here, false, &s.context);
    (s.run, s.step) = (run, Some(step));
    s
}

#[track_caller]
fn check_heard_of(age_ms: u64, here: &[usize], phase: &str, asked_for: &[usize]) {
    let s = heard_of(age_ms, here);
    let places = match &s.step {
        Some(Step::Collect { files, .. }) => files.iter().map(|(at, _)| *at).collect(),
        _ => Vec::new(),
    };
    assert_eq!((name(s.run.phase()), places), (phase, asked_for.to_vec()));
}

#[test]
fn what_is_here_is_not_asked_for_again() {
    check_heard_of(MINUTE_MS, &[], "collecting", &[0, 1]);
    check_heard_of(MINUTE_MS, &[0], "collecting", &[1]);
    check_heard_of(MINUTE_MS, &[1, 0], "done", &[]);
    check_heard_of(EXPIRES_MS, &[0, 1], "done", &[]);
    check_heard_of(EXPIRES_MS, &[0], "failed", &[]);
}

#[test]
fn the_rest_of_an_old_run_is_asked_for_on_a_press() {
    let mut s = heard_of(EXPIRES_MS, &[0]);
    assert!(matches!(s.failed(), Failure::Expired));
    assert!(s.run.stored().is_some_and(|stored| stored.ended.is_some()));
    s.tell(Event::Resumed).phase("collecting");
    let gone = |turn| Event::Collected(turn, vec![Fetched::Gone]);
    s.reply(gone).phase("done");
    let Phase::Ended(Outcome::Done { ended, gone }) = s.run.phase() else { panic!("not done") };
    assert_eq!((ended.files().len(), gone.as_slice()), (2, &[1][..]));
    assert_eq!(s.run.stored(), None);
}

#[test]
fn what_the_history_said_is_stored_before_files_are_asked_for() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).own_accepted();
    assert!(s.run.stored().is_some_and(|stored| stored.ended.is_none()));
    s.slept().seen(ended(How::Well, vec![picture("a.png")])).phase("collecting");
    assert!(s.run.stored().is_some_and(|stored| stored.ended.is_some()));
    // A file that arrives late is not requested twice.
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Missed(fault(ApiError::Busy))]));
    s.slept().reply(|turn| Event::Collected(turn, vec![Fetched::Here])).phase("done");
}

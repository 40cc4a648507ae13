//! Taking runs up again when the page is opened again.

use super::*;

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
        s.release().knocked(Ok(()));
        s.reply(|turn| Event::Uploaded(turn, Err(why))).phase(phase).step(step);
    }
}

fn stored(posts: u32, cancelled: bool, age_ms: u64) -> Stored {
    Stored {
        prompt_id: PromptId::from_random([1; 16]),
        has_pictures: false,
        posts,
        cancelled,
        pressed: At(100 * MINUTE_MS - age_ms),
    }
}

#[track_caller]
fn check_restored(posts: u32, cancelled: bool, age_ms: u64, phase: &str, step: &str) {
    let around = Around { now: At(100 * MINUTE_MS), ..around() };
    let (run, first) = Run::restore(&stored(posts, cancelled, age_ms), &around);
    assert_eq!((name(run.phase()), step_name(&first)), (phase, step));
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
fn a_run_taken_up_is_never_sent_again_by_itself() {
    let mut s = fresh();
    s.around.now = At(100 * MINUTE_MS);
    let (run, step) = Run::restore(&stored(1, false, MINUTE_MS), &s.around);
    (s.run, s.step) = (run, Some(step));
    s.nowhere().slept().nowhere().confirmed_nowhere().phase("failed");
    assert!(matches!(s.failed(), Failure::Lost { .. }));
    assert_eq!(s.run.posts(), 1);
}

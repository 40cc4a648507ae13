//! Sending a prompt once.

use super::*;

#[test]
fn an_id_of_the_server_is_taken_over() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).accepted(Ok("theirs")).phase("queued");
    assert_eq!(s.run.id().as_str(), "theirs");
    assert_eq!(s.run.stored().map(|stored| stored.prompt_id.to_string()), Some("theirs".into()));
}

#[test]
fn a_refusal_is_final_and_nothing_is_sent_again() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).accepted(Err(ApiError::Refused)).phase("failed").step("rest");
    assert!(matches!(s.failed(), Failure::Rejected(_)));
}

#[test]
fn a_prompt_without_a_reply_is_looked_for_before_it_is_sent_again() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).accepted(Err(ApiError::Unavailable(502))).phase("unconfirmed");
    s.step("sleep").slept().step("history");
    s.not_at_server().phase("unconfirmed").step("sleep");
    s.slept().not_at_server().phase("unconfirmed").step("sleep");
    s.slept().step("history").seen(StatusReport::NotInHistory).phase("submitting").step("submit");
    assert_eq!(s.run.posts(), 2);
    // The second attempt starts from the beginning: one miss is not enough.
    s.accepted(Err(ApiError::Unavailable(502))).slept().not_at_server().phase("unconfirmed");
}

#[test]
fn a_prompt_that_arrived_is_not_sent_again() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).accepted(Err(ApiError::Unavailable(502)));
    s.slept().not_at_server().slept().seen(StatusReport::NotInHistory).seen(StatusReport::Running);
    s.phase("running");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn looks_too_close_together_do_not_count_twice() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).accepted(Err(ApiError::Unanswered));
    s.slept().not_at_server().later(100).tell(Event::Woken).not_at_server().phase("unconfirmed");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn sending_in_vain_ends() {
    let mut s = fresh();
    s.release().wake_replied(Ok(()));
    for _ in 0..POSTS_MAX {
        s.phase("submitting").accepted(Err(ApiError::Unavailable(502)));
        s.slept().not_at_server().slept().not_at_server().confirmed_nowhere();
    }
    s.phase("failed");
    assert_eq!(s.run.posts(), POSTS_MAX);
}

#[test]
fn pictures_go_before_the_prompt() {
    let mut s = fresh();
    s.run = Run::new(PromptId::from_random([1; 16]), true, At(T0));
    s.release().wake_replied(Ok(())).phase("uploading").step("upload");
    s.reply(|turn| Event::Uploaded(turn, Ok(()))).phase("submitting").step("submit");
    // The pod may have changed meanwhile: images and prompt are sent once more, then it fails.
    s.accepted(Err(ApiError::Refused)).phase("uploading");
    s.reply(|turn| Event::Uploaded(turn, Ok(()))).accepted(Err(ApiError::Refused)).phase("failed");
}

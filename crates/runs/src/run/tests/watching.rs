//! Following a sent run.

use super::*;

#[test]
fn an_answer_that_comes_late_says_nothing_of_later() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).accepted(Err(ApiError::Unanswered));
    s.slept()
        .not_at_server()
        .later(100)
        .tell(Event::Woken)
        .seen(StatusReport::NotInHistory)
        .step("queue");
    s.later(3_000).seen(StatusReport::NotInQueue).step("sleep").slept().step("history");
    s.seen(StatusReport::NotInHistory).step("queue");
}

#[test]
fn a_run_that_ends_between_two_halves_of_a_look_is_found() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).accepted(Err(ApiError::Unanswered));
    s.slept().not_at_server().slept().not_at_server().step("sleep").slept().step("history");
    s.seen(ended(How::Well, Vec::new())).phase("done");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn a_run_seen_nowhere_three_times_is_lost() {
    let mut s = Trial::running();
    s.slept().later(13_000).not_at_server().phase("running");
    s.slept().not_at_server().phase("running").slept().not_at_server().phase("running");
    s.confirmed_nowhere().phase("failed");
    assert_eq!(*s.failed(), Failure::Lost { long_poll: false });
    assert_eq!(s.failed().remedy(MadeFrom::default()), Remedy::RunAgain);
}

#[test]
fn a_sighting_forgives_earlier_misses() {
    let mut s = Trial::running();
    s.slept().later(13_000).not_at_server().slept().not_at_server();
    s.slept().seen(StatusReport::NotInHistory).seen(StatusReport::Running).phase("running");
    s.slept()
        .later(13_000)
        .not_at_server()
        .slept()
        .seen(StatusReport::NotInHistory)
        .phase("running");
}

#[test]
fn the_server_says_when_to_ask_again() {
    let mut s = Trial::running();
    let busy = Fault { retry_after_s: Some(4), ..fault(ApiError::Busy) };
    s.slept().reply(|turn| Event::Seen(turn, Err(busy)));
    assert_eq!(s.step, Some(Step::Sleep { ms: 4_000 }));
}

#[test]
fn an_answer_that_took_long_may_come_from_another_pod() {
    let mut s = Trial::running();
    s.slept().later(pace::SLOW_ANSWER_MS).seen(StatusReport::NotInHistory).step("queue");
    let mut s = Trial::running();
    s.slept()
        .blind(ApiError::Unavailable(502))
        .slept()
        .seen(StatusReport::NotInHistory)
        .step("queue");
}

#[test]
fn a_live_run_survives_silence_until_the_limit() {
    let mut s = Trial::running();
    s.slept();
    for _ in 0..20 {
        s.blind(ApiError::Unavailable(503)).phase("running").slept();
    }
    s.later(900_000).blind(ApiError::Unanswered).phase("failed");
    assert_eq!(s.failed().remedy(MadeFrom::default()), Remedy::LookAgain);
    assert!(s.run.stored().is_some(), "it can be taken up again");
    s.tell(Event::Resumed).phase("unconfirmed").step("history");
    s.seen(ended(How::Well, Vec::new())).phase("done");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn with_the_long_poll_one_request_is_always_out() {
    let mut s = fresh();
    s.context.long_poll = LongPoll::Unknown;
    s.release().wake_replied(Ok(())).own_accepted().phase("queued").step("wait");
    s.seen(StatusReport::Pending { ahead: 2 }).step("wait");
    assert!(matches!(s.step, Some(Step::Wait { known: Known::Pending { ahead: 2 }, .. })));
    s.seen(StatusReport::Running).phase("running").step("wait");
    s.seen(StatusReport::Running).phase("running").step("wait");
    s.seen(ended(How::Well, vec![picture("a.png")])).step("collect");
}

#[test]
fn a_gateway_that_ends_every_long_poll_is_no_silence() {
    let mut s = fresh();
    s.context.long_poll = LongPoll::There;
    s.release().wake_replied(Ok(())).own_accepted().seen(StatusReport::Running);
    for _ in 0..100 {
        s.step("wait").later(20_000).blind(ApiError::Unavailable(504)).step("sleep");
        assert!(matches!(s.step, Some(Step::Sleep { ms: ..=1_000 })), "{:?}", s.step);
        s.slept().step("history").seen(StatusReport::NotInHistory);
        s.step("queue").seen(StatusReport::Running).phase("running");
    }
}

#[test]
fn without_the_extension_the_run_is_polled() {
    let mut s = fresh();
    s.context.long_poll = LongPoll::Unknown;
    s.release().wake_replied(Ok(())).own_accepted().step("wait");
    s.seen(StatusReport::NoLongPoll).step("history");
    s.seen(StatusReport::NotInHistory).step("queue").seen(StatusReport::Running).step("sleep");
    assert!(s.run.polls());
}

#[test]
fn a_long_poll_that_finds_nothing_is_checked() {
    let mut s = fresh();
    s.context.long_poll = LongPoll::There;
    s.release().wake_replied(Ok(())).own_accepted().seen(StatusReport::Running).step("wait");
    s.seen(StatusReport::NotInQueue).step("sleep").slept().step("history").not_at_server();
    s.slept().not_at_server().confirmed_nowhere().phase("failed");
    assert_eq!(*s.failed(), Failure::Lost { long_poll: true });
}

#[test]
fn what_is_stale_changes_nothing() {
    let mut s = Trial::running();
    let old = Turn(s.run.turn().0 - 1);
    let before = s.run.clone();
    s.tell(Event::Seen(old, Ok(ended(How::Well, Vec::new())))).step("none");
    s.tell(Event::TimerFired(old)).step("none");
    s.tell(Event::Released).step("none");
    s.tell(Event::Resumed).step("none");
    // Nothing was requested during a pause, so a reply is ignored.
    s.tell(Event::Seen(s.run.turn(), Ok(StatusReport::NotInHistory))).step("none");
    assert_eq!(s.run, before);
}

#[test]
fn a_woken_page_asks_at_once() {
    let mut s = Trial::running();
    s.tell(Event::Woken).step("history");
    s.tell(Event::Woken).step("none");
}

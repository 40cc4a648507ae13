//! From the press to an awake server.

use super::*;

#[test]
fn a_cold_run_from_press_to_picture() {
    let mut s = fresh();
    s.release().phase("waking").step("wake request");
    s.later(70_000).wake_replied(Ok(())).phase("submitting").step("submit");
    assert_eq!(s.run.posts(), 1, "stored before it is sent");
    s.own_accepted().phase("queued").step("sleep");
    s.slept().step("history");
    s.seen(StatusReport::NotInHistory).step("queue");
    s.seen(StatusReport::Pending { ahead: 1 }).phase("queued").step("sleep");
    s.slept().seen(StatusReport::NotInHistory).step("queue");
    s.seen(StatusReport::Running).phase("running").step("sleep");
    s.slept().step("history");
    s.seen(StatusReport::NotInHistory).step("sleep");
    s.slept().seen(ended(How::Well, vec![picture("a.png")])).phase("collecting").step("collect");
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here])).phase("done").step("rest");
    let span = |stage| s.run.span(stage).and_then(|span| Some(span.until?.since(span.from)));
    assert_eq!(span(Stage::Waking), Some(70_000));
    assert!(s.run.stored().is_none(), "nothing is left to take up");
}

#[test]
fn a_server_heard_of_just_now_needs_no_knock() {
    let mut s = fresh();
    s.context.heard_at = Some(At(T0 - FRESH_MS));
    s.release().phase("submitting").step("submit");
    let mut s = fresh();
    s.context.heard_at = Some(At(T0 - FRESH_MS - 1));
    s.release().phase("waking").step("wake request");
}

#[test]
fn a_failed_knock_is_repeated_until_the_limit() {
    for error in [
        ApiError::Unavailable(504),
        ApiError::Unavailable(502),
        ApiError::Busy,
        ApiError::Unanswered,
        ApiError::Garbled,
    ] {
        let mut s = fresh();
        s.release().later(60_000).wake_replied(Err(error)).phase("waking").step("sleep");
        s.slept().step("wake request").later(1_000_000).wake_replied(Err(error)).phase("failed");
        let Failure::OutOfReach { waking: true, .. } = s.failed() else { panic!("{error:?}") };
        assert_eq!(s.failed().remedy(MadeFrom::default()), Remedy::TryAgain);
        // The time between the failure and the press is not counted as waking.
        s.later(5_000_000).tell(Event::Resumed).phase("waiting").step("rest");
        s.release().phase("waking").step("wake request");
        let span = Span { from: s.context.now, until: None };
        assert_eq!(s.run.span(Stage::Waking), Some(span));
    }
}

#[test]
fn a_wrong_set_up_is_told_at_once() {
    let barred = ApiError::Barred(pilotlight_comfy::access::Barred::Origin);
    for error in
        [ApiError::NoSuchModel, ApiError::Unauthorized, barred, ApiError::NotUnderstood(400)]
    {
        let mut s = fresh();
        s.release().wake_replied(Err(error)).phase("failed").step("rest");
        assert!(matches!(s.failed(), Failure::Setup(_)), "{error:?}");
    }
}

#[test]
fn with_the_right_key_a_run_goes_on_and_nothing_is_sent_twice() {
    let error = ApiError::Barred(pilotlight_comfy::access::Barred::KeyMissing);
    let mut s = fresh();
    s.release().wake_replied(Err(error)).phase("failed").step("rest");
    // A key may be entered for many runs, so each waits in the queue.
    s.tell(Event::Resumed).phase("waiting").step("rest");
    s.release().phase("waking").step("wake request");
    // Refused while the prompt was sent: looked up first, then sent again.
    s.wake_replied(Ok(())).accepted(Err(error)).phase("failed").step("rest");
    assert_eq!(s.failed().remedy(MadeFrom::default()), Remedy::EnterKey);
    s.tell(Event::Resumed).phase("unconfirmed");
    assert_eq!(s.run.posts(), 1);
    assert!(matches!(s.run.phase(), Phase::Unconfirmed { restored: false }));
}

/// What becomes of the first request, and whether the time of it counts as waking.
#[test]
fn only_what_was_held_or_answered_from_behind_the_gateway_wakes() {
    let behind = |error| Fault { is_from_behind: true, ..fault(error) };
    let relay = |error| Fault { from_relay: true, ..fault(error) };
    let table = [
        ("offline", fault(ApiError::Unanswered), 5, false),
        ("the relay refuses", relay(ApiError::Unavailable(502)), 20, false),
        ("the gateway refuses", fault(ApiError::Unavailable(503)), 20, false),
        ("kubeai refuses", behind(ApiError::Unavailable(502)), 20, true),
        ("the gateway gives up", fault(ApiError::Unavailable(504)), 60_000, true),
        ("it is held and lost", fault(ApiError::Unanswered), 20_000, true),
    ];
    for (name, fault, after_ms, is_waking) in table {
        let mut s = fresh();
        s.release().later(after_ms).reply(|turn| Event::WakeReplied(turn, Err(fault.clone())));
        s.phase("waking").step("sleep");
        let from = s.run.span(Stage::Waking).map(|span| span.from);
        assert_eq!(from, is_waking.then_some(At(T0)), "{name}");
        // The next request begins it anew, or goes on with it.
        s.slept().step("wake request");
        let from = s.run.span(Stage::Waking).map(|span| span.from);
        assert_eq!(from, Some(if is_waking { At(T0) } else { s.context.now }), "{name}");
    }
}

#[test]
fn a_refusal_after_a_wait_ends_no_waking() {
    let mut s = fresh();
    s.release().later(60_000).wake_replied(Err(ApiError::Unavailable(504))).slept();
    s.later(5).wake_replied(Err(ApiError::Unanswered));
    assert_eq!(s.run.span(Stage::Waking), Some(Span { from: At(T0), until: None }));
}

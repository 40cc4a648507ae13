//! Tables for waking the GPU and keeping it awake, and what must always hold.

use super::*;
use pilotlight_comfy::failure::ApiError;

const LIMIT_MS: u64 = 900_000;
const KEEP: Goal = Goal::Keep { ms: 15 * MINUTE_MS };

fn context(now: u64) -> Context {
    Context { now: At(now), heard_at: None, limit_ms: LIMIT_MS }
}

fn fault(error: ApiError) -> Fault {
    Fault::new(error)
}

/// Plays a story: the time, the event, and the step that must follow (`-`: none).
#[track_caller]
fn check(story: &[(u64, &str, &str)], end: Option<End>) {
    let mut warm = KeepAwake::default();
    for (now, happens, expected) in story {
        let turn = warm.turn();
        let event = match *happens {
            "wake" => Event::Pressed(Goal::Wake),
            "keep" => Event::Pressed(KEEP),
            "stop" => Event::Stopped,
            "wake replied" => Event::WakeReplied(turn, Ok(Facts::default())),
            "502" => Event::WakeReplied(turn, Err(fault(ApiError::Unavailable(502)))),
            "401" => Event::WakeReplied(turn, Err(fault(ApiError::Unauthorized))),
            "held" => Event::Held(turn, Ok(true)),
            "not held" => Event::Held(turn, Ok(false)),
            "cut" => Event::Held(turn, Err(fault(ApiError::Unavailable(504)))),
            "stale" => Event::Held(Turn(turn.0.wrapping_sub(1)), Ok(false)),
            "rang" => Event::TimerFired(turn),
            "hid" => Event::Hid,
            "returned" => Event::Returned,
            _ => Event::Ticked,
        };
        let step = match warm.update(event, &context(*now)) {
            None => "-",
            Some(Step::Wake { .. }) => "wake request",
            Some(Step::Hold { .. }) => "hold",
            Some(Step::Sleep { .. }) => "sleep",
            Some(Step::Rest) => "rest",
        };
        assert_eq!(step, *expected, "{happens} at {now}: {warm:?}");
        assert_eq!(warm.is_on(), warm.ended().is_none() && warm.turn() != Turn(0));
    }
    assert_eq!(warm.ended(), end.as_ref());
}

#[test]
fn it_is_woken_by_one_press() {
    check(&[(0, "wake", "wake request"), (60_000, "wake replied", "rest")], Some(End::Awake));
    let again =
        [(1, "502", "sleep"), (1_500, "rang", "wake request"), (9_000, "wake replied", "rest")];
    check(&[&[(0, "wake", "wake request")], &again[..]].concat(), Some(End::Awake));
    check(&[(0, "wake", "wake request"), (5, "wake", "-"), (6, "stale", "-")], None);
    check(
        &[(0, "wake", "wake request"), (9, "stop", "rest"), (10, "wake replied", "-")],
        Some(End::Stopped),
    );
    let late = [(1, "502", "sleep"), (500, "returned", "wake request"), (LIMIT_MS, "502", "rest")];
    let gone = End::OutOfReach(fault(ApiError::Unavailable(502)));
    check(&[&[(0, "wake", "wake request")], &late[..]].concat(), Some(gone));
    let setup = End::Setup(fault(ApiError::Unauthorized));
    check(&[(0, "wake", "wake request"), (1, "401", "rest")], Some(setup));
    // A page in the background continues to wake the GPU.
    let away = [(0, "wake", "wake request"), (1, "hid", "-"), (2 * HIDDEN_MS, "tick", "-")];
    check(&[&away[..], &[(2 * HIDDEN_MS, "wake replied", "rest")]].concat(), Some(End::Awake));
}

#[test]
fn it_is_kept_awake_by_requests_that_are_held() {
    let woken = [(0, "keep", "wake request"), (60_000, "wake replied", "hold")];
    let on = |more: &[(u64, &'static str, &'static str)], end| {
        check(&[&woken[..], more].concat(), end);
    };
    on(&[(85_000, "held", "hold"), (110_000, "held", "hold")], None);
    on(&[(85_000, "held", "hold"), (90_000, "stop", "rest"), (90_001, "held", "-")], {
        Some(End::Stopped)
    });
    // The time is counted from when it is awake.
    let over = 60_000 + 15 * MINUTE_MS;
    on(&[(over - 1, "tick", "-"), (over, "tick", "rest")], Some(End::Over));
    on(&[(over + 5_000, "held", "rest")], Some(End::Over));
    on(&[(500_000, "keep", "-"), (over, "tick", "-"), (1_400_000, "tick", "rest")], {
        Some(End::Over)
    });
    // The extension is missing or too old, or another server answers `{}` at once.
    on(&[(60_005, "not held", "rest")], Some(End::NotHeld));
    on(&[(60_500, "held", "rest")], Some(End::NotHeld));
    // The gateway ends the request: the GPU may have to be woken again.
    let cut = [
        (70_000, "cut", "sleep"),
        (70_900, "rang", "wake request"),
        (70_950, "wake replied", "hold"),
    ];
    on(&cut, None);
    on(&[&cut[..], &[(96_000, "held", "hold")]].concat(), None);
    // The page is in the background for long.
    let hid = [(70_000, "hid", "-"), (85_000, "held", "hold"), (200_000, "hid", "-")];
    on(&[&hid[..], &[(70_000 + HIDDEN_MS, "held", "rest")]].concat(), Some(End::Hidden));
    on(&[&hid[..], &[(70_000 + HIDDEN_MS, "returned", "rest")]].concat(), Some(End::Hidden));
    let back = [(300_000, "returned", "-"), (500_000, "held", "hold")];
    on(&[&hid[..], &back[..]].concat(), None);
}

#[test]
fn a_server_that_was_just_heard_of_needs_no_knock() {
    let context = Context { heard_at: Some(At(1_000)), ..context(FRESH_MS) };
    let mut warm = KeepAwake::default();
    let hold = Step::Hold { limit_ms: WAIT_LIMIT_MS };
    assert_eq!(warm.update(Event::Pressed(KEEP), &context), Some(hold));
    assert_eq!(warm.woke(), None);
    let mut warm = KeepAwake::default();
    assert_eq!(warm.update(Event::Pressed(Goal::Wake), &context), Some(Step::Rest));
    assert_eq!(warm.ended(), Some(&End::Awake));
}

#[test]
fn no_request_outlives_the_time_it_is_kept_for() {
    let mut warm = KeepAwake::default();
    let keep = Event::Pressed(Goal::Keep { ms: 40_000 });
    warm.update(keep, &context(0));
    let step = warm.update(Event::WakeReplied(warm.turn(), Ok(Facts::default())), &context(0));
    assert_eq!(step, Some(Step::Hold { limit_ms: 40_000 }));
    let step = warm.update(Event::Held(warm.turn(), Ok(true)), &context(25_000));
    assert_eq!(step, Some(Step::Hold { limit_ms: 15_000 }));
    let late = Event::Held(warm.turn(), Err(fault(ApiError::TimedOut)));
    assert_eq!(warm.update(late, &context(40_000)), Some(Step::Rest));
    assert_eq!(warm.ended(), Some(&End::Over));
    assert_eq!(warm.held(), Some(Span { from: At(0), until: Some(At(40_000)) }));
}

/// Whatever events arrive in whatever order: nothing is requested without a press or after an end,
/// stale answers change nothing, and it ends by itself.
#[test]
fn nothing_is_asked_without_a_press_nor_after_an_end() {
    for seed in 1..4_000_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut draw = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let (mut warm, mut now, mut pressed, mut last) = (KeepAwake::default(), 0, false, None);
        for _ in 0..60 {
            now += draw(40_000);
            let turn = if draw(5) == 0 { Turn(draw(4) as u32) } else { warm.turn() };
            let error = [ApiError::Unanswered, ApiError::TimedOut, ApiError::Unauthorized];
            let wrong = |at: u64| fault(error[if at < 8 { (at % 2) as usize } else { 2 }]);
            let event = match draw(12) {
                0 => Event::Pressed(Goal::Wake),
                1 => Event::Pressed(Goal::Keep { ms: 1 + draw(600_000) }),
                2 => Event::Stopped,
                3 => Event::WakeReplied(turn, Ok(Facts::default())),
                4 => Event::WakeReplied(turn, Err(wrong(draw(10)))),
                5 | 6 => Event::Held(turn, Ok(draw(8) > 0)),
                7 => Event::Held(turn, Err(wrong(draw(10)))),
                8 => Event::TimerFired(turn),
                9 => Event::Hid,
                10 => Event::Returned,
                _ => Event::Ticked,
            };
            let is_press = matches!(event, Event::Pressed(_));
            let was_on = warm.is_on();
            let step = warm.update(event.clone(), &context(now));
            pressed = (pressed && warm.is_on()) || is_press;
            let asks = matches!(step, Some(Step::Wake { .. } | Step::Hold { .. }));
            assert!(!asks || (pressed && warm.is_on()), "{seed}: {event:?} {warm:?}");
            assert!(was_on || is_press || step.is_none(), "{seed}: {event:?} at rest: {step:?}");
            assert_eq!(warm.is_on(), matches!(last_step(&step, &last), Some(false)), "{seed}");
            if let Some(step) = step {
                last = Some(step == Step::Rest);
            }
            if let Phase::Keeping { until } = warm.phase() {
                assert!(until > At(now), "{seed}: {warm:?}");
            }
        }
    }
}

/// Returns whether the outstanding step is `Rest`.
fn last_step(step: &Option<Step>, before: &Option<bool>) -> Option<bool> {
    step.as_ref().map(|step| *step == Step::Rest).or(*before).filter(|rests| !rests)
}

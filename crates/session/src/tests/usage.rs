//! Usage, limits, and keep-awake.

use pilotlight_runs::budget::Period;
use pilotlight_runs::keep_awake::Goal;

use super::*;
use crate::session::Settings as Configured;

/// Returns a page with an idle delay of 40 s and a limit in minutes per day.
fn page(minutes: Option<f64>) -> Page {
    let mut page = Page::new();
    page.settings = Configured {
        idle_delay_ms: Some(40_000),
        limits_of_use: [minutes, None],
        ..Configured::default()
    };
    page.open();
    page
}

#[test]
fn waking_is_counted_while_it_lasts_and_idling_after_the_answer() {
    let mut page = page(None);
    page.request(&["a"]);
    page.now += 10_000;
    page.tick();
    assert_eq!(page.used_ms(), 10_000);
    page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    page.tell(Event::CancelRequested(RunNumber(1)));
    let woke_ms = page.used_ms();
    page.now += 100_000;
    assert_eq!(page.used_ms(), woke_ms + 40_000);
}

/// How the first request failed, after how many ms, and what is counted ten seconds later.
#[test]
fn only_what_was_held_or_answered_from_behind_the_gateway_is_counted() {
    use pilotlight_comfy::failure::ApiError;
    let gateway = |status| failed(status, "<html>");
    let kubeai = failed(502, r#"{"error":"Bad Gateway"}"#);
    let relay = failed(502, r#"{"error":"refused","kind":"unreachable"}"#);
    let table = [
        ("offline", Err(ApiError::Unanswered), 5, 0),
        ("the relay refuses", relay, 20, 0),
        ("the gateway refuses", gateway(503), 20, 0),
        ("kubeai refuses", kubeai, 20, 10_025),
        ("the gateway gives up", gateway(504), 60_000, 70_005),
    ];
    for (name, response, after_ms, counted_ms) in table {
        for is_kept_awake in [false, true] {
            let mut page = page(None);
            match is_kept_awake {
                false => page.request(&["a"]),
                true => page.tell(Event::KeepAwakeRequested(Goal::Wake, String::new())),
            }
            page.now += after_ms;
            page.answer(Purpose::Wake, response.clone());
            page.now += 10_000;
            page.tell(Event::CancelRequested(RunNumber(1)));
            page.tell(Event::KeepAwakeStopped);
            assert_eq!(page.used_ms(), counted_ms, "{name}, {is_kept_awake}");
        }
    }
}

fn failed(status: u16, body: &str) -> Response {
    ok(body).map(|reply| Reply { status, ..reply })
}

#[test]
fn a_run_is_announced_to_wake_the_gpu_once_that_is_known() {
    let mut page = page(None);
    let told = |page: &mut Page| {
        let all = std::mem::take(&mut page.effects);
        let is_told = |effect: &&Effect| {
            **effect == Effect::RunChanged { run: RunNumber(1), has_new_phase: true }
        };
        all.iter().filter(is_told).count()
    };
    page.request(&["a"]);
    assert_eq!(told(&mut page), 1, "it is asked for");
    for (passed_ms, expected) in [(2_000, 0), (2_000, 1), (2_000, 0)] {
        page.now += passed_ms;
        page.tick();
        assert_eq!(told(&mut page), expected);
    }
}

#[test]
fn without_an_answer_nothing_idles() {
    let mut page = page(None);
    page.request(&["a"]);
    let refused = Ok(Reply {
        status: 503,
        retry_after_s: None,
        from_relay: false,
        modified_ms: None,
        body: Vec::new(),
        key: None,
    });
    page.answer(Purpose::Wake, refused);
    page.tell(Event::CancelRequested(RunNumber(1)));
    page.now += 100_000;
    assert_eq!(page.used_ms(), 0);
}

#[test]
fn two_tabs_count_a_moment_once() {
    let mut page = page(None);
    page.request(&["a"]);
    page.now += 10_000;
    page.tick();
    let mut other = Page::new();
    other.now = page.now - 10_000;
    other.disk.0 = page.disk.0.clone();
    other.held.insert(1);
    other.open();
    other.request(&["b"]);
    other.now += 10_000;
    other.tick();
    assert_eq!(other.used_ms(), 10_000);
}

#[test]
fn a_limit_is_passed_only_after_asking() {
    let mut page = page(Some(0.1));
    page.request(&["a"]);
    page.now += 10_000;
    page.tick();
    page.request(&["b"]);
    assert_eq!(page.runs(), "1 waking", "6 s are used up");
    assert_eq!(page.session.passed_limit().map(|passed| passed.limit_ms), Some(6_000));
    page.tell(Event::LimitDeclined);
    assert_eq!(page.runs(), "1 waking");
    page.request(&["c"]);
    page.tell(Event::LimitAccepted);
    assert_eq!(page.runs(), "1 waking, 2 waiting");
    assert_eq!(page.session.passed_limit(), None);
}

#[test]
fn a_limit_that_the_user_set_takes_the_place_of_the_configured_one() {
    let mut page = page(Some(0.1));
    page.tell(Event::LimitSet(Period::Day, "60".to_owned()));
    assert_eq!(page.session.limits(), [Some(60.0), None]);
    page.open();
    assert_eq!(page.session.limits(), [Some(60.0), None]);
    page.tell(Event::LimitSet(Period::Day, String::new()));
    assert_eq!(page.session.limits(), [None, None]);
}

#[test]
fn keeping_awake_asks_as_a_run_does() {
    let keep = |minutes: u64| {
        let goal = Goal::Keep { ms: minutes * 60_000 };
        Event::KeepAwakeRequested(goal, String::new())
    };
    let table: [(Option<f64>, Event, Option<u64>); 4] = [
        (None, keep(15), None),
        (Some(16.0), keep(15), None),
        (Some(15.0), keep(15), Some(15 * 60_000 + 40_000)),
        (Some(0.5), Event::KeepAwakeRequested(Goal::Wake, String::new()), Some(40_000)),
    ];
    for (limit, event, adds_ms) in table {
        let mut page = page(limit);
        page.tell(event);
        let passed = page.session.passed_limit();
        let adds = passed.and_then(|passed| passed.adds).map(|cost| cost.total_ms());
        assert_eq!(adds, adds_ms, "{limit:?}");
        assert_eq!(page.session.keep_awake().is_on(), adds_ms.is_none(), "{limit:?}");
        page.tell(Event::LimitAccepted);
        assert!(page.session.keep_awake().is_on(), "{limit:?}");
        // What was agreed to is not asked about again; more is.
        page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
        page.tell(keep(5));
        assert_eq!(page.session.passed_limit().is_some(), limit == Some(0.5), "{limit:?}");
    }
}

#[test]
fn keeping_awake_asks_after_a_press_and_stops_at_once() {
    let mut page = page(None);
    page.tell(Event::KeepAwakeRequested(Goal::Keep { ms: 60_000 }, String::new()));
    assert_eq!(page.purposes(), [Purpose::Wake]);
    page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    assert_eq!(page.purposes(), [Purpose::Hold]);
    page.tell(Event::KeepAwakeStopped);
    assert_eq!(page.purposes(), []);
    assert!(!page.session.keep_awake().is_on());
    page.open();
    assert_eq!(page.purposes(), []);
}

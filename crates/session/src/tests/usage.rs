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

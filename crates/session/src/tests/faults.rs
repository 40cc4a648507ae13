//! Rare situations: several tabs, a computer that sleeps, limits, pauses, forms that are opened
//! later, another server.

use pilotlight_runs::budget::Period;
use pilotlight_runs::keep_awake::Goal;

use super::*;

fn refused(status: u16) -> Response {
    Ok(Reply {
        status,
        retry_after_s: None,
        from_relay: false,
        modified_ms: None,
        body: Vec::new(),
        key: None,
    })
}

/// Tab A is paused with a run; tab B, opened before the pause, has a run and cancels all.
#[test]
fn cancel_all_of_another_tab_keeps_the_pause_of_this_one() {
    let mut a = Page::new();
    a.tell(Event::PauseRequested);
    a.request(&["a"]);
    assert!(a.disk.0.contains_key("paused"));
    let mut b = Page::new();
    b.disk.0.insert("count".to_owned(), "1".to_owned());
    b.request(&["b"]);
    assert_eq!(b.runs(), "2 waking");
    b.disk.0.extend(a.disk.0.clone());
    b.tell(Event::CancelAllRequested);
    a.disk.0 = b.disk.0.clone();
    a.open();
    assert_eq!(a.runs(), "1 waiting");
}

/// Likewise, when a run is canceled in a tab that was opened during the pause.
#[test]
fn cancel_in_another_tab_keeps_the_pause_of_this_one() {
    let mut a = Page::new();
    a.tell(Event::PauseRequested);
    a.request(&["a"]);
    let mut b = Page::new();
    b.is_leader = false;
    b.held.insert(1);
    b.disk.0 = a.disk.0.clone();
    b.open();
    b.now += 1_000;
    b.tick();
    b.request(&["b"]);
    assert_eq!(b.runs(), "2 waiting");
    b.tell(Event::CancelRequested(RunNumber(2)));
    a.disk.0 = b.disk.0.clone();
    a.open();
    assert_eq!(a.runs(), "1 waiting");
}

/// Another tab sets a limit while this one is open.
#[test]
fn limit_set_in_another_tab_is_heeded() {
    let mut a = Page::new();
    a.request(&["a"]);
    a.now += 60_000;
    a.tick();
    // Another tab sets a limit of 0.1 minutes.
    a.disk.0.insert("limit.day.".to_owned(), "0.1".to_owned());
    a.effects.clear();
    a.request(&["b"]);
    assert!(a.effects.contains(&Effect::AskAboutLimit), "{}", a.runs());
}

/// A run that the server refused because of its setup was never accepted; retrying starts it.
#[test]
fn retry_of_a_run_that_was_refused_asks_about_the_limit() {
    let mut a = Page::new();
    a.tell(Event::LimitSet(Period::Day, "0.1".to_owned()));
    a.request(&["a"]);
    a.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    a.answer(Purpose::Submit, refused(404));
    assert_eq!(a.runs(), "1 ended");
    // Keep-awake uses up the limit.
    a.tell(Event::KeepAwakeRequested(Goal::Keep { ms: 600_000 }, String::new()));
    a.tell(Event::LimitAccepted);
    a.now += 60_000;
    a.tick();
    a.tell(Event::UsageRequested);
    a.effects.clear();
    a.tell(Event::RetryRequested(RunNumber(1)));
    let asked = a.effects.contains(&Effect::AskAboutLimit);
    assert!(asked, "{} {:?}", a.runs(), a.purposes());
}

/// Waiting runs count for a limit.
#[test]
fn two_presses_pass_a_limit_together() {
    let mut a = Page::new();
    let kind = a.session.wait_kinds("a-form").1;
    a.disk.0.insert("waits".to_owned(), format!(r#"{{"{kind}":[60000]}}"#));
    a.tell(Event::LimitSet(Period::Day, "5".to_owned()));
    a.open();
    a.request(&["a", "b", "c", "d"]);
    assert_eq!(a.session.jobs().len(), 4);
    a.effects.clear();
    a.request(&["e", "f", "g", "h"]);
    assert!(a.effects.contains(&Effect::AskAboutLimit), "{}", a.runs());
}

/// Several retries: only one run is sent until it is accepted.
#[test]
fn retries_keep_one_at_the_door() {
    let mut a = Page::new();
    a.request(&["a", "b", "c", "d"]);
    a.now += 1_000_000;
    a.answer(Purpose::Wake, refused(503));
    assert_eq!(a.runs(), "1 ended, 2 waking, 3 waiting, 4 waiting");
    for _ in 0..3 {
        a.now += 1_000_000;
        a.answer(Purpose::Wake, refused(503));
    }
    assert_eq!(a.runs(), "1 ended, 2 ended, 3 ended, 4 ended");
    for run in 1..=4 {
        a.tell(Event::RetryRequested(RunNumber(run)));
    }
    let at_door = a.purposes().len();
    while a.purposes().contains(&Purpose::Wake) {
        a.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    }
    while a.purposes().contains(&Purpose::Submit) {
        a.accept();
    }
    assert!(at_door <= 1, "{at_door} knocks, then {}", a.runs());
}

/// Likewise while the queue is paused.
#[test]
fn retry_while_paused_releases_nothing() {
    let mut a = Page::new();
    a.request(&["a"]);
    a.now += 1_000_000;
    a.answer(Purpose::Wake, refused(503));
    assert_eq!(a.runs(), "1 ended");
    a.tell(Event::PauseRequested);
    a.tell(Event::RetryRequested(RunNumber(1)));
    assert_eq!(a.purposes(), []);
}

/// A tab that changes its server releases the lock of the leader of the former one.
#[test]
fn leader_with_another_endpoint_gives_the_heirs_lock_back() {
    let mut a = Page::new();
    let other = Endpoint::new("https://other.example/openai", None, Transport::Relay);
    a.effects.clear();
    a.tell(Event::EndpointChanged(Some(other.clone())));
    let of_leader = |effect: &&Effect| {
        matches!(effect, Effect::ReleaseHeirLock | Effect::AcquireHeirLock { .. })
    };
    let of_leader: Vec<&Effect> = a.effects.iter().filter(of_leader).collect();
    let endpoint = other.key();
    let acquired = Effect::AcquireHeirLock { only_form: None, endpoint };
    assert_eq!(of_leader, [&Effect::ReleaseHeirLock, &acquired]);
}

/// The form of a run is not yet known in this tab, for example because another tab opened it.
#[test]
fn a_run_whose_form_comes_later_is_resumed() {
    let mut a = Page::new();
    a.settings.has_locks = false;
    a.request(&["a"]);
    a.open_before_its_form();
    a.now += 5_000;
    a.tick();
    assert_eq!(a.runs(), "1 waking");
}

/// Likewise with locks, in a tab that is not the leader.
#[test]
fn a_run_whose_form_comes_later_is_resumed_in_a_tab_that_is_not_the_leader() {
    let mut a = Page::new();
    a.request(&["a"]);
    a.is_leader = false;
    a.open_before_its_form();
    a.now += 5_000;
    a.tick();
    assert_eq!(a.runs(), "1 waking");
}

/// The only visible run is canceled while another one is about to arrive.
#[test]
fn cancel_while_others_arrive_keeps_the_pause() {
    let mut a = Page::new();
    a.tell(Event::PauseRequested);
    a.request(&["a", "b"]);
    a.held.insert(2);
    a.open();
    assert_eq!(a.runs(), "1 waiting");
    a.tell(Event::CancelRequested(RunNumber(1)));
    a.held.clear();
    a.tell(Event::LockAcquired(RunNumber(2)));
    assert_eq!(a.runs(), "1 ended, 2 waiting");
}

/// The server changes while the question about a limit is open.
#[test]
fn a_limit_accepted_after_the_server_changed_starts_nothing_there() {
    let mut a = Page::new();
    a.request(&["a"]);
    a.now += 60_000;
    a.tick();
    a.tell(Event::LimitSet(Period::Day, "0.1".to_owned()));
    a.request(&["b"]);
    assert!(a.session.passed_limit().is_some());
    let other = Endpoint::new("https://other.example/openai", None, Transport::Relay);
    a.tell(Event::EndpointChanged(Some(other)));
    a.tell(Event::LimitAccepted);
    assert_eq!(a.runs(), "");
}

/// A page was asleep for 40 minutes, during which a run of some seconds ended.
#[test]
fn time_that_nobody_saw_is_not_counted() {
    let mut a = Page::new();
    a.request(&["a"]);
    a.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    a.accept();
    a.answer(Purpose::Wait, ok(r#"{"pilotlight":{"state":"running","ahead":0}}"#));
    assert_eq!(a.runs(), "1 running");
    a.now += 2_000;
    a.tick();
    a.now += 40 * 60_000;
    a.open();
    a.tick();
    let used = a.used_ms();
    assert!(used < 60_000, "{used} ms");
}

/// A test that succeeded half an hour ago does not show that the GPU is awake now.
#[test]
fn a_test_of_half_an_hour_ago_is_no_sign_that_the_gpu_is_awake() {
    use pilotlight_runs::connection_test::{Echo, End, Place, Target};
    let mut a = Page::new();
    let endpoint = Endpoint::new("https://other.example", None, Transport::Relay);
    let place = Place { is_online: true, is_own: true, is_insecure: false };
    let target = Target { endpoint: endpoint.clone(), place, is_kubeai: false };
    a.tell(Event::ConnectionTestRequested(Box::new(target), String::new()));
    for body in [r#"{"system":{"comfyui_version":"0.33.0"},"devices":[]}"#, "{}", "{}"] {
        let id_of = |effect: &Effect| {
            if let Effect::Probe { id, .. } = effect { Some(*id) } else { None }
        };
        let probe = a.effects.iter().rev().find_map(id_of);
        if let Some(id) = probe {
            a.tell(Event::Probed { id, echo: Echo::Response(ok(body)) });
        }
    }
    assert!(matches!(a.session.connection_test().ended(), Some(End::Well(_))));
    let tested = a.now;
    a.now += 30 * 60_000;
    a.tell(Event::EndpointChanged(Some(endpoint)));
    let heard = a.session.server().heard_at.map(|at| at.0);
    a.request(&["a"]);
    assert!(
        heard <= Some(tested),
        "heard {:?} ms later; {:?}",
        heard.map(|at| at - tested),
        a.purposes()
    );
}

/// The computer sleeps for eight hours during a run.
#[test]
fn a_machine_that_slept_during_a_run_counts_no_night() {
    let mut a = Page::new();
    a.request(&["a"]);
    a.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    a.accept();
    a.answer(Purpose::Wait, ok(r#"{"pilotlight":{"state":"running","ahead":0}}"#));
    a.now += 2_000;
    a.tick();
    a.now += 8 * 60 * 60_000;
    a.tick();
    assert!(a.used_ms() < 60_000, "{} ms", a.used_ms());
}

/// Likewise while the GPU wakes.
#[test]
fn a_machine_that_slept_while_waking_counts_no_night() {
    let mut a = Page::new();
    a.request(&["a"]);
    a.now += 2_000;
    a.tick();
    a.now += 8 * 60 * 60_000;
    a.tick();
    assert!(a.used_ms() < 3_600_000, "{} ms", a.used_ms());
}

/// Likewise during a keep-awake of 15 minutes.
#[test]
fn a_machine_that_slept_while_it_was_kept_awake_counts_no_night() {
    let mut a = Page::new();
    a.tell(Event::KeepAwakeRequested(Goal::Keep { ms: 900_000 }, String::new()));
    a.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    a.now += 2_000;
    a.tick();
    a.now += 8 * 60 * 60_000;
    a.tick();
    assert!(a.used_ms() < 1_000_000, "{} ms", a.used_ms());
}

//! The queue: order, pause, canceling, running again.

use pilotlight_runs::queue::Move;

use super::*;

#[test]
fn while_the_queue_is_paused_nothing_is_released() {
    let mut page = Page::new();
    page.tell(Event::PauseRequested);
    page.request(&["a", "b"]);
    assert_eq!(page.runs(), "1 waiting, 2 waiting");
    page.open();
    assert_eq!(page.runs(), "1 waiting, 2 waiting");
    assert!(page.session.is_paused());
    page.tell(Event::ResumeRequested);
    assert_eq!(page.runs(), "1 waking, 2 waiting");
    page.open();
    assert!(!page.session.is_paused());
}

#[test]
fn runs_are_released_in_the_order_shown() {
    let mut page = Page::new();
    page.tell(Event::PauseRequested);
    page.request(&["a", "b", "c"]);
    page.tell(Event::MoveRequested(RunNumber(3), Move::First));
    assert_eq!(page.session.waiting(), [3, 1, 2].map(RunNumber));
    page.open();
    assert_eq!(page.session.waiting(), [3, 1, 2].map(RunNumber));
    page.tell(Event::ResumeRequested);
    assert_eq!(page.runs(), "1 waiting, 2 waiting, 3 waking");
}

#[test]
fn cancelling_all_releases_nothing_on_the_way() {
    let mut page = Page::new();
    page.request(&["a", "b", "c"]);
    page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    page.accept();
    assert_eq!(page.runs(), "1 queued, 2 submitting, 3 waiting");
    page.tell(Event::CancelAllRequested);
    assert_eq!(page.runs(), "1 cancelling, 2 cancelling, 3 ended");
    assert!(!page.session.is_paused());
    let posts = page.effects.iter().filter(
        |effect| matches!(effect, Effect::Send { call, .. } if call.purpose == Purpose::Submit),
    );
    assert_eq!(posts.count(), 2);
}

#[test]
fn a_pause_ends_with_the_last_run_that_it_holds_back() {
    let mut page = Page::new();
    page.tell(Event::PauseRequested);
    page.request(&["a"]);
    page.tell(Event::CancelRequested(RunNumber(1)));
    assert!(!page.session.is_paused());
}

#[test]
fn only_an_ended_run_is_dismissed() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.tell(Event::DismissRequested(RunNumber(1)));
    assert_eq!(page.runs(), "1 waking");
    page.tell(Event::CancelRequested(RunNumber(1)));
    page.tell(Event::DismissRequested(RunNumber(1)));
    assert_eq!((page.runs().as_str(), page.keys().as_str()), ("", ""));
}

#[test]
fn a_failed_run_is_replaced_by_one_with_the_same_values() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.tell(Event::CancelRequested(RunNumber(1)));
    page.tell(Event::RunAgainRequested(RunNumber(1)));
    assert_eq!(page.runs(), "2 waking");
    let [job] = page.session.jobs() else { panic!("one run") };
    assert_eq!(*job.request, request("a", 7));
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut page = Page::new();
    page.request(&["a"]);
    let (id, _) = page.sent[0].clone();
    page.tell(Event::CancelRequested(RunNumber(1)));
    assert_eq!(page.purposes(), [], "the request is aborted");
    page.effects.clear();
    page.tell(Event::Responded { id, response: ok(r#"{"system":{}}"#) });
    assert_eq!(page.effects, []);
    assert_eq!(page.runs(), "1 ended");
}

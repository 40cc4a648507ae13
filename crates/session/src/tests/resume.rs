//! Resuming stored runs.

use super::*;

#[test]
fn a_run_that_was_sent_is_looked_for_and_not_sent_again() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    assert_eq!(page.purposes(), [Purpose::Submit]);
    page.open();
    assert_eq!(page.runs(), "1 unconfirmed");
    assert_eq!(page.purposes(), [Purpose::History]);
}

#[test]
fn a_run_of_another_tab_is_resumed_when_that_tab_is_closed() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.held.insert(1);
    page.open();
    assert_eq!(page.runs(), "");
    page.held.clear();
    page.tell(Event::LockAcquired(RunNumber(1)));
    assert_eq!(page.runs(), "1 waking");
}

#[test]
fn a_tab_that_is_loaded_again_keeps_its_runs() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.held.insert(1);
    page.open();
    page.now += 1_000;
    page.tick();
    page.now += 60_000;
    // Its tab was closed or is reloading: this one releases the lock, and requests it again later.
    page.tell(Event::LockAcquired(RunNumber(1)));
    assert_eq!(page.runs(), "");
    assert!(page.effects.contains(&Effect::ReleaseLock(RunNumber(1))));
    page.held.clear();
    page.tick();
    assert_eq!(page.runs(), "1 waiting");
    page.tick();
    assert_eq!(page.runs(), "1 waking");
}

#[test]
fn of_several_tabs_the_heir_resumes_the_runs_of_one_that_is_closed() {
    let mut page = Page::new();
    page.request(&["a", "b"]);
    (page.is_leader, page.held) = (false, [1, 2].into());
    page.open();
    // Both belong to another tab; this one is not the leader, and stops waiting for them.
    page.effects.clear();
    page.now += 1_000;
    page.tick();
    let released = |run| Effect::ReleaseLock(RunNumber(run));
    assert!([1, 2].iter().all(|run| page.effects.contains(&released(*run))));
    page.effects.clear();
    page.tell(Event::RecordStoredElsewhere(RunNumber(2)));
    assert_eq!(page.effects, []);
    // The leader was closed, and so was the tab that had the runs.
    page.held.clear();
    page.now += 60_000;
    page.tell(Event::LeaderLockAcquired);
    assert_eq!(page.runs(), "", "the former leader may only be loaded again");
    page.tick();
    assert_eq!(page.runs(), "1 waiting, 2 waiting");
}

#[test]
fn a_run_that_another_tab_stored_before_this_one_became_the_heir_is_resumed() {
    let mut page = Page::new();
    page.request(&["a"]);
    let stored = std::mem::take(&mut page.disk.0);
    page.is_leader = false;
    page.open();
    // The other tab stores its run and is closed within the first second of this one.
    page.disk.0 = stored;
    page.now += 900;
    page.tell(Event::LeaderLockAcquired);
    assert_eq!(page.runs(), "");
    page.tick();
    assert_eq!(page.runs(), "1 waiting", "others of that tab may follow");
    page.tick();
    assert_eq!(page.runs(), "1 waking");
}

#[test]
fn a_machine_that_sleeps_while_runs_are_resumed_changes_no_order() {
    let mut page = Page::new();
    page.request(&["a", "b"]);
    page.held.insert(1);
    page.open();
    assert_eq!(page.runs(), "2 waiting");
    page.now += 60_000;
    page.tick();
    assert_eq!(page.runs(), "2 waiting", "the lock of the first may come behind the timer");
    page.tell(Event::LockAcquired(RunNumber(1)));
    assert_eq!(page.runs(), "1 waking, 2 waiting");
}

#[test]
fn what_another_version_stored_stays_although_it_cannot_be_resumed() {
    let mut page = Page::new();
    page.request(&["a", "b"]);
    let stored = page.keys();
    page.disk.0.insert("base.00000001".to_owned(), r#"{"number":1,"later":true}"#.to_owned());
    page.open();
    assert_eq!((page.runs(), page.keys()), (String::new(), stored));
}

#[test]
fn without_locks_no_run_of_another_tab_is_taken() {
    let mut page = Page::new();
    page.request(&["a"]);
    let settings = Settings { has_locks: false, ..Settings::default() };
    page.session = Session::new(settings);
    page.tell(Event::FormOpened(Rc::new(form())));
    page.tell(Event::EndpointChanged(Some(Endpoint::new("openai", Some("m"), Transport::Relay))));
    page.effects.clear();
    page.tell(Event::RecordStoredElsewhere(RunNumber(1)));
    assert_eq!(page.effects, []);
}

#[test]
fn a_page_that_leaves_a_server_lets_go_of_its_runs() {
    let mut page = Page::new();
    page.request(&["a"]);
    let other = Endpoint::new("https://other.example/openai", None, Transport::Relay);
    page.tell(Event::EndpointChanged(Some(other)));
    assert_eq!(page.runs(), "");
    assert!(page.effects.contains(&Effect::ReleaseLock(RunNumber(1))));
    let endpoint = Endpoint::new("openai", Some("m"), Transport::Relay);
    page.tell(Event::EndpointChanged(Some(endpoint)));
    assert_eq!(page.runs(), "1 waking");
}

#[test]
fn a_run_that_another_tab_starts_later_is_resumed_too() {
    let mut page = Page::new();
    let mut other = Page::new();
    other.request(&["a"]);
    page.disk.0 = other.disk.0.clone();
    page.held.insert(1);
    page.tell(Event::RecordStoredElsewhere(RunNumber(1)));
    page.tell(Event::RecordStoredElsewhere(RunNumber(1)));
    let asked = |effect: &&Effect| matches!(effect, Effect::AcquireLock(_));
    assert_eq!(page.effects.iter().filter(asked).count(), 0, "its own tab asks first");
    page.tick();
    assert_eq!(page.effects.iter().filter(asked).count(), 1);
    page.tell(Event::LockAcquired(RunNumber(1)));
    assert_eq!(page.runs(), "1 waiting");
}

#[test]
fn a_run_that_ended_meanwhile_is_not_resumed() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.held.insert(1);
    page.open();
    page.disk.0.remove("run.00000001");
    page.tell(Event::LockAcquired(RunNumber(1)));
    assert_eq!(page.runs(), "");
}

#[test]
fn a_frame_for_one_workflow_leaves_the_runs_of_others_to_the_frames_for_them() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.session = Session::new(Settings::default());
    let endpoint = Endpoint::new("openai", Some("m"), Transport::Relay);
    page.tell(Event::EndpointChanged(Some(endpoint)));
    page.tell(Event::FormOpened(Rc::new(form())));
    page.tell(Event::Opened { only_form: Some("another".to_owned()) });
    assert_eq!(page.runs(), "");
}

#[test]
fn runs_of_another_server_are_resumed_once_it_is_the_servers_turn() {
    let mut page = Page::new();
    page.request(&["a"]);
    let other = Endpoint::new("https://other.example/openai", None, Transport::Relay);
    page.session = Session::new(Settings::default());
    page.tell(Event::FormOpened(Rc::new(form())));
    page.tell(Event::EndpointChanged(Some(other)));
    page.tell(Event::Opened { only_form: None });
    assert_eq!(page.runs(), "");
    let endpoint = Endpoint::new("openai", Some("m"), Transport::Relay);
    page.tell(Event::EndpointChanged(Some(endpoint)));
    assert_eq!(page.runs(), "1 waking");
}

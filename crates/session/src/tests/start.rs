//! Starting runs.

use pilotlight_runs::queue::Move;

use super::*;

#[test]
fn a_run_is_stored_and_then_wakes_the_server() {
    let mut page = Page::new();
    page.request(&["a fox"]);
    assert_eq!(page.runs(), "1 waking");
    assert_eq!(page.keys(), "run.00000001");
    assert_eq!(page.purposes(), [Purpose::Wake]);
    let mut order = Vec::new();
    for effect in &page.effects {
        if let Effect::StoreRecords { .. } = effect {
            order.push("store");
        } else if let Effect::Send { .. } = effect {
            order.push("send");
        }
    }
    // The record when it is requested, the record when it wakes the server, the request.
    assert_eq!(order, ["store", "store", "send"]);
}

#[test]
fn runs_of_a_batch_share_what_they_have_in_common() {
    let mut page = Page::new();
    page.request(&["a fox", "a fox", "a hen"]);
    assert_eq!(page.runs(), "1 waking, 2 waiting, 3 waiting");
    assert_eq!(page.keys(), "base.00000001 run.00000001 run.00000002 run.00000003");
    let third = &page.disk.0["run.00000003"];
    assert!(!third.contains("SaveImage"), "the workflow is stored once: {third}");
    page.open();
    let words =
        |job: &crate::RunEntry| job.request.ready.workflow.to_value()["1"]["inputs"].clone();
    let sent: Vec<_> = page.session.jobs().iter().map(words).collect();
    let expected = [("a fox", 7), ("a fox", 8), ("a hen", 9)];
    for (inputs, (text, seed)) in sent.iter().zip(expected) {
        assert_eq!((inputs["text"].as_str(), inputs["seed"].as_u64()), (Some(text), Some(seed)));
    }
}

/// Checks notices and runs if the values of the keys in `refused` cannot be stored.
#[track_caller]
fn check(words: &[&str], refused: &[&str], notices: &[Notice], runs: &str) {
    let mut page = Page::new();
    page.refused = refused.iter().map(|key| (*key).to_owned()).collect();
    page.request(words);
    assert_eq!(page.notices(), notices);
    assert_eq!(page.runs(), runs);
}

#[test]
fn where_there_is_no_room_one_run_goes_on_from_memory_and_of_several_none_starts() {
    let not_stored = Notice::RunNotStored(RunNumber(1));
    check(&["a"], &["run."], &[not_stored], "1 waking");
    check(&["a", "b"], &["run.00000002"], &[Notice::NoRoomForRuns], "");
    check(&["a", "b"], &["base."], &[Notice::NoRoomForRuns], "");
    check(&["a", "b"], &[], &[], "1 waking, 2 waiting");
}

#[test]
fn a_batch_without_room_leaves_nothing() {
    let mut page = Page::new();
    page.refused = vec!["run.00000003".to_owned()];
    page.request(&["a", "b", "c"]);
    assert_eq!((page.keys().as_str(), page.runs().as_str()), ("", ""));
    assert_eq!(page.purposes(), []);
    // The numbers are not used again.
    page.refused.clear();
    page.request(&["d"]);
    assert_eq!(page.runs(), "4 waking");
}

#[test]
fn where_nothing_is_stored_a_batch_goes_on_from_memory() {
    let mut page = Page::new();
    page.is_unavailable = true;
    page.request(&["a", "b"]);
    let not_stored = [1, 2].map(|number| Notice::RunNotStored(RunNumber(number)));
    assert_eq!(page.notices(), not_stored);
    assert_eq!(page.runs(), "1 waking, 2 waiting");
}

#[test]
fn a_batch_that_was_not_stored_names_no_base_once_there_is_room() {
    let mut page = Page::new();
    page.is_unavailable = true;
    page.request(&["a", "b", "c"]);
    page.is_unavailable = false;
    page.tell(Event::MoveRequested(RunNumber(3), Move::First));
    assert!(page.keys().contains("run.00000003"), "{}", page.keys());
    page.open();
    let third = page.session.jobs().last().unwrap();
    let words = &third.request.ready.workflow.to_value()["1"]["inputs"]["text"];
    assert_eq!((third.number, words.as_str()), (RunNumber(3), Some("c")));
}

#[test]
fn a_run_whose_record_was_refused_does_without_the_base_that_another_tab_deleted() {
    let mut page = Page::new();
    page.request(&["a", "b"]);
    page.disk.0.remove("base.00000001");
    page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    page.accept();
    page.open();
    assert_eq!(page.runs(), "1 queued, 2 unconfirmed");
}

#[test]
fn a_number_that_is_stored_is_not_given_again() {
    let mut page = Page::new();
    page.request(&["a"]);
    page.disk.0.remove("count");
    page.open();
    page.request(&["b"]);
    assert_eq!(page.runs(), "1 waking, 2 waiting");
}

#[test]
fn bases_that_no_record_names_are_deleted() {
    let mut page = Page::new();
    page.request(&["a", "b"]);
    page.tell(Event::CancelAllRequested);
    assert_eq!(page.keys(), "base.00000001");
    page.open();
    assert_eq!(page.keys(), "");
}

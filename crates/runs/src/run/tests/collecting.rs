//! How a run ends, and its results.

use super::*;

#[test]
fn the_server_says_how_a_run_ended() {
    let mut s = Trial::running();
    s.slept().seen(ended(How::Badly(oom()), Vec::new())).phase("failed");
    assert_eq!(*s.failed(), Failure::Broken(oom()));
    let mut s = Trial::running();
    s.slept().seen(ended(How::Interrupted, Vec::new())).phase("failed");
    assert_eq!(*s.failed(), Failure::Interrupted);
}

#[test]
fn a_file_that_is_gone_does_not_take_the_others_along() {
    let mut s = Trial::running();
    s.slept().seen(ended(How::Well, vec![picture("a.png"), picture("b.png"), picture("c.png")]));
    let missed = Fetched::Missed(fault(ApiError::Unavailable(502)));
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here, missed, Fetched::Gone]));
    s.phase("collecting").step("sleep").slept();
    let Some(Step::Collect { files, .. }) = &s.step else { panic!("{:?}", s.step) };
    assert_eq!(files.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1]);
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here]));
    let Phase::Ended(Outcome::Done { gone, .. }) = s.run.phase() else { panic!() };
    assert_eq!(gone, &[2]);
}

#[test]
fn of_several_files_the_one_that_asks_for_the_longest_wait_is_heeded() {
    let mut s = Trial::running();
    s.slept().seen(ended(How::Well, vec![picture("a.png"), picture("b.png")]));
    let busy = Fault { retry_after_s: Some(9), ..fault(ApiError::Busy) };
    let missed = vec![Fetched::Missed(busy), Fetched::Missed(fault(ApiError::Unavailable(502)))];
    s.reply(|turn| Event::Collected(turn, missed));
    assert_eq!(s.step, Some(Step::Sleep { ms: 9_000 }));
}

#[test]
fn what_ended_before_a_failure_is_kept() {
    let text = Output { node: "6".into(), content: Content::Text("an answer".into()) };
    let mut s = Trial::running();
    s.slept().seen(ended(How::Badly(oom()), vec![text.clone()])).phase("failed");
    assert_eq!(s.run.brought().map(Ended::texts), Some(vec!["an answer"]));
    let mut s = Trial::running();
    s.slept().seen(ended(How::Badly(oom()), vec![text, picture("a.png")])).step("collect");
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here])).phase("failed");
    assert_eq!(s.run.brought().map(|ended| ended.files().len()), Some(1));
}

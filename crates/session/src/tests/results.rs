//! Files and results of a run that has ended.

use super::*;
use crate::{ReceivedFile, ResultsChange, WriteOutcome};

/// Returns a page with a run that has ended, whose image is being fetched.
fn ended() -> Page {
    let mut page = Page::new();
    page.request(&["a"]);
    page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    page.accept();
    let id = page.session.jobs()[0].run.id().clone();
    let history = format!(
        r#"{{"{id}":{{"outputs":{{"2":{{"images":[{{"filename":"a.png","subfolder":"","type":"output"}}]}}}},
            "status":{{"status_str":"success","completed":true,"messages":[]}}}}}}"#
    );
    page.answer(Purpose::Wait, ok(&history));
    assert_eq!(page.runs(), "1 collecting");
    page
}

fn receive(page: &mut Page, media_type: &str) {
    let (id, call) = page.sent.remove(0);
    assert!(call.is_file);
    let file = ReceivedFile { size_bytes: 3, media_type: media_type.to_owned() };
    page.tell(Event::FileResponded { id, response: ok("PNG"), file: Some(file) });
}

fn write(page: &mut Page) -> crate::WriteId {
    let mut written = None;
    for effect in &page.effects {
        if let Effect::StoreFile { id, .. } | Effect::StoreResults { id, .. } = effect {
            written = Some(*id);
        }
    }
    written.expect("a write")
}

#[test]
fn the_record_goes_when_the_results_are_written() {
    let mut page = ended();
    receive(&mut page, "image/png");
    assert_eq!(page.runs(), "1 collecting");
    let id = write(&mut page);
    page.tell(Event::FileStored { id, outcome: WriteOutcome::Stored });
    assert_eq!((page.runs().as_str(), page.keys().as_str()), ("1 ended", "run.00000001"));
    let id = write(&mut page);
    page.tell(Event::ResultsStored { id, outcome: WriteOutcome::Stored });
    assert_eq!(page.keys(), "");
    assert!(page.effects.contains(&Effect::ReleaseLock(RunNumber(1))));
    assert_eq!(page.notices(), []);
}

#[test]
fn what_is_not_written_is_told_of() {
    let mut page = ended();
    receive(&mut page, "image/png");
    let id = write(&mut page);
    page.tell(Event::FileStored { id, outcome: WriteOutcome::Full });
    assert_eq!(page.notices(), [Notice::ResultsNotStored]);
    assert_eq!(page.runs(), "1 ended");
}

#[test]
fn an_error_page_is_no_picture() {
    let mut page = ended();
    receive(&mut page, "text/html; charset=utf-8");
    assert_eq!(page.runs(), "1 collecting");
    let stored = page.effects.iter().any(|effect| matches!(effect, Effect::StoreFile { .. }));
    assert!(!stored);
}

#[test]
fn a_run_that_ended_is_collected_again_after_a_reload() {
    let mut page = ended();
    page.open();
    assert_eq!(page.runs(), "1 collecting");
    assert_eq!(page.purposes(), [Purpose::File { place: 0 }]);
}

#[test]
fn other_tabs_are_told_of_results_that_they_can_find() {
    for (outcome, is_told) in
        [(WriteOutcome::Stored, true), (WriteOutcome::Full, false), (WriteOutcome::Refused, false)]
    {
        let mut page = ended();
        receive(&mut page, "image/png");
        let id = write(&mut page);
        page.tell(Event::FileStored { id, outcome: WriteOutcome::Stored });
        let id = write(&mut page);
        let prompt_id = page.session.jobs()[0].run.id().clone();
        let kept = Effect::ResultsChanged(ResultsChange::Kept(prompt_id));
        assert!(!page.effects.contains(&kept));
        page.tell(Event::ResultsStored { id, outcome });
        assert_eq!(page.effects.contains(&kept), is_told, "{outcome:?}");
        let notices: &[Notice] = if is_told { &[] } else { &[Notice::ResultsNotStored] };
        assert_eq!(page.notices(), notices, "{outcome:?}");
    }
}

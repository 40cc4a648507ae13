//! What is known of the server when the page is opened again.

use super::*;
use crate::WriteOutcome;

const MINUTE_MS: u64 = 60_000;

fn missing() -> Response {
    ok("404: Not Found").map(|reply| Reply { status: 404, ..reply })
}

/// Starts a run and returns how the page asks for its state once the server has taken it.
fn asked(page: &mut Page) -> Vec<Purpose> {
    page.request(&["a"]);
    if page.purposes() == [Purpose::Wake] {
        page.answer(Purpose::Wake, ok(r#"{"system":{}}"#));
    }
    let number = page.session.jobs().last().expect("a run").number;
    assert_eq!(page.purposes(), [Purpose::Submit], "{number}");
    page.accept();
    // Without the extension there is a pause first.
    if page.purposes().is_empty() {
        page.now += 1_000;
        page.tick();
    }
    page.purposes()
}

/// Ends the run whose history is read, so that it is not resumed.
fn end(page: &mut Page) {
    let id = page.session.jobs().last().expect("a run").run.id().clone();
    let history = format!(
        r#"{{"{id}":{{"outputs":{{}},"status":{{"status_str":"success","completed":true,"messages":[]}}}}}}"#
    );
    page.effects.clear();
    page.answer(Purpose::History, ok(&history));
    for effect in std::mem::take(&mut page.effects) {
        if let Effect::StoreResults { id, .. } = effect {
            page.tell(Event::ResultsStored { id, outcome: WriteOutcome::Stored });
        }
    }
    assert_eq!((page.purposes(), page.keys()), (Vec::new(), String::new()));
}

/// Returns a page that has just learnt that its server lacks the extension.
fn without_extension() -> Page {
    let mut page = Page::new();
    assert_eq!(asked(&mut page), [Purpose::Wait]);
    page.answer(Purpose::Wait, missing());
    assert_eq!(page.purposes(), [Purpose::History]);
    end(&mut page);
    page
}

#[test]
fn a_page_that_is_opened_again_looks_for_the_extension_once_in_ten_minutes() {
    let table = [
        (0, Purpose::History),
        (1, Purpose::History),
        (5, Purpose::History),
        (9, Purpose::History),
        (11, Purpose::Wait),
    ];
    for (minutes, expected) in table {
        for is_opened_again in [true, false] {
            let mut page = without_extension();
            page.now += minutes * MINUTE_MS;
            if is_opened_again {
                page.open();
            }
            assert_eq!(asked(&mut page), [expected], "{minutes}, {is_opened_again}");
        }
    }
}

/// Every reopening and every run after the first ask is within the ten minutes.
#[test]
fn opening_again_and_again_does_not_ask_earlier() {
    let mut page = without_extension();
    for _ in 0..3 {
        page.now += 3 * MINUTE_MS;
        page.open();
        assert_eq!(asked(&mut page), [Purpose::History]);
        end(&mut page);
    }
    page.now += 3 * MINUTE_MS;
    page.open();
    assert_eq!(asked(&mut page), [Purpose::Wait], "twelve minutes have passed");
}

#[test]
fn what_one_server_lacks_another_is_asked_for() {
    let mut page = without_extension();
    let other = Endpoint::new("https://other.example/openai", None, Transport::Relay);
    page.tell(Event::EndpointChanged(Some(other)));
    assert_eq!(asked(&mut page), [Purpose::Wait]);
}

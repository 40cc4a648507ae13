//! Messages between tabs.

use pilotlight_runs::results::Key;

use super::*;
use crate::ResultsChange;

const ID: &str = "8b8b73f8-481e-4540-a042-526f154bd9ca";

fn keys() -> Vec<Key> {
    vec![Key::named("one"), Key::named("two")]
}

/// Returns the effects of an event that concern tabs and results.
fn answers(page: &mut Page, event: Event) -> Vec<Effect> {
    page.effects.clear();
    page.tell(event);
    page.effects.clone()
}

#[test]
fn what_one_tab_tells_another_shows() {
    // The format of earlier versions, which must stay readable.
    let messages = [
        (ResultsChange::Kept(PromptId::named(ID).unwrap()), format!(r#"{{"kept":"{ID}"}}"#)),
        (ResultsChange::Gone(keys()), r#"{"gone":["one","two"]}"#.to_owned()),
        (ResultsChange::Touched(keys()), r#"{"touched":["one","two"]}"#.to_owned()),
    ];
    let mut page = Page::new();
    for (change, message) in messages {
        let told = answers(&mut page, Event::ResultsChanged(change.clone()));
        let changed = Effect::ResultsChanged(change.clone());
        assert_eq!(told, [Effect::SendToTabs(message.clone()), changed.clone()]);
        let shown = answers(&mut page, Event::TabMessage(message));
        assert_eq!(shown, [Effect::ShowResultsChange(change), changed]);
    }
}

#[test]
fn a_message_that_is_not_understood_changes_nothing() {
    let mut page = Page::new();
    for message in ["", "{}", "[]", r#"{"kept":""}"#, r#"{"kept":7}"#, r#"{"later":["one"]}"#] {
        assert_eq!(answers(&mut page, Event::TabMessage(message.to_owned())), [], "{message}");
    }
}

#[test]
fn results_that_leave_for_room_are_shown_as_gone_here_too() {
    let mut page = Page::new();
    let effects = answers(&mut page, Event::ResultsRemoved(Some(keys())));
    let gone = ResultsChange::Gone(keys());
    assert!(effects.contains(&Effect::ShowResultsChange(gone.clone())));
    assert!(effects.contains(&Effect::ResultsChanged(gone)));
}

//! Deleting results when storage is full.

use pilotlight_comfy::json::Version;
use pilotlight_comfy::run_status::Media;
use pilotlight_runs::results::{Key, ResultContent, ResultRow};

use super::*;
use crate::RoomId;

/// Returns stored results of these sizes, oldest first; negative ones are pinned.
fn rows(sizes: &[i64]) -> Vec<ResultRow> {
    let run = PromptId::from_random([7; 16]);
    let row = |(place, size): (usize, &i64)| ResultRow {
        v: Version,
        key: Key::new(At(1_000), &run, place),
        run: run.clone(),
        number: 1,
        at: At(1_000),
        form: "f".to_owned(),
        prompt: String::new(),
        seed: None,
        ran_ms: None,
        group: None,
        pictures: Vec::new(),
        content: ResultContent::File {
            at: place,
            name: "a.png".to_owned(),
            media: Media::Image,
            size_bytes: size.unsigned_abs(),
            is_preview: false,
        },
        is_starred: false,
        is_pinned: *size < 0,
    };
    sizes.iter().enumerate().map(row).collect()
}

/// Checks the indexes of the deleted results; `given up` if they do not suffice.
#[track_caller]
fn check(sizes: &[i64], wanted: u64, expected: &str) {
    let mut page = Page::new();
    page.effects.clear();
    page.tell(Event::StorageFull { id: RoomId(1), bytes: wanted, attempt: 0 });
    assert_eq!(page.effects, [Effect::LoadResults]);
    page.effects.clear();
    page.tell(Event::ResultsLoaded(rows(sizes)));
    let of = |effect: &Effect| {
        if let Effect::RemoveResults(rows) = effect {
            return rows.iter().filter_map(ResultRow::file_at).map(|at| at.to_string()).collect();
        }
        let is_given_up = matches!(effect, Effect::AbandonWrite(_));
        vec![if is_given_up { "given up".to_owned() } else { format!("{effect:?}") }]
    };
    let said: Vec<String> = page.effects.iter().flat_map(of).collect();
    assert_eq!(said.join(" "), expected, "{sizes:?} {wanted}");
}

#[test]
fn the_oldest_leave_that_nobody_pinned() {
    check(&[5, 5, 5, 5], 7, "0 1");
    check(&[-5, 5, 5, 5], 7, "1 2");
    // At least a tenth of all at once.
    check(&[10; 20], 1, "0 1");
    check(&[5, 5], 11, "given up");
    check(&[-50, 5], 11, "given up");
    check(&[], 1, "given up");
}

#[test]
fn a_write_is_tried_three_times_and_then_given_up() {
    let mut page = Page::new();
    for attempt in 0..3 {
        page.tell(Event::StorageFull { id: RoomId(1), bytes: 7, attempt });
        page.tell(Event::ResultsLoaded(rows(&[5, 5, 5])));
        page.effects.clear();
        page.tell(Event::ResultsRemoved(Some(vec![Key::named("a"), Key::named("b")])));
        assert!(page.effects.contains(&Effect::Show(Notice::MadeRoom { count: 2 })));
        page.effects.clear();
        page.tick();
        assert_eq!(page.effects, [Effect::RetryWrite(RoomId(1))]);
    }
    page.effects.clear();
    page.tell(Event::StorageFull { id: RoomId(1), bytes: 7, attempt: 3 });
    assert_eq!(page.effects, [Effect::AbandonWrite(RoomId(1))]);
}

#[test]
fn one_write_after_the_other_gets_room() {
    let mut page = Page::new();
    for id in 1..=2 {
        page.tell(Event::StorageFull { id: RoomId(id), bytes: 5, attempt: 0 });
    }
    let loads = page.effects.iter().filter(|effect| **effect == Effect::LoadResults).count();
    assert_eq!(loads, 1);
    page.tell(Event::ResultsLoaded(rows(&[5, 5])));
    page.effects.clear();
    // The database does not delete them: the first write is given up, and the second one is next.
    page.tell(Event::ResultsRemoved(None));
    assert_eq!(page.effects, [Effect::AbandonWrite(RoomId(1)), Effect::LoadResults]);
}

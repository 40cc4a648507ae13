//! Event streams that the extension sent from a real ComfyUI (`fixtures/events`).

use pilotlight_comfy::events::{EventStream, NodeState, RunEvent};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::run_status::{How, StatusReport};

/// Reads a recorded stream in pieces of this many bytes.
fn read(path: &str, piece: usize) -> Vec<RunEvent> {
    let text = pilotlight_fixtures::text(path);
    let id = text.split("\"prompt_id\": \"").nth(1).and_then(|rest| rest.split('"').next());
    let id = id.and_then(PromptId::named).expect("the id of the run");
    let mut stream = EventStream::new(id);
    let pieces = text.as_bytes().chunks(piece);
    pieces.flat_map(|piece| stream.read(piece).expect("an undamaged stream")).collect()
}

fn end(events: &[RunEvent]) -> &StatusReport {
    let Some(RunEvent::Status(report)) = events.last() else { panic!("{events:?}") };
    report
}

#[track_caller]
fn check(name: &str, expected: impl Fn(&[RunEvent]) -> bool) {
    for version in pilotlight_fixtures::VERSIONS {
        let path = format!("events/{version}/{name}.sse");
        let events = read(&path, 1 << 20);
        assert!(expected(&events), "{path}: {events:?}");
        for piece in [1, 7, 1_000] {
            assert_eq!(read(&path, piece), events, "{path} in pieces of {piece}");
        }
    }
}

fn ended(events: &[RunEvent], is_so: impl Fn(&How) -> bool) -> bool {
    matches!(end(events), StatusReport::Ended(ended) if is_so(&ended.how))
}

#[test]
fn a_run_with_previews_is_followed_to_its_end() {
    check("previews", |events| {
        let count = |is_it: fn(&RunEvent) -> bool| events.iter().filter(|it| is_it(it)).count();
        let previews = count(|it| matches!(it, RunEvent::Preview(it) if !it.bytes.is_empty()));
        let outputs =
            count(|it| matches!(it, RunEvent::Outputs { outputs, .. } if outputs.len() == 1));
        let steps = events.iter().any(|event| match event {
            RunEvent::Progress(progress) => progress
                .nodes
                .values()
                .any(|node| node.state == NodeState::Running && node.max > 1.0 && node.value > 0.0),
            RunEvent::Status(_) | RunEvent::Preview(_) | RunEvent::Outputs { .. } => false,
        });
        previews > 1 && outputs > 0 && steps && ended(events, |how| *how == How::Well)
    });
}

#[test]
fn a_run_that_computed_nothing_ends_at_once() {
    check(
        "cached",
        |events| matches!(end(events), StatusReport::Ended(ended) if ended.cached && ended.how == How::Well),
    );
}

#[test]
fn a_run_that_failed_or_was_stopped_says_so() {
    check("error", |events| ended(events, |how| matches!(how, How::Badly(_))));
    check("interrupted", |events| ended(events, |how| *how == How::Interrupted));
}

#[test]
fn a_run_that_is_nowhere_is_said_to_be() {
    check("gone", |events| *end(events) == StatusReport::NotInQueue);
}

//! The event stream of a run: however it is cut, the same events are read, and they are bounded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::events::{EventStream, RunEvent};
use pilotlight_comfy::id::PromptId;
use pilotlight_fuzz::{bounded, parts};

fuzz_target!(|input: &[u8]| {
    let [stream, cuts] = parts(input);
    let id = id_in(stream);
    let whole = EventStream::new(id.clone()).read(stream);
    let mut pieces = EventStream::new(id);
    let (mut events, mut rest) = (Vec::new(), stream);
    for cut in cuts.iter().map(|cut| usize::from(*cut)).chain([usize::MAX]) {
        let (piece, after) = rest.split_at(cut.min(rest.len()));
        rest = after;
        match pieces.read(piece) {
            Ok(more) => events.extend(more),
            Err(_) => return assert!(whole.is_err(), "{events:?}"),
        }
    }
    bounded(format!("{events:?}").len(), stream.len(), 40);
    for event in &events {
        if let RunEvent::Progress(progress) = event {
            let is_within = |max: f64, value: f64| max > 0.0 && (0.0..=max).contains(&value);
            assert!(progress.nodes.values().all(|node| is_within(node.max, node.value)));
        }
    }
    assert_eq!(whole, Ok(events));
});

/// The first run that the stream names.
fn id_in(stream: &[u8]) -> PromptId {
    let text = String::from_utf8_lossy(stream);
    let named = text.split("\"prompt_id\"").nth(1).and_then(|rest| rest.split('"').nth(1));
    named.and_then(PromptId::named).unwrap_or_else(|| PromptId::from_random([0; 16]))
}

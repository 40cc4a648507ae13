//! An archive that somebody brings in: reading it ends, takes no more than it has, and what it
//! brings is written and reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::json;
use pilotlight_forms::archive::{CRC, Directory, Entry, HEAD_BYTES, TAIL_BYTES};
use pilotlight_runs::results::{Sidecar, differences};

/// The most that one file may unpack to here.
const LIMIT: usize = 1 << 20;

fuzz_target!(|input: &[u8]| {
    let tail = &input[input.len().saturating_sub(TAIL_BYTES)..];
    let Ok(list) = Directory::find(tail, input.len() as u64) else { return carried(input) };
    let part = |from: u64, length: u64| {
        let from = usize::try_from(from).ok()?;
        input.get(from..from.checked_add(usize::try_from(length).ok()?)?)
    };
    let bytes = part(list.from, list.size_bytes).expect("a list within the archive");
    let Ok(entries) = list.entries(bytes) else { return };
    let packed: u64 = entries.iter().map(|entry| entry.packed_bytes).sum();
    assert!(packed <= input.len() as u64, "{packed} bytes of {}", input.len());
    for entry in &entries {
        let read = |entry: &Entry| {
            let head = part(entry.head_at, HEAD_BYTES as u64)?;
            let packed = part(entry.begins_at(head).ok()?, entry.packed_bytes)?;
            entry.unpacked(packed.to_vec(), LIMIT).ok()
        };
        if let Some(bytes) = read(entry) {
            assert_eq!((bytes.len() as u64, CRC.checksum(&bytes)), (entry.size_bytes, entry.crc));
            carried(&bytes);
        }
    }
});

fn carried(bytes: &[u8]) {
    let Some(first) = Sidecar::read(bytes) else { return };
    let text = json::to_text(&first);
    assert_eq!(Sidecar::read(text.as_bytes()).as_ref(), Some(&first), "{text}");
    assert_eq!(differences(&first.record, &first.record), []);
}

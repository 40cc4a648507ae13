//! What a browser kept, perhaps of another version: what is read is written and reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::json;
use pilotlight_forms::form::{Draft, Drafts, FieldKey, PictureRef, Preset};
use pilotlight_fuzz::{bounded, change, parts, value};
use pilotlight_runs::estimate::Waits;
use pilotlight_runs::record::Stored;
use pilotlight_runs::results::{Record, ResultRow};
use pilotlight_runs::setup::Setup;
use pilotlight_runs::usage::Ledger;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let [stored, script] = parts(input);
    if let Ok(text) = str::from_utf8(stored)
        && let Some(key) = FieldKey::parse(text)
    {
        assert_eq!(FieldKey::parse(&key.to_string()), Some(key));
    }
    let Some(mut value) = value(stored) else { return };
    change(&mut value, script);
    let length = json::text(&value).len();
    let written = [
        again::<Stored>(&value),
        again::<Drafts>(&value),
        again::<Draft>(&value),
        again::<PictureRef>(&value),
        again::<Preset>(&value),
        again::<Waits>(&value),
        again::<Ledger>(&value),
        again::<Setup>(&value),
        again::<ResultRow>(&value),
        again::<Record>(&value),
    ];
    for written in written {
        bounded(written, length, 4);
    }
    let presets = Preset::list(&json::text(&value));
    assert_eq!(Preset::list(&json::to_text(&presets)), presets);
    if let Ok(mut waits) = Waits::deserialize(&value) {
        waits.add("a", u64::MAX);
        let _ = waits.usual("a");
    }
});

/// The length of what was written, 0 for what was not read.
#[track_caller]
fn again<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &Value) -> usize {
    let Ok(first) = T::deserialize(value) else { return 0 };
    let written = json::to_text(&first);
    assert_eq!(json::from_text(&written).as_ref(), Some(&first), "{written}");
    written.len()
}

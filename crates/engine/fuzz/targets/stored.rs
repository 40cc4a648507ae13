//! What a browser kept, perhaps of another version: what is read is written and reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_engine::estimate::Waits;
use pilotlight_engine::form::{Draft, Drafts, FieldKey, PictureRef, Preset};
use pilotlight_engine::json;
use pilotlight_engine::meter::Ledger;
use pilotlight_engine::record::Stored;
use pilotlight_engine_fuzz::{bounded, change, parts, value};
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
        again(&value, Stored::from_value, Stored::to_value),
        again(&value, Drafts::from_value, Drafts::to_value),
        again(&value, Draft::from_value, Draft::to_value),
        again(&value, PictureRef::from_value, PictureRef::to_value),
        again(&value, Preset::from_value, Preset::to_value),
        again(&value, |value| Some(Waits::from_value(value)), Waits::to_value),
        again(&value, Ledger::from_value, Ledger::to_value),
        again(
            &value,
            |value| Some(Preset::list_from_value(value)),
            |presets| Preset::list_to_value(presets),
        ),
    ];
    for written in written {
        bounded(written, length, 4);
    }
    let mut waits = Waits::from_value(&value);
    waits.add("a", u64::MAX);
    let _ = waits.usual("a");
});

/// The length of what was written, 0 for what was not read.
#[track_caller]
fn again<T: PartialEq + std::fmt::Debug>(
    value: &Value,
    read: impl Fn(&Value) -> Option<T>,
    write: impl Fn(&T) -> Value,
) -> usize {
    let Some(first) = read(value) else { return 0 };
    let written = write(&first);
    assert_eq!(read(&written).as_ref(), Some(&first), "{written}");
    json::text(&written).len()
}

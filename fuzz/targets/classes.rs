//! What a server says of its classes: what is read is written, reads as the same, and is no longer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::graph::Classes;
use pilotlight_comfy::json;
use pilotlight_comfy::schema::Class;
use pilotlight_fuzz::{bounded, change, parts, value};

fuzz_target!(|input: &[u8]| {
    let [info, script] = parts(input);
    let _ = str::from_utf8(info).map(Classes::parse);
    let Some(mut info) = value(info) else { return };
    change(&mut info, script);
    let text = json::text(&info);
    assert_eq!(Classes::parse(&text).is_some(), info.is_object());
    let mut written = 0;
    for class in Class::read_all(&info) {
        let entry = class.to_value();
        written += json::text(&entry).len();
        assert_eq!(Class::read(&class.name, &entry).as_ref(), Some(&class), "{entry}");
        assert!(info[&class.name].get("input").is_some());
    }
    bounded(written, text.len(), 8);
});

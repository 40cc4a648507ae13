//! JSON and numbers as texts: what is read is written and reads as the same, digit by digit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::json;
use pilotlight_comfy::number::{integer, json_integer, shown, typed_integer, typed_number};
use pilotlight_comfy::time::http_date_ms;
use pilotlight_comfy::workflow::Workflow;
use pilotlight_fuzz::bounded;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _ = http_date_ms(text);
    typed(text);
    let Ok(read) = json::read(text) else {
        assert_eq!(json::parse(text), None);
        return;
    };
    let written = json::text(&read);
    bounded(written.len(), text.len(), 6);
    assert_eq!(json::parse(&written).as_ref(), Some(&read), "{written}");
    exact(text.trim(), &read);
    if let Ok(flow) = Workflow::from_value(read.clone()) {
        assert_eq!(flow.to_value(), read);
        assert_eq!(Workflow::parse(&written), Ok(flow));
    }
});

fn typed(text: &str) {
    if let Ok(number) = typed_integer(text)
        && let Some(number) = json_integer(number)
    {
        let text = shown(&number);
        assert_eq!(typed_integer(&text), Ok(integer(&number.clone().into()).unwrap_or_default()));
        assert_eq!(typed_number(&text).map(|number| shown(&number)), Ok(text));
    }
    if let Ok(number) = typed_number(text) {
        let again = typed_number(&shown(&number));
        assert_eq!(again.map(|again| again.as_f64()), Ok(number.as_f64()), "{number}");
    }
}

/// A whole number that 64 bits hold keeps its digits.
fn exact(text: &str, read: &Value) {
    let held = text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok_and(|number| number < 0);
    if held && read.is_number() {
        assert_eq!(json::text(read), text);
        assert_eq!(integer(read), text.parse().ok());
    }
}

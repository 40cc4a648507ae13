//! What stands behind the `#` of an address: whatever it is, reading ends, and what was read is
//! sent on without a picture or a secret and reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::json;
use pilotlight_forms::form::{Draft, Drafts};
use pilotlight_forms::share::{self, Shared, Which};
use pilotlight_fuzz::{change, parts, value};

fuzz_target!(|input: &[u8]| {
    let [said, script] = parts(input);
    let _ = str::from_utf8(said).map(share::read);
    if let Some(mut value) = value(said) {
        sent_on(&json::text(&value));
        change(&mut value, script);
        sent_on(&json::text(&value));
    }
});

fn sent_on(text: &str) {
    let Some(link) = share::fragment(&share::stored(text)) else { return };
    assert!(share::is_link(&link));
    let Ok(Shared { form, drafts }) = share::read(&link) else { return };
    assert!(!drafts.iter().any(|(_, draft)| matches!(draft, Draft::Picture(_))));
    let Which::Whole(package) = form else { return };
    let (form, classes) = package.parts();
    let sent = share::outgoing(&form, &classes, &drafts, false);
    let Some(link) = share::fragment(&share::stored(&sent.text)) else { return };
    let again = share::read(&link).expect("what was made here is read here");
    let known: Drafts = drafts
        .iter()
        .filter(|(key, _)| form.field(key).is_some())
        .map(|(key, draft)| (key.clone(), draft.clone()))
        .collect();
    // A secret that was left out is the one thing that may be missing.
    if !sent.lacks_secret {
        assert_eq!(again.drafts, known);
        let Which::Whole(package) = again.form else { panic!("it was sent as a whole") };
        assert_eq!(package.form(), form);
    }
}

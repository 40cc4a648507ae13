//! What earlier versions of the page stored is read and written again unchanged. The profiles in
//! `fixtures/profiles` were written by those versions, so renaming a field here cannot change them.

use pilotlight_comfy::json;
use pilotlight_runs::results::{Record, ResultRow};
use pilotlight_runs::usage::Ledger;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const PROFILES: [&str; 1] = ["profiles/2026-11.json"];

#[track_caller]
fn check<T: Serialize + DeserializeOwned>(stored: &str, what: &str) {
    let read: T = serde_json::from_str(stored).unwrap_or_else(|error| panic!("{what}: {error}"));
    let before: Value = serde_json::from_str(stored).expect("JSON");
    assert_eq!(json::to_value(&read), before, "{what}");
}

/// Returns the values of an object store of the profile.
fn store<'a>(profile: &'a Value, name: &str) -> Vec<&'a str> {
    let entries = profile["database"]["stores"][name].as_array().expect("a store");
    entries.iter().map(|entry| entry[1]["value"].as_str().expect("a text")).collect()
}

#[test]
fn results_and_usage_of_earlier_versions_are_read() {
    for name in PROFILES {
        let profile = pilotlight_fixtures::value(name);
        let (rows, records) = (store(&profile, "rows"), store(&profile, "runs"));
        assert!(!rows.is_empty() && !records.is_empty(), "{name}");
        rows.iter().for_each(|row| check::<ResultRow>(row, "a result"));
        records.iter().for_each(|record| check::<Record>(record, "the record of a run"));
        let local = profile["local"].as_object().expect("local storage");
        let mut ledgers = local.iter().filter(|(key, _)| key.starts_with("pilotlight.used."));
        let (_, ledger) = ledgers.next().expect("recorded usage");
        check::<Ledger>(ledger.as_str().expect("a text"), "the recorded usage");
    }
}

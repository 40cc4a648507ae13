//! `config.json` and addresses: whatever stands there, the page can start, and notices are short.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::json;
use pilotlight_fuzz::{bounded, change, parts, value};
use pilotlight_runs::budget::limit_ms;
use pilotlight_runs::config::{Address, Config};

const DAY_SECONDS: u64 = 86_400;

fuzz_target!(|input: &[u8]| {
    let [file, script] = parts(input);
    if let Ok(text) = str::from_utf8(file) {
        usable(text);
        if let Ok(address) = Address::parse(text) {
            assert_eq!(Address::parse(address.as_str()).as_ref(), Ok(&address));
        }
    }
    if let Some(mut value) = value(file) {
        change(&mut value, script);
        usable(&json::text(&value));
    }
});

fn usable(text: &str) {
    let (config, notices) = Config::parse(text);
    let limits = [config.wake_limit_seconds, config.reach_limit_seconds];
    for seconds in limits.into_iter().chain(config.idle_delay_seconds) {
        assert!((1..=DAY_SECONDS).contains(&seconds));
    }
    assert!(!config.languages.is_empty());
    assert!(config.language.is_none_or(|language| config.languages.contains(&language)));
    assert!(config.price_per_gpu_hour.is_none_or(|price| price >= 0.0));
    for amount in [config.limit_per_day, config.limit_per_month].into_iter().flatten() {
        assert!(amount > 0.0);
        let _ = limit_ms(amount, config.price());
    }
    assert_eq!(config.endpoint().is_some(), config.endpoint.is_some());
    let _ = config.limits();
    bounded(format!("{config:?}").len(), text.len(), 16);
    bounded(format!("{notices:?}").len(), text.len(), 40);
}

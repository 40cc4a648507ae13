//! The cost of runs, before and after. Invariant: nothing is said without a known duration.

use super::Reader;
use crate::text::{BatchText, CostText, EstimateText, span};
use pilotlight_comfy::language::Language;
use pilotlight_forms::form::BATCH_MAX;
use pilotlight_runs::cost::Cost;
use pilotlight_runs::price::Price;
use pilotlight_runs::results::Spent;

/// What something takes, as it is said everywhere: now, if the GPU has to wake, and for idle time
/// afterwards. In money when a price is configured, else in time.
pub fn cost_said(cost: &Cost, price: Option<Price>, language: Language) -> String {
    let say = |ms| amount(ms, price, language);
    let about = || EstimateText::About { cost: &say(cost.now_ms) }.say(language);
    let waking = |ms: u64| {
        EstimateText::Waking { waking: &say(cost.now_ms.saturating_add(ms)) }.say(language)
    };
    let idle = |ms| EstimateText::Idle { idle: &say(ms) }.say(language);
    let has_now = cost.now_ms > 0 || cost.idle_ms.is_none();
    let parts = [has_now.then(about), cost.waking_ms.map(waking), cost.idle_ms.map(idle)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The line under *Run*. `is_awake`: the GPU is known to be awake.
pub fn cost_line(runs: u32, is_awake: bool, reader: &Reader) -> Option<String> {
    let cost = cost_of_runs(runs.max(1) as usize, reader)?.where_awake(is_awake);
    Some(cost_said(&cost, reader.price, reader.language))
}

fn cost_of_runs(runs: usize, reader: &Reader) -> Option<Cost> {
    Cost::of_runs(runs, reader.usual_run, reader.usual_waking, reader.idle_ms)
}

/// Runs that are about to be started together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// How many runs.
    pub count: usize,
    /// Whether the GPU must wake first, once for all of them.
    pub wakes: bool,
}

/// Returns number, duration and cost of a batch. Only the number if it is more than can be started
/// at once.
pub fn batch_line(price: Option<Price>, batch: Batch, reader: &Reader) -> String {
    let Batch { count, wakes } = batch;
    let say = |text: BatchText| text.say(reader.language);
    if count > BATCH_MAX {
        return say(BatchText::TooMany { count, limit: BATCH_MAX });
    }
    let mut parts = vec![say(BatchText::Runs { count })];
    if let Some(cost) = cost_of_runs(count, reader).filter(|_| count > 0) {
        let cost = cost.where_awake(!wakes);
        parts.push(say(match cost.waking_ms {
            Some(waking_ms) => BatchText::AboutWaking { time: cost.now_ms + waking_ms },
            None => BatchText::About { time: cost.now_ms },
        }));
        parts.extend(price.map(|price| cost_said(&cost, Some(price), reader.language)));
    }
    parts.join(" · ")
}

/// Returns the cost of an ended run, including waking the GPU if this run woke it.
pub fn cost_of(spent: &Spent, price: Price, idle_ms: Option<u64>, language: Language) -> String {
    let sum = &cost_said(&Cost::of_spent(spent, idle_ms), Some(price), language);
    CostText::About { sum }.say(language)
}

/// Returns GPU time as money if there is a price, otherwise as a duration.
pub fn amount(ms: u64, price: Option<Price>, language: Language) -> String {
    price.map_or_else(|| span(ms, language), |price| sum(price, ms))
}

/// Returns an amount with two significant digits: `¥0.02`, `¥1.30`, `0.0042 CNY`.
fn sum(price: Price, ms: u64) -> String {
    let sum = price.per_hour * ms as f64 / 3_600_000.0;
    let (digits, tens) = if sum > 0.0 && sum < 0.01 { (4, 10_000) } else { (2, 100) };
    // Computed with integers: formatting a float with so many digits takes 10 kB of code.
    let parts = (sum * tens as f64 + 0.5) as u64;
    let (whole, part) = ((parts / tens).to_string(), (parts % tens).to_string());
    let zeros = "0000".get(part.len()..digits).unwrap_or_default();
    let is_sign = price.currency.chars().any(is_sign);
    let (sign, blank, code) =
        if is_sign { (price.currency, "", "") } else { ("", " ", price.currency) };
    [sign, &whole, ".", zeros, &part, blank, code].concat()
}

/// Returns whether a character is a symbol rather than a letter. Uses ranges instead of Unicode's
/// tables, which are large.
fn is_sign(c: char) -> bool {
    match c {
        '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}' | '\u{ffe0}'..='\u{ffe6}' => true,
        _ => c.is_ascii() && !c.is_ascii_alphanumeric(),
    }
}

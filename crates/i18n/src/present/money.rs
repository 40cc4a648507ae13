//! The cost of runs, before and after. Invariant: nothing is said without a known duration.

use super::Reader;
use crate::text::{BatchText, CostText, EstimateText, span};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::SECOND_MS;
use pilotlight_forms::form::BATCH_MAX;
use pilotlight_runs::kept::Spent;
use pilotlight_runs::price::Price;

/// Returns the text below *Run*: money if a price is configured, otherwise time.
pub fn cost_line(runs: u32, reader: &Reader) -> Option<String> {
    let middle = |(from, to): (u64, u64)| (from + to) / 2;
    let run_ms = (middle(reader.usual_run?) * u64::from(runs.max(1))).max(SECOND_MS);
    let waking_ms = reader.usual_waking.map(middle);
    let say = |ms| amount(ms, reader.price, reader.language);
    let cost = &*say(run_ms);
    let text = match waking_ms {
        None => EstimateText::About { cost }.say(reader.language),
        Some(waking_ms) => EstimateText::AboutWaking { cost, waking: &say(run_ms + waking_ms) }
            .say(reader.language),
    };
    Some(text)
}

/// Runs that are about to be started together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
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
    let middle = |(from, to): (u64, u64)| (from + to) / 2;
    let mut parts = vec![say(BatchText::Runs { count })];
    if let Some(usual) = reader.usual_run.filter(|_| count > 0) {
        let run_ms = (middle(usual) * count as u64).max(SECOND_MS);
        let waking_ms = reader.usual_waking.filter(|_| wakes).map(middle);
        let ms = run_ms + waking_ms.unwrap_or(0);
        parts.push(say(match waking_ms {
            Some(_) => BatchText::AboutWaking { time: ms },
            None => BatchText::About { time: ms },
        }));
        parts.extend(price.map(|price| sum(price, ms)));
    }
    parts.join(" · ")
}

/// Returns the cost of an ended run, including waking the GPU if this run woke it.
pub fn cost_of(spent: &Spent, price: Price, language: Language) -> String {
    let ms = spent.waking_ms.unwrap_or(0).saturating_add(spent.running_ms.unwrap_or(0));
    CostText::About { sum: &sum(price, ms) }.say(language)
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

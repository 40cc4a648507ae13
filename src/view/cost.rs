//! What was used today and this month, and the limits of it.

use pilotlight_comfy::number;
use pilotlight_i18n::text::{CostText, span};
use pilotlight_runs::budget::Period;
use pilotlight_runs::meter::Used;

use crate::app::Page;
use crate::dom::{El, el};
use crate::later::spending;
use crate::live::Live;
use crate::runtime;

/// Of what was used, in ms.
type Part = fn(Used) -> u64;

/// Whether there is something to tell.
pub(super) fn is_used(page: Page) -> bool {
    spending::used(page)[1].total_ms() >= 500
}

fn says(page: Page, word: CostText<'static>) -> impl Fn() -> String + 'static {
    move || word.say(page.language.get())
}

/// A table: what the GPU did, today and this month, and what that costs.
pub(super) fn used(page: Page, class: &str, legend: &str) -> El {
    let column = |word| el("th", "").set("scope", "col").says(says(page, word));
    let head = el("tr", "")
        .put(el("td", ""))
        .put(column(CostText::Today))
        .put(column(CostText::ThisMonth));
    let rows: [(CostText, Part); 3] = [
        (CostText::Waking, |used| used.waking_ms),
        (CostText::Running, |used| used.running_ms),
        (CostText::Idle, |used| used.idling_ms),
    ];
    let rows =
        rows.map(|(word, part)| row(page, word, move |used| span(part(used), page.language.get())));
    let sum = if page.config.price().is_some() { CostText::Money } else { CostText::Total };
    let sum = row(page, sum, move |used| spending::said(page, used.total_ms())).set("data-sum", "");
    let table = el("table", "used")
        .set("aria-labelledby", "used")
        .put(el("thead", "").put(head))
        .put(el("tbody", "").put_all(rows).put(sum));
    let hint = page
        .config
        .idle_delay_seconds
        .is_none()
        .then(|| el("p", "panel-hint").says(says(page, CostText::IdleNotCounted)));
    el("div", class)
        .put(el("p", legend).set("id", "used").says(says(page, CostText::Used)))
        .put(table)
        .put_all(hint)
}

fn row(page: Page, word: CostText<'static>, value: impl Fn(Used) -> String + Copy + 'static) -> El {
    let cell = |at: usize| el("td", "").says(move || value(spending::used(page)[at]));
    el("tr", "")
        .put(el("th", "").set("scope", "row").says(says(page, word)))
        .put(cell(0))
        .put(cell(1))
}

/// The part of the settings about limits.
pub(super) fn settings(page: Page) -> El {
    let fields = Period::ALL.map(|period| limit(page, period));
    el("fieldset", "dialog-part")
        .put(el("legend", "").says(says(page, CostText::Limits)))
        .put(el("div", "limits").put_all(fields))
        .put(el("p", "dialog-hint").says(says(page, CostText::LimitsHint)))
}

fn limit(page: Page, period: Period) -> El {
    let name = move || {
        let unit = page.config.price().map(|price| price.currency);
        let word = match (period, unit) {
            (Period::Day, Some(unit)) => CostText::DayIn { unit },
            (Period::Month, Some(unit)) => CostText::MonthIn { unit },
            (Period::Day, None) => CostText::DayInMinutes,
            (Period::Month, None) => CostText::MonthInMinutes,
        };
        word.say(page.language.get())
    };
    let id = match period {
        Period::Day => "limit-day",
        Period::Month => "limit-month",
    };
    let is_wrong = Live::new(false);
    let value = move || {
        let amount = runtime::limits().with(|all| all[period as usize]);
        amount.map(number::shown_float).unwrap_or_default()
    };
    let input = el("input", "box")
        .set("inputmode", "decimal")
        .set("autocomplete", "off")
        .set("aria-describedby", id)
        .attr("aria-invalid", move || is_wrong.get().then(|| "true".to_owned()))
        .value(value)
        .on("change", move |event| {
            is_wrong.set(!spending::set_limit(page, period, &event.value()))
        });
    let wrong = move || is_wrong.get().then(|| CostText::NoAmount.say(page.language.get()));
    let label = el("label", "").put(el("span", "").says(name)).put(input);
    let hint = el("div", "").set("id", id).line("p", "dialog-hint", wrong);
    el("div", "").put(label).put(hint)
}

//! The usage of the GPU today and this month, and the settings of its limits.

use pilotlight_comfy::number;
use pilotlight_i18n::text::{CostText, span};
use pilotlight_runs::budget::Period;
use pilotlight_runs::usage::Used as UsedTime;

use crate::app::Page;
use crate::features::server::usage;
use crate::runtime;
use leptos::prelude::*;

/// Returns a part of the used time, in ms.
type Part = fn(UsedTime) -> u64;

/// Returns whether the GPU was used for at least half a second this month.
pub fn is_used(page: Page) -> bool {
    usage::used(page)[1].total_ms() >= 500
}

fn says(page: Page, word: CostText<'static>) -> impl Fn() -> String + Copy + Send + 'static {
    move || word.say(page.language.get())
}

/// The table of usage: time by activity, today and this month, and its cost.
#[component]
pub fn Used(class: &'static str, legend_class: &'static str) -> impl IntoView {
    let page = expect_context::<Page>();
    let rows: [(CostText, Part); 3] = [
        (CostText::Waking, |used| used.waking_ms),
        (CostText::Running, |used| used.running_ms),
        (CostText::Idle, |used| used.idling_ms),
    ];
    let rows = rows.map(|(name, part)| {
        let value = move |used| span(part(used), page.language.get());
        view! { <Row name value/> }
    });
    let sum = if page.config.price().is_some() { CostText::Money } else { CostText::Total };
    let total = move |used: UsedTime| usage::said(page, used.total_ms());
    let hint = page.config.idle_delay_seconds.is_none().then(|| {
        view! { <p class="panel-hint">{says(page, CostText::IdleNotCounted)}</p> }
    });
    view! {
        <div class=class>
            <p class=legend_class id="used">
                {says(page, CostText::Used)}
            </p>
            <table class="used" aria-labelledby="used">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{says(page, CostText::Today)}</th>
                        <th scope="col">{says(page, CostText::ThisMonth)}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.into_iter().collect_view()}
                    <Row name=sum value=total is_sum=true/>
                </tbody>
            </table>
            {hint}
        </div>
    }
}

#[component]
fn Row(
    name: CostText<'static>,
    value: impl Fn(UsedTime) -> String + Copy + Send + 'static,
    #[prop(optional)] is_sum: bool,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let cell = move |at: usize| move || value(usage::used(page)[at]);
    view! {
        <tr data-sum=is_sum.then_some("")>
            <th scope="row">{says(page, name)}</th>
            <td>{cell(0)}</td>
            <td>{cell(1)}</td>
        </tr>
    }
}

/// The section of the settings about limits.
#[component]
pub fn Limits() -> impl IntoView {
    let page = expect_context::<Page>();
    let fields = Period::ALL.map(|period| view! { <LimitOf period/> });
    view! {
        <fieldset class="dialog-part">
            <legend>{says(page, CostText::Limits)}</legend>
            <div class="limits">{fields.into_iter().collect_view()}</div>
            <p class="dialog-hint">{says(page, CostText::LimitsHint)}</p>
        </fieldset>
    }
}

#[component]
fn LimitOf(period: Period) -> impl IntoView {
    let page = expect_context::<Page>();
    let name = move || {
        let unit = page.config.price().map(|price| price.currency);
        let text = match (period, unit) {
            (Period::Day, Some(unit)) => CostText::DayIn { unit },
            (Period::Month, Some(unit)) => CostText::MonthIn { unit },
            (Period::Day, None) => CostText::DayInMinutes,
            (Period::Month, None) => CostText::MonthInMinutes,
        };
        text.say(page.language.get())
    };
    let id = match period {
        Period::Day => "limit-day",
        Period::Month => "limit-month",
    };
    let is_wrong = RwSignal::new(false);
    let value = move || {
        let amount = runtime::limits().with(|all| all[period as usize]);
        amount.map(number::shown_float).unwrap_or_default()
    };
    let wrong = move || {
        let said = says(page, CostText::NoAmount);
        is_wrong.get().then(|| view! { <p class="dialog-hint">{said}</p> })
    };
    view! {
        <div>
            <label>
                <span>{name}</span>
                <input
                    class="box"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-describedby=id
                    aria-invalid=move || is_wrong.get().then_some("true")
                    prop:value=value
                    on:change:target=move |event| {
                        is_wrong.set(!usage::set_limit(page, period, &event.target().value()));
                    }
                />
            </label>
            <div id=id>{wrong}</div>
        </div>
    }
}

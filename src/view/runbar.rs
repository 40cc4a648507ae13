//! Run, how often, and what it will cost.

use leptos::prelude::*;
use pilotlight_engine::present::{self, Price};
use pilotlight_engine::text::Word;

use super::button::icon;
use super::word;
use crate::app::{Intent, Page, Sheet, TIMES_MAX};
use crate::browser;

const OFFERED: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, TIMES_MAX];

pub(super) fn runbar(page: Page, tab: usize, sheet: Sheet) -> AnyView {
    let times = sheet.times;
    let cost = Memo::new(move |_| {
        page.config.with_value(|config| {
            let price = config.price_per_gpu_hour;
            let price = price.map(|per_hour| Price { per_hour, currency: &config.currency });
            present::cost_line(price, times.get(), &page.reader(tab))
        })
    });
    let offered = OFFERED.map(|offered| {
        view! { <option prop:selected=move || times.get() == offered>{offered}</option> }
    });
    view! {
        <div class="runbar">
            <div class="runbar-row">
                <button
                    class="button runbar-run"
                    type="submit"
                    data-kind="primary"
                    aria-keyshortcuts="Control+Enter Meta+Enter"
                    aria-describedby="cost"
                >
                    {word(page, Word::Run)}
                    <span class="runbar-keys" aria-hidden="true">
                        {if browser::has_command_key() { "⌘↵" } else { "Ctrl ↵" }}
                    </span>
                </button>
                <span class="runbar-times">
                    <select
                        aria-label=word(page, Word::TimesRun)
                        on:change=move |event| {
                            if let Ok(times) = event_target_value(&event).parse() {
                                page.act(Intent::SetTimes(times));
                            }
                        }
                    >
                        {offered.collect_view()}
                    </select>
                    {icon("#chevron")}
                </span>
            </div>
            {move || cost.get().map(|cost| view! { <p class="runbar-cost" id="cost">{cost}</p> })}
        </div>
    }
    .into_any()
}

//! Run, how often, and what it will cost.

use pilotlight_i18n::present;
use pilotlight_i18n::text::FormText;

use super::button::icon;
use super::word;
use crate::app::{Deed, Intent, Page, Sheet, TIMES_MAX};
use crate::browser;
use crate::desk;
use crate::dom::{El, el};

const OFFERED: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, TIMES_MAX];

pub(super) fn runbar(page: Page, tab: usize, sheet: &Sheet) -> El {
    let times = sheet.times;
    let cost = move || present::cost_line(times.get(), &page.reader(tab));
    let keys = if browser::has_command_key() { "⌘↵" } else { "Ctrl ↵" };
    let run = el("button", "button runbar-run")
        .set("type", "submit")
        .set("data-kind", "primary")
        // A sandboxed frame may submit no forms.
        .on("click", move |event| {
            event.prevent();
            page.ask_for(Deed::Run);
        })
        .set("aria-keyshortcuts", "Control+Enter Meta+Enter")
        .set("aria-describedby", "cost")
        .attr("aria-busy", move || page.waiting.get().then(|| "true".to_owned()))
        .says(word(page, FormText::Run))
        .put(el("span", "runbar-keys").set("aria-hidden", "true").text(keys));
    let select = el("select", "")
        .attr("aria-label", word(page, FormText::NumberOfRuns))
        .put_all(OFFERED.iter().map(|offered| el("option", "").text(&offered.to_string())))
        .value(move || times.get().to_string())
        .on("change", move |event| {
            if let Ok(times) = event.value().parse() {
                desk::act(page, Intent::SetTimes(times));
            }
        });
    let times = el("span", "runbar-times").put(select).put(icon("#chevron"));
    // The button is described by what stands in here, if anything does.
    let described = el("div", "").set("id", "cost").line("p", "runbar-cost", cost);
    el("div", "runbar").put(el("div", "runbar-row").put(run).put(times)).put(described)
}

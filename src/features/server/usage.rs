//! The usage of the GPU and its limits.

use leptos::prelude::*;
use pilotlight_comfy::number;
use pilotlight_i18n::present;
use pilotlight_runs::budget::Period;
use pilotlight_runs::usage::Used;
use pilotlight_session::Event;

use crate::app::Page;
use crate::command::Dialog;
use crate::runtime;

/// Returns the usage of today and of this month; tracks the clock.
pub fn used(page: Page) -> [Used; 2] {
    let (now, zone) = (page.now.get(), runtime::zone());
    runtime::ledger().with(|ledger| [ledger.today(now, zone), ledger.this_month(now, zone)])
}

/// Sets a limit, or removes it if the text is empty. Returns `false` if the text is not an amount.
pub fn set_limit(page: Page, period: Period, typed: &str) -> bool {
    let typed = typed.trim();
    let is_amount = number::typed_number(typed).is_ok_and(|amount| amount.as_f64() > Some(0.0));
    if !typed.is_empty() && !is_amount {
        return false;
    }
    runtime::tell(page, Event::LimitSet(period, typed.to_owned()));
    true
}

/// Starts the runs that the dialog asked about.
pub fn go_on(page: Page) {
    close(page);
    runtime::tell(page, Event::LimitAccepted);
}

/// Discards the runs that the dialog asked about.
pub fn not_now(page: Page) {
    close(page);
    runtime::tell(page, Event::LimitDeclined);
}

fn close(page: Page) {
    if page.dialog.get_untracked() == Some(Dialog::Limit) {
        page.dialog.set(runtime::dialog_before_limit());
    }
}

/// Returns an amount of GPU time as money, or as a duration if there is no price.
pub fn said(page: Page, ms: u64) -> String {
    present::amount(ms, page.config.price(), page.language.get())
}

//! Soft limits of what is used in a day and in a month: asks before runs that would pass one.
//! Invariant: what was asked for is done at once, or after *Run anyway*, or not at all; what was
//! typed is touched by none of these.

use std::cell::RefCell;

use pilotlight_engine::budget::{self, Passed, Period};
use pilotlight_engine::number;
use pilotlight_engine::present::{self, PillState};
use pilotlight_engine::time::SECOND_MS;

use super::metering;
use crate::app::{Dialog, Page};
use crate::live::Live;
use crate::{storage, view};

type Work = Box<dyn FnOnce()>;

thread_local! {
    static ASKED: Live<Option<Passed>> = Live::new(None);
    static LIMITS: Live<[Option<f64>; 2]> = Live::new([None; 2]);
    /// What waits for an answer, and the dialog that was open before.
    static WAITING: RefCell<Option<(Work, Option<Dialog>)>> = const { RefCell::new(None) };
}

/// What is asked about.
pub fn asked() -> Live<Option<Passed>> {
    ASKED.with(|asked| *asked)
}

/// Of a day and of a month: money where there is a price, else minutes.
pub fn limits() -> Live<[Option<f64>; 2]> {
    LIMITS.with(|limits| *limits)
}

/// Takes up what the configuration says, or what a person has set in its place.
pub fn begin(page: Page) {
    let configured = [page.config.limit_per_day, page.config.limit_per_month];
    let mut all = configured;
    for (place, period) in Period::ALL.into_iter().enumerate() {
        if let Some(text) = storage::get(&key(page, period)) {
            all[place] = amount(&text);
        }
    }
    limits().set(all);
}

/// Sets a limit, or takes it away where nothing is typed. `false` where no amount is.
pub fn set_limit(page: Page, period: Period, typed: &str) -> bool {
    let typed = typed.trim();
    let amount = amount(typed);
    if amount.is_none() && !typed.is_empty() {
        return false;
    }
    storage::set(&key(page, period), typed);
    limits().update(|all| all[place(period)] = amount);
    true
}

pub fn place(period: Period) -> usize {
    match period {
        Period::Day => 0,
        Period::Month => 1,
    }
}

/// Under which it is stored. An amount of one currency is none of another, nor of minutes.
fn key(page: Page, period: Period) -> String {
    let name = match period {
        Period::Day => "limit.day.",
        Period::Month => "limit.month.",
    };
    let unit = page.config.price().map_or("", |price| price.currency);
    [name, unit].concat()
}

fn amount(text: &str) -> Option<f64> {
    number::typed_number(text).ok()?.as_f64().filter(|amount| *amount > 0.0)
}

/// Does what starts so many runs of this sheet, at once or when the person says so.
pub fn unless_too_much(page: Page, sheet: usize, runs: usize, work: impl FnOnce() + 'static) {
    let Some(passed) = passed(page, sheet, runs) else { return work() };
    let before = page.dialog.now();
    WAITING.with_borrow_mut(|waiting| *waiting = Some((Box::new(work), before)));
    asked().set(Some(passed));
    page.dialog.set(Some(Dialog::Limit));
}

/// Starts what was asked about.
pub fn go_on(page: Page) {
    if let Some(work) = answered(page) {
        work();
    }
}

/// Lets go of what was asked about.
pub fn not_now(page: Page) {
    answered(page);
}

fn answered(page: Page) -> Option<Work> {
    let (work, before) = WAITING.with_borrow_mut(Option::take)?;
    page.dialog.set(before);
    Some(work)
}

fn passed(page: Page, sheet: usize, runs: usize) -> Option<Passed> {
    let price = page.config.price();
    let limits = limits().peek(|all| all.map(|amount| budget::limit_ms(amount?, price)));
    if limits == [None; 2] {
        return None;
    }
    metering::refresh(page);
    let reader = leptos::prelude::untrack(|| page.reader(sheet));
    let sleeps = leptos::prelude::untrack(|| view::server(page)).state != PillState::Awake;
    let adds = budget::estimate(
        u32::try_from(runs).unwrap_or(u32::MAX),
        reader.usual_run,
        reader.usual_waking.filter(|_| sleeps),
        page.config.idle_delay_seconds.map(|seconds| seconds * SECOND_MS),
    );
    budget::passed(limits, leptos::prelude::untrack(|| metering::used(page)), adds)
}

/// An amount of GPU time as it is said here.
pub fn said(page: Page, ms: u64) -> String {
    present::amount(ms, page.config.price(), page.language.get())
}

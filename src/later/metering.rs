//! Counts how long the GPU was awake on account of this browser. Invariant: what is stored is read,
//! changed and written in one go, so that no two tabs count a moment twice.

use pilotlight_engine::json;
use pilotlight_engine::meter::{self, Ledger, Piece, Used, Zone};
use pilotlight_engine::time::{At, SECOND_MS};
use pilotlight_engine::warm::Warm;

use crate::app::{Job, Page};
use crate::live::Live;
use crate::{browser, storage};

thread_local! {
    static LEDGER: Live<Ledger> = Live::new(Ledger::default());
}

/// What was used today and this month. Follows the clock.
pub fn used(page: Page) -> [Used; 2] {
    let (now, zone) = (page.now.get(), zone());
    LEDGER.with(|ledger| ledger.with(|it| [it.today(now, zone), it.this_month(now, zone)]))
}

/// Reads what other tabs may have counted meanwhile.
pub fn refresh(page: Page) {
    change(page, browser::now(), Vec::new());
}

/// After a run was told something. `heard`: by the server.
pub fn told(page: Page, job: &Job, heard: bool) {
    let now = browser::now();
    let mut pieces = job.run.peek(|run| meter::of_run(run, now));
    if heard {
        pieces.extend(idle(page, now));
    }
    change(page, now, pieces);
}

/// After the server answered a request that belongs to no run.
pub fn answered(page: Page, asked: At, now: At) {
    let pieces = [meter::of_wait(asked, now), idle(page, now)];
    change(page, now, pieces.into_iter().flatten().collect());
}

/// After waking or keeping awake was told something. `heard`: by the server.
pub fn warm(page: Page, warm: &Warm, heard: bool, now: At) {
    let mut pieces = meter::of_warm(warm, now);
    if heard {
        pieces.extend(idle(page, now));
    }
    if !pieces.is_empty() {
        change(page, now, pieces);
    }
}

/// Called each second. Whether what was used is changing.
pub fn tick(page: Page) -> bool {
    let now = browser::now();
    let mut pieces = Vec::new();
    page.jobs.peek(|jobs| {
        for job in jobs {
            job.run.peek(|run| {
                if run.is_live() {
                    pieces.extend(meter::of_run(run, now));
                }
            });
        }
    });
    if !pieces.is_empty() {
        change(page, now, pieces);
    }
    let until = LEDGER.with(|ledger| ledger.peek(Ledger::until));
    now <= until.plus(SECOND_MS)
}

/// How long it idles on is known only where somebody said so.
fn idle(page: Page, now: At) -> Option<Piece> {
    let delay_ms = page.config.idle_delay_seconds? * SECOND_MS;
    Some(meter::idle(now, delay_ms))
}

fn change(page: Page, now: At, pieces: Vec<Piece>) {
    let Some(endpoint) = page.endpoint.now() else { return };
    let key = format!("used.{}", endpoint.key());
    let stored = storage::get(&key);
    let read = stored.as_deref().and_then(json::parse);
    let mut ledger = read.as_ref().and_then(Ledger::from_value).unwrap_or_default();
    pieces.into_iter().for_each(|piece| ledger.add(piece));
    ledger.settle(now, zone());
    let written = json::text(&ledger.to_value());
    if ledger != Ledger::default() && stored.as_deref() != Some(&written) {
        storage::set(&key, &written);
    }
    LEDGER.with(|live| {
        if live.peek(|known| *known != ledger) {
            live.set(ledger);
        }
    });
}

fn zone() -> Zone {
    Zone(browser::minutes_ahead())
}

//! The clock signal of the views, and the title of the tab.

use gloo_timers::callback::Interval;
use leptos::prelude::*;
use pilotlight_comfy::time::SECOND_MS;
use pilotlight_i18n::present;
use pilotlight_i18n::text::RunText;
use pilotlight_runs::run::Run;

use crate::app::Page;
use crate::browser;
use crate::runtime::projection;

/// How often the clock is updated while nothing is in progress, in seconds.
const REST_TICKS: u32 = 30;

pub(super) fn begin(page: Page) {
    let mut ticks = 0_u32;
    Interval::new(SECOND_MS as u32, move || {
        ticks = ticks.wrapping_add(1);
        if goes_on(page) || ticks.is_multiple_of(REST_TICKS) {
            page.now.set(browser::now());
        }
        set_title(page);
    })
    .forget();
    browser::on_return(move || page.now.set(browser::now()));
}

/// Returns whether the page shows anything that changes every second.
fn goes_on(page: Page) -> bool {
    let counted_until = projection::ledger().with_untracked(|ledger| ledger.until());
    live(page) > 0
        || projection::keep_awake().with_untracked(|keep_awake| keep_awake.is_on())
        || projection::asked().with_untracked(Option::is_some)
        || browser::now() <= counted_until.plus(SECOND_MS)
}

fn live(page: Page) -> usize {
    page.jobs.with_untracked(|jobs| {
        jobs.iter().filter(|job| job.run.with_untracked(|run| !run.is_ended())).count()
    })
}

/// Shows the state of the first live run in the tab's title.
pub(super) fn set_title(page: Page) {
    let language = page.language.get_untracked();
    let title = page.config.title.as_ref();
    let name = title.map_or("Pilotlight", |title| title.get(language));
    let first = page.jobs.with_untracked(|jobs| {
        jobs.iter().find(|job| job.run.with_untracked(Run::is_live)).cloned()
    });
    let title = match first {
        Some(job) => {
            let reader = leptos::prelude::untrack(|| page.reader(job.source.sheet));
            let state = job.run.with_untracked(|run| present::card(run, &reader).state);
            format!("● {state} · {name}")
        }
        None if live(page) > 0 => format!("{} · {name}", RunText::Waiting.say(language)),
        None => name.to_owned(),
    };
    browser::set_title(&title);
}

//! The listing of the gallery: read in slices, filtered, selected. Invariant: the newest results
//! are listed at once, and results that were changed elsewhere are read again.

use crate::features::gallery::state::{next_turn, of_feed, turn};
use std::cell::RefCell;

use pilotlight_i18n::present::Imported;
use pilotlight_runs::results::{Filter, Key, Listing, ResultRow};

use pilotlight_session::ResultsChange;

use crate::app::Page;
use crate::components::follow;
use crate::runtime;
use crate::runtime::database;
use crate::runtime::task;
use leptos::prelude::*;

/// How many results are read first (one screen), and then at a time; other tasks run in between.
const FIRST: usize = 60;
const AT_ONCE: usize = 250;
const OUTCOME_MS: u32 = 10_000;

/// A task that takes a while.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Work {
    #[default]
    Nothing,
    Loading,
    Writing {
        done: usize,
        of: usize,
    },
    Reading,
}

/// The state of this module.
#[derive(Default)]
struct State {
    listing: RwSignal<Listing>,
    sieve: RwSignal<Filter>,
    /// Numbers of results in the listing, in the order in which they were selected.
    selected: RwSignal<Vec<u32>>,
    work: RwSignal<Work>,
    /// The outcome of the last task.
    outcome: RwSignal<Option<TaskOutcome>>,
    /// Titles of forms that the page does not have, by their ids.
    titles: RwSignal<Vec<(String, String)>>,
    /// Forms whose titles are being looked up.
    asked: RefCell<Vec<String>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// The outcome of an import or export.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TaskOutcome {
    Imported(Imported),
    /// The file is not an archive of results.
    Refused,
    TooLarge,
    Failed,
}

pub fn listing() -> RwSignal<Listing> {
    state().listing
}

pub fn sieve() -> RwSignal<Filter> {
    state().sieve
}

pub fn selected() -> RwSignal<Vec<u32>> {
    state().selected
}

pub fn work() -> RwSignal<Work> {
    state().work
}

/// Says what came of a piece of work, for a while.
pub fn tell_result(what: TaskOutcome) {
    outcome().set(Some(what));
    task::spawn(async move {
        gloo_timers::future::TimeoutFuture::new(OUTCOME_MS).await;
        if outcome().get_untracked() == Some(what) {
            outcome().set(None);
        }
    });
}

pub fn outcome() -> RwSignal<Option<TaskOutcome>> {
    state().outcome
}

pub fn set_sieve(next: Filter) {
    listing().update(|all| all.set_sieve(next.clone()));
    sieve().set(next);
    // Results that are not listed must not be selected.
    let is_seen = |number: &u32| listing().with_untracked(|all| all.filtered().contains(number));
    if selected().with_untracked(|all| !all.iter().all(is_seen)) {
        selected().update(|all| all.retain(is_seen));
    }
}

/// Returns each form that has results, with its current title, or the one that its runs stored.
pub fn form_titles(page: Page) -> Vec<(String, String)> {
    let forms: Vec<String> =
        listing().with(|all| all.forms().iter().map(|row| row.form.clone()).collect());
    let language = page.language.get();
    let title = |form: String| {
        let own = page.sheets.with(|all| {
            let sheet = all.iter().find(|sheet| sheet.form.id == form)?;
            Some(sheet.form.title.get(language).to_owned())
        });
        let former = || {
            state().titles.with(|all| {
                all.iter().find(|(known, _)| *known == form).map(|(_, title)| title.clone())
            })
        };
        let title = own.or_else(former).unwrap_or_else(|| form.clone());
        (form, title)
    };
    forms.into_iter().map(title).collect()
}

/// Lists the results that the page has, and then reads the others.
pub fn load(page: Page) {
    next_turn();
    let mine = turn();
    runtime::follow_changes(true);
    take(page, of_feed(page));
    work().set(Work::Loading);
    task::spawn(async move {
        let keys = database::row_keys().await.unwrap_or_default();
        let first = keys.len().saturating_sub(FIRST);
        let (older, newest) = keys.split_at(first);
        for slice in std::iter::once(newest).chain(older.rchunks(AT_ONCE)) {
            let (Some(from), Some(to)) = (slice.first(), slice.last()) else { continue };
            let rows = database::rows_between(from, to).await.unwrap_or_default();
            if turn() != mine {
                return;
            }
            take(page, rows);
        }
        if work().get_untracked() == Work::Loading {
            work().set(Work::Nothing);
        }
    });
}

/// Discards the listing.
pub fn forget() {
    next_turn();
    runtime::follow_changes(false);
    listing().set(Listing::default());
    sieve().set(Filter::default());
    selected().set(Vec::new());
    work().set(Work::Nothing);
    outcome().set(None);
}

/// Adds or updates rows, and looks up the titles of their forms.
pub fn take(page: Page, rows: Vec<ResultRow>) {
    if rows.is_empty() {
        return;
    }
    listing().update(|all| all.put(rows));
    let is_known = |form: &str| {
        page.sheets.with_untracked(|all| all.iter().any(|sheet| sheet.form.id == form))
            || state().asked.borrow().iter().any(|known| known == form)
    };
    let unknown = listing().with_untracked(|all| {
        let rows = all.forms().into_iter().filter(|row| !is_known(&row.form));
        rows.map(|row| (row.form.clone(), row.run.clone())).collect::<Vec<_>>()
    });
    for (form, run) in unknown {
        state().asked.borrow_mut().push(form.clone());
        task::spawn(async move {
            if let Ok(Some(record)) = database::record(&run).await {
                state().titles.update(|all| all.push((form, record.workflow_title)));
            }
        });
    }
}

/// Removes results from the listing.
pub fn take_out(keys: &[Key]) {
    if listing().with_untracked(|all| keys.iter().any(|key| all.number(key).is_some())) {
        listing().update(|all| all.take_out(keys));
        selected().update(|all| {
            all.retain(|at| listing().with_untracked(|them| them.row(*at).is_some()))
        });
    }
}

/// Updates the listing on every change of stored results, until the current view is removed.
pub fn keep_up(page: Page) {
    follow(move || {
        runtime::change_count().get();
        for change in runtime::take_changes() {
            look_again(page, change);
        }
    });
}

fn look_again(page: Page, change: ResultsChange) {
    let mine = turn();
    task::spawn(async move {
        let (rows, gone) = match change {
            ResultsChange::Kept(run) => {
                (database::rows_of(&run).await.unwrap_or_default(), Vec::new())
            }
            ResultsChange::Gone(keys) | ResultsChange::Touched(keys) => {
                let (mut rows, mut gone) = (Vec::new(), Vec::new());
                for key in keys {
                    match database::row(&key).await {
                        Ok(Some(row)) => rows.push(row),
                        Ok(None) => gone.push(key),
                        Err(database::Refused::Full | database::Refused::Other) => {}
                    }
                }
                (rows, gone)
            }
        };
        if turn() == mine {
            take(page, rows);
            take_out(&gone);
        }
    });
}

/// Selects all listed results.
pub fn select_all() {
    selected().set(listing().with_untracked(|all| all.filtered().to_vec()));
}

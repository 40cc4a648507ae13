//! What the gallery lists: read in slices, sifted, selected. Invariant: the newest are there at
//! once, and what another tab or the feed changes is looked up anew.

use std::cell::RefCell;

use pilotlight_i18n::text::Counted;
use pilotlight_runs::kept::{Key, Listing, Row, Sieve};

use pilotlight_session::ResultsChange;

use super::{next_turn, of_feed, turn};
use crate::app::Page;
use crate::later::database;
use crate::live::{Live, follow};
use crate::{runtime, task};

/// The first screen, and then so many at a time, between which the page breathes.
const FIRST: usize = 60;
const AT_ONCE: usize = 250;

/// What goes on and takes a while.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Nothing,
    Loading,
    Writing { done: usize, of: usize },
    Reading,
}

thread_local! {
    static LISTING: Live<Listing> = Live::new(Listing::default());
    static SIEVE: Live<Sieve> = Live::new(Sieve::default());
    /// By their numbers in the listing, in the order in which they were selected.
    static SELECTED: Live<Vec<u32>> = Live::new(Vec::new());
    static WORK: Live<Work> = Live::new(Work::Nothing);
    /// What came of the last piece of work.
    static SAID: Live<Option<Said>> = Live::new(None);
    /// Titles of forms that the page does not have, by their ids.
    static TITLES: Live<Vec<(String, String)>> = Live::new(Vec::new());
    /// Forms whose titles are being looked up.
    static ASKED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What came of bringing results in or carrying them away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Said {
    BroughtIn(Counted),
    /// It is no archive of results.
    Refused,
    TooLarge,
    Failed,
}

pub fn listing() -> Live<Listing> {
    LISTING.with(|listing| *listing)
}

pub fn sieve() -> Live<Sieve> {
    SIEVE.with(|sieve| *sieve)
}

pub fn selected() -> Live<Vec<u32>> {
    SELECTED.with(|selected| *selected)
}

pub fn work() -> Live<Work> {
    WORK.with(|work| *work)
}

pub fn said() -> Live<Option<Said>> {
    SAID.with(|said| *said)
}

pub fn set_sieve(next: Sieve) {
    listing().update(|all| all.set_sieve(next.clone()));
    sieve().set(next);
    // What is not seen is not acted on.
    let is_seen = |number: &u32| listing().peek(|all| all.sifted().contains(number));
    if selected().peek(|all| !all.iter().all(is_seen)) {
        selected().update(|all| all.retain(is_seen));
    }
}

/// Each form of which there are results, with its title as the page has it or its runs had it.
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
            TITLES.with(|titles| *titles).with(|all| {
                all.iter().find(|(known, _)| *known == form).map(|(_, title)| title.clone())
            })
        };
        let title = own.or_else(former).unwrap_or_else(|| form.clone());
        (form, title)
    };
    forms.into_iter().map(title).collect()
}

/// Begins with what the page has, and reads the rest.
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
        if work().now() == Work::Loading {
            work().set(Work::Nothing);
        }
    });
}

/// Lets go of all of it.
pub fn forget() {
    next_turn();
    runtime::follow_changes(false);
    listing().set(Listing::default());
    sieve().set(Sieve::default());
    selected().set(Vec::new());
    work().set(Work::Nothing);
    said().set(None);
}

/// Takes rows in, and looks up what their forms were called.
pub fn take(page: Page, rows: Vec<Row>) {
    if rows.is_empty() {
        return;
    }
    listing().update(|all| all.put(rows));
    let is_known = |form: &str| {
        page.sheets.peek(|all| all.iter().any(|sheet| sheet.form.id == form))
            || ASKED.with_borrow(|all| all.iter().any(|known| known == form))
    };
    let unknown = listing().peek(|all| {
        let rows = all.forms().into_iter().filter(|row| !is_known(&row.form));
        rows.map(|row| (row.form.clone(), row.run.clone())).collect::<Vec<_>>()
    });
    for (form, run) in unknown {
        ASKED.with_borrow_mut(|all| all.push(form.clone()));
        task::spawn(async move {
            if let Ok(Some(record)) = database::record(&run).await {
                TITLES.with(|all| *all).update(|all| all.push((form, record.workflow_title)));
            }
        });
    }
}

/// Takes results out, whoever took them away.
pub fn take_out(keys: &[Key]) {
    if listing().peek(|all| keys.iter().any(|key| all.number(key).is_some())) {
        listing().update(|all| all.take_out(keys));
        selected().update(|all| all.retain(|at| listing().peek(|them| them.row(*at).is_some())));
    }
}

/// Looks up whatever changes, for as long as the view that asks for it is there.
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

/// Selects everything that is listed.
pub fn select_all() {
    selected().set(listing().peek(|all| all.sifted().to_vec()));
}

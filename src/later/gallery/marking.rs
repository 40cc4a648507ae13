//! Stars, pins, and what is deleted. Invariant: what was deleted is gone from this browser at once,
//! and can be put back, all of it, until the next is deleted or the gallery is closed.

use std::cell::RefCell;

use pilotlight_engine::id::PromptId;
use pilotlight_engine::kept::{Key, Record, Row};
use web_sys::Blob;

use super::{bytes_of, keys_of, listing, rows_of};
use crate::app::{Finding, Page};
use crate::later::neighbours::News;
use crate::later::{database, feed, keeping, neighbours};
use crate::live::Live;
use crate::task;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Star,
    /// Never let go of to make room.
    Pin,
}

impl Mark {
    pub fn is_on(self, row: &Row) -> bool {
        match self {
            Self::Star => row.is_starred,
            Self::Pin => row.is_pinned,
        }
    }

    fn set(self, row: &mut Row, is_on: bool) {
        match self {
            Self::Star => row.is_starred = is_on,
            Self::Pin => row.is_pinned = is_on,
        }
    }
}

/// What was deleted last, as it is to be put back.
struct Taken {
    rows: Vec<Row>,
    records: Vec<Record>,
    files: Vec<(PromptId, usize, Blob)>,
    /// Where they stood in the feed.
    findings: Vec<(usize, Finding)>,
}

/// How far deleting is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    Nothing,
    /// So many can be put back.
    Some(usize),
}

thread_local! {
    static TAKEN: RefCell<Option<Taken>> = const { RefCell::new(None) };
    static DELETED: Live<Deleted> = Live::new(Deleted::Nothing);
}

pub fn deleted() -> Live<Deleted> {
    DELETED.with(|deleted| *deleted)
}

pub fn forget() {
    TAKEN.set(None);
    deleted().set(Deleted::Nothing);
}

/// Marks results, or takes the mark off them, here and in the feed and in other tabs.
pub fn mark(page: Page, keys: Vec<Key>, mark: Mark, is_on: bool) {
    let mut rows = listing().peek(|all| {
        keys.iter().filter_map(|key| all.row(all.number(key)?).cloned()).collect::<Vec<_>>()
    });
    // One of the feed while the gallery is closed.
    page.findings.peek(|all| {
        let unlisted = all.iter().filter(|one| {
            keys.contains(&one.row.key) && !rows.iter().any(|row| row.key == one.row.key)
        });
        let unlisted: Vec<Row> = unlisted.map(|one| one.row.clone()).collect();
        rows.extend(unlisted);
    });
    for row in &mut rows {
        mark.set(row, is_on);
    }
    feed::mark(page, &rows);
    if super::is_open().now() {
        super::listing::take(page, rows);
    }
    super::showing::mark(&keys, |row| mark.set(row, is_on));
    task::spawn(async move {
        match database::change(&keys, |row| mark.set(row, is_on)).await {
            Ok(()) => neighbours::tell(&News::Touched(&keys)),
            Err(database::Refused::Full | database::Refused::Other) => keeping::not_kept(page),
        }
    });
}

/// Deletes results of the listing, by their numbers.
pub fn delete(page: Page, numbers: &[u32]) {
    let rows = listing().peek(|all| rows_of(all, numbers));
    let keys = listing().peek(|all| keys_of(all, numbers));
    super::listing::take_out(&keys);
    deleted().set(Deleted::Nothing);
    task::spawn(async move {
        let taken = take(page, rows, &keys).await;
        let count = taken.rows.len();
        if database::remove(&taken.rows).await.is_ok() {
            neighbours::tell(&News::Gone(&taken.rows));
        }
        TAKEN.set(Some(taken));
        deleted().set(Deleted::Some(count));
    });
}

/// Holds what is about to go. Bytes are not read: the browser hands out where they are.
async fn take(page: Page, rows: Vec<Row>, keys: &[Key]) -> Taken {
    let (mut records, mut files) = (Vec::<Record>::new(), Vec::new());
    for row in &rows {
        // Results of one run stand beside each other.
        if records.last().is_none_or(|last| last.id != row.run)
            && let Ok(Some(record)) = database::record(&row.run).await
        {
            records.push(record);
        }
        if let (Some(at), Some(blob)) = (row.file_at(), bytes_of(page, row).await) {
            files.push((row.run.clone(), at, blob));
        }
    }
    let mut findings = Vec::new();
    if page.findings.peek(|all| all.iter().any(|one| keys.contains(&one.row.key))) {
        page.findings.update(|all| {
            for (at, one) in std::mem::take(all).into_iter().enumerate() {
                match keys.contains(&one.row.key) {
                    true => findings.push((at, one)),
                    false => all.push(one),
                }
            }
        });
    }
    Taken { rows, records, files, findings }
}

/// Puts back what was deleted last.
pub fn undo(page: Page) {
    let Some(taken) = TAKEN.take() else { return };
    deleted().set(Deleted::Nothing);
    task::spawn(async move {
        for (run, at, blob) in &taken.files {
            keeping::keep_file(page, run, *at, blob).await;
        }
        for record in &taken.records {
            let of_run = taken.rows.iter().filter(|row| row.run == record.id);
            let rows: Vec<Row> = of_run.cloned().collect();
            if database::put_run(record, &rows).await.is_err() {
                keeping::not_kept(page);
            }
        }
        if !taken.findings.is_empty() {
            page.findings.update(|all| {
                for (at, one) in taken.findings {
                    all.insert(at.min(all.len()), one);
                }
            });
        }
        let keys: Vec<Key> = taken.rows.iter().map(|row| row.key.clone()).collect();
        super::listing::take(page, taken.rows);
        neighbours::tell(&News::Touched(&keys));
    });
}

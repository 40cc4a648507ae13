//! The results that this browser keeps, in a database of its own: a row for each result, a record
//! for each run, the bytes of each file. Invariant: what is said to be written is on the disk;
//! where the browser refuses or has no room it says so, and the page goes on from memory.

use std::cell::RefCell;
use std::rc::Rc;

use idb::{
    Database, DatabaseEvent, Error, Factory, KeyRange, ObjectStoreParams, Transaction,
    TransactionMode,
};
use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::kept::{Record, Row};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

const NAME: &str = "pilotlight";
/// Grows with each change of what follows; `upgrade` then makes of each older one the next.
const VERSION: u32 = 1;
/// By `Key`, as JSON.
const ROWS: &str = "rows";
/// By the run's id, as JSON.
const RUNS: &str = "runs";
/// By the run's id and the place of the file among those of the run.
const FILES: &str = "files";

/// The browser did not do it: refused, full, or broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl From<Error> for Refused {
    // Dropped unread: their words would bring every word of the crate.
    fn from(_: Error) -> Self {
        Self
    }
}

type Done<T> = Result<T, Refused>;

thread_local! {
    static OPEN: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

/// Stores a file the moment that it came.
pub async fn put_file(run: &PromptId, at: usize, bytes: &Blob) -> Done<()> {
    let writing = begin(&[FILES], TransactionMode::ReadWrite).await?;
    writing.object_store(FILES)?.put(bytes, Some(&file_key(run, at)))?;
    end(writing).await
}

/// Stores a run with its results, all or nothing.
pub async fn put_run(record: &Record, rows: &[Row]) -> Done<()> {
    let writing = begin(&[RUNS, ROWS], TransactionMode::ReadWrite).await?;
    let text = JsValue::from_str(&json::text(&record.to_value()));
    writing.object_store(RUNS)?.put(&text, Some(&record.id.as_str().into()))?;
    put_rows(&writing, rows)?;
    end(writing).await
}

fn put_rows(writing: &Transaction, rows: &[Row]) -> Done<()> {
    let store = writing.object_store(ROWS)?;
    for row in rows {
        let text = JsValue::from_str(&json::text(&row.to_value()));
        store.put(&text, Some(&row.key.as_str().into()))?;
    }
    Ok(())
}

/// Every result, as they came. What cannot be read is left out, and stays where it is.
pub async fn rows() -> Done<Vec<Row>> {
    let reading = begin(&[ROWS], TransactionMode::ReadOnly).await?;
    let all = reading.object_store(ROWS)?.get_all(None, None)?.await?;
    let read = |text: &JsValue| Row::from_value(&json::parse(&text.as_string()?)?);
    Ok(all.iter().filter_map(read).collect())
}

/// What is known of the run of a result.
pub async fn record(run: &PromptId) -> Done<Option<Record>> {
    let reading = begin(&[RUNS], TransactionMode::ReadOnly).await?;
    let found = reading.object_store(RUNS)?.get(JsValue::from_str(run.as_str()))?.await?;
    let read = |text: JsValue| Record::from_value(&json::parse(&text.as_string()?)?);
    Ok(found.and_then(read))
}

pub async fn file(run: &PromptId, at: usize) -> Done<Option<Blob>> {
    let reading = begin(&[FILES], TransactionMode::ReadOnly).await?;
    let found = reading.object_store(FILES)?.get(file_key(run, at))?.await?;
    Ok(found.and_then(|found| found.dyn_into().ok()))
}

/// The files of a run that are here, by their places.
pub async fn files(run: &PromptId) -> Done<Vec<(usize, Blob)>> {
    let reading = begin(&[FILES], TransactionMode::ReadOnly).await?;
    let store = reading.object_store(FILES)?;
    let (keys, files) = (
        store.get_all_keys(Some(of(run)?.into()), None)?,
        store.get_all(Some(of(run)?.into()), None)?,
    );
    let (keys, files) = (keys.await?, files.await?);
    let place = |key: &JsValue| key.as_string()?.rsplit_once(' ')?.1.parse().ok();
    let both = keys.iter().zip(files);
    Ok(both.filter_map(|(key, file)| Some((place(key)?, file.dyn_into().ok()?))).collect())
}

/// Takes results away, with their bytes; a run of which nothing is left goes with them. `left`:
/// those that stay.
pub async fn remove(gone: &[Row], left: &[Row]) -> Done<()> {
    let writing = begin(&[ROWS, RUNS, FILES], TransactionMode::ReadWrite).await?;
    for row in gone {
        writing.object_store(ROWS)?.delete(JsValue::from_str(row.key.as_str()))?;
        if let Some(at) = row.file_at() {
            writing.object_store(FILES)?.delete(file_key(&row.run, at))?;
        }
        if !left.iter().any(|other| other.run == row.run) {
            writing.object_store(RUNS)?.delete(JsValue::from_str(row.run.as_str()))?;
        }
    }
    end(writing).await
}

/// Lets go of files of other runs than these: of some that were cancelled while they were fetched.
pub async fn forget_others(runs: &[&str]) -> Done<()> {
    let writing = begin(&[FILES], TransactionMode::ReadWrite).await?;
    let store = writing.object_store(FILES)?;
    for key in store.get_all_keys(None, None)?.await? {
        let text = key.as_string().unwrap_or_default();
        let run = text.rsplit_once(' ').map_or("", |(run, _)| run);
        if !runs.contains(&run) {
            store.delete(key)?;
        }
    }
    end(writing).await
}

fn file_key(run: &PromptId, at: usize) -> JsValue {
    JsValue::from_str(&format!("{} {at:04}", run.as_str()))
}

/// Every key that begins with the id of the run.
fn of(run: &PromptId) -> Done<KeyRange> {
    let bound = |end: &str| JsValue::from_str(&[run.as_str(), end].concat());
    Ok(KeyRange::bound(&bound(" "), &bound(" \u{ffff}"), None, None)?)
}

async fn begin(stores: &[&str], mode: TransactionMode) -> Done<Transaction> {
    let database = open().await?;
    match database.transaction(stores, mode) {
        Ok(transaction) => Ok(transaction),
        // The browser closed it behind our back, as when a newer page took it over.
        Err(_) => {
            OPEN.set(None);
            Ok(open().await?.transaction(stores, mode)?)
        }
    }
}

/// On the disk, once this has come back.
async fn end(writing: Transaction) -> Done<()> {
    let ended = writing.await?;
    if ended.is_committed() { Ok(()) } else { Err(Refused) }
}

async fn open() -> Done<Rc<Database>> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Ok(database);
    }
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // Nothing can be said from here; a store that is missing shows at its first use.
        let _made = event.database().map(|database| upgrade(&database));
    });
    let mut database = request.await?;
    // A newer page must not wait for this one.
    database.on_version_change(|_| {
        OPEN.with_borrow(|open| open.as_ref().map(|database| database.close()));
    });
    let database = Rc::new(database);
    OPEN.set(Some(database.clone()));
    Ok(database)
}

fn upgrade(database: &Database) -> Result<(), Error> {
    for store in [ROWS, RUNS, FILES] {
        if !database.store_names().iter().any(|known| known == store) {
            database.create_object_store(store, ObjectStoreParams::new())?;
        }
    }
    Ok(())
}

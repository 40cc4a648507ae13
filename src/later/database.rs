//! The results that this browser keeps, in a database of its own: a row for each result, a record
//! for each run, the bytes of each file. Invariant: what is said to be written is on the disk;
//! where the browser refuses or has no room it says so, and the page goes on from memory.

use std::cell::RefCell;

use js_sys::{Array, Function, Promise};
use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::kept::{Record, Row};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

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

impl From<JsValue> for Refused {
    // Dropped unread: there is one thing to do about all of them.
    fn from(_: JsValue) -> Self {
        Self
    }
}

type Done<T> = Result<T, Refused>;

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Stores a file the moment that it came.
pub async fn put_file(run: &PromptId, at: usize, bytes: &Blob) -> Done<()> {
    let writing = begin(&[FILES], WRITE).await?;
    put(&writing, FILES, &file_key(run, at), bytes)?;
    end(writing).await
}

/// Stores a run with its results, all or nothing.
pub async fn put_run(record: &Record, rows: &[Row]) -> Done<()> {
    let writing = begin(&[RUNS, ROWS], WRITE).await?;
    put(&writing, RUNS, record.id.as_str(), &json::text(&record.to_value()).into())?;
    put_rows(&writing, rows)?;
    end(writing).await
}

fn put_rows(writing: &IdbTransaction, rows: &[Row]) -> Done<()> {
    for row in rows {
        put(writing, ROWS, row.key.as_str(), &json::text(&row.to_value()).into())?;
    }
    Ok(())
}

fn put(writing: &IdbTransaction, store: &str, key: &str, value: &JsValue) -> Done<()> {
    writing.object_store(store)?.put_with_key(value, &JsValue::from_str(key))?;
    Ok(())
}

fn delete(writing: &IdbTransaction, store: &str, key: &str) -> Done<()> {
    writing.object_store(store)?.delete(&JsValue::from_str(key))?;
    Ok(())
}

/// Every result, as they came. What cannot be read is left out, and stays where it is.
pub async fn rows() -> Done<Vec<Row>> {
    let reading = begin(&[ROWS], READ).await?;
    let all: Array = answer(reading.object_store(ROWS)?.get_all()?).await?.unchecked_into();
    let read = |text: JsValue| Row::from_value(&json::parse(&text.as_string()?)?);
    Ok(all.iter().filter_map(read).collect())
}

/// What is known of the run of a result.
pub async fn record(run: &PromptId) -> Done<Option<Record>> {
    let reading = begin(&[RUNS], READ).await?;
    let found = get(&reading.object_store(RUNS)?, run.as_str()).await?;
    let read = |text: String| Record::from_value(&json::parse(&text)?);
    Ok(found.as_string().and_then(read))
}

pub async fn file(run: &PromptId, at: usize) -> Done<Option<Blob>> {
    let reading = begin(&[FILES], READ).await?;
    let found = get(&reading.object_store(FILES)?, &file_key(run, at)).await?;
    Ok(found.dyn_into().ok())
}

/// The files of a run that are here, by their places.
pub async fn files(run: &PromptId) -> Done<Vec<(usize, Blob)>> {
    let reading = begin(&[FILES], READ).await?;
    let store = reading.object_store(FILES)?;
    let range = of(run)?;
    let (keys, files) = (store.get_all_keys_with_key(&range)?, store.get_all_with_key(&range)?);
    let (keys, files) = (answer(keys).await?, answer(files).await?);
    let (keys, files): (Array, Array) = (keys.unchecked_into(), files.unchecked_into());
    let place = |key: JsValue| key.as_string()?.rsplit_once(' ')?.1.parse().ok();
    let both = keys.iter().zip(files.iter());
    Ok(both.filter_map(|(key, file)| Some((place(key)?, file.dyn_into().ok()?))).collect())
}

/// Takes results away, with their bytes; a run of which nothing is left goes with them. `left`:
/// those that stay.
pub async fn remove(gone: &[Row], left: &[Row]) -> Done<()> {
    let writing = begin(&[ROWS, RUNS, FILES], WRITE).await?;
    for row in gone {
        delete(&writing, ROWS, row.key.as_str())?;
        if let Some(at) = row.file_at() {
            delete(&writing, FILES, &file_key(&row.run, at))?;
        }
        if !left.iter().any(|other| other.run == row.run) {
            delete(&writing, RUNS, row.run.as_str())?;
        }
    }
    end(writing).await
}

/// The keys of all files.
pub async fn file_keys() -> Done<Vec<String>> {
    let reading = begin(&[FILES], READ).await?;
    let keys: Array = answer(reading.object_store(FILES)?.get_all_keys()?).await?.unchecked_into();
    Ok(keys.iter().filter_map(|key| key.as_string()).collect())
}

/// Lets go of those of these files that are of other runs than these.
pub async fn forget_others(keys: &[String], runs: &[&str]) -> Done<()> {
    let writing = begin(&[FILES], WRITE).await?;
    for key in keys {
        let run = key.rsplit_once(' ').map_or("", |(run, _)| run);
        if !runs.contains(&run) {
            delete(&writing, FILES, key)?;
        }
    }
    end(writing).await
}

fn file_key(run: &PromptId, at: usize) -> String {
    format!("{} {at:04}", run.as_str())
}

/// Every key that begins with the id of the run.
fn of(run: &PromptId) -> Done<IdbKeyRange> {
    let bound = |end: &str| JsValue::from_str(&[run.as_str(), end].concat());
    Ok(IdbKeyRange::bound(&bound(" "), &bound(" \u{ffff}"))?)
}

async fn get(store: &IdbObjectStore, key: &str) -> Done<JsValue> {
    answer(store.get(&JsValue::from_str(key))?).await
}

async fn answer(request: IdbRequest) -> Done<JsValue> {
    settled(|then, otherwise| {
        request.set_onsuccess(Some(then));
        request.set_onerror(Some(otherwise));
    })
    .await?;
    Ok(request.result()?)
}

/// On the disk, once this has come back.
async fn end(writing: IdbTransaction) -> Done<()> {
    settled(|then, otherwise| {
        writing.set_oncomplete(Some(then));
        writing.set_onabort(Some(otherwise));
    })
    .await
}

async fn settled(listen: impl Fn(&Function, &Function)) -> Done<()> {
    let promise = Promise::new(&mut |then, otherwise| listen(&then, &otherwise));
    JsFuture::from(promise).await?;
    Ok(())
}

const READ: IdbTransactionMode = IdbTransactionMode::Readonly;
const WRITE: IdbTransactionMode = IdbTransactionMode::Readwrite;

async fn begin(stores: &[&str], mode: IdbTransactionMode) -> Done<IdbTransaction> {
    let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let begin =
        |database: IdbDatabase| database.transaction_with_str_sequence_and_mode(&names, mode);
    match begin(open().await?) {
        Ok(transaction) => Ok(transaction),
        // The browser closed it behind our back, or a newer page took it over.
        Err(_) => {
            OPEN.set(None);
            Ok(begin(open().await?)?)
        }
    }
}

async fn open() -> Done<IdbDatabase> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Ok(database);
    }
    // Asking throws in a frame that may not store.
    let factory = leptos::prelude::window().indexed_db()?.ok_or(Refused)?;
    let request = factory.open_with_u32(NAME, VERSION)?;
    let opening = request.clone();
    let upgrade = Closure::once(move || {
        // Nothing can be said from here; a store that is missing shows at its first use.
        let _made = opening.result().map(|it| upgrade(it.unchecked_ref()));
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = answer(request.into()).await?.unchecked_into();
    // A newer page must not wait for this one.
    let closing = database.clone();
    let close = Closure::<dyn Fn()>::new(move || closing.close());
    database.set_onversionchange(Some(close.as_ref().unchecked_ref()));
    close.forget();
    OPEN.set(Some(database.clone()));
    Ok(database)
}

fn upgrade(database: &IdbDatabase) -> Result<(), JsValue> {
    for store in [ROWS, RUNS, FILES] {
        if !database.object_store_names().contains(store) {
            database.create_object_store(store)?;
        }
    }
    Ok(())
}

//! What this browser keeps, in a database of its own: results, the runs they came of, the bytes of
//! files, the pictures of forms. Invariant: what is said to be written is on the disk; where the
//! browser refuses or has no room it says so, and the page goes on from memory.

mod files;
mod pictures;
mod results;

use std::cell::RefCell;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

pub use files::{file, file_keys, files, forget_others, put_file, put_thumb, thumb};
pub use pictures::{forget_pictures, picture, picture_keys, put_picture};
pub use results::{
    change, newest, put_run, record, remove, row, row_keys, rows, rows_between, rows_of,
};

const NAME: &str = "pilotlight";
/// Grows with each change of the stores; see `upgrade`.
const VERSION: u32 = 2;
/// By `Key`, as JSON.
const ROWS: &str = "rows";
/// By the run's id, as JSON.
const RUNS: &str = "runs";
/// By the run's id and the place of the file among those of the run.
const FILES: &str = "files";
/// Small pictures of results, by `Key`.
const THUMBS: &str = "thumbs";
/// Pictures that people put into forms, by the hash of their bytes; what is to be seen of one in
/// its place, by `shown-` and the hash.
const PICTURES: &str = "pictures";

/// The stores that each version added. No version has changed what a store holds: the records in
/// it name their own.
const ADDED: [&[&str]; VERSION as usize] = [&[ROWS, RUNS, FILES], &[THUMBS, PICTURES]];

/// The browser did not do it: refused, full, or broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl From<JsValue> for Refused {
    // Dropped unread: there is one thing to do about all of them.
    fn from(_: JsValue) -> Self {
        Self
    }
}

pub type Done<T> = Result<T, Refused>;

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

fn put(writing: &IdbTransaction, store: &str, key: &str, value: &JsValue) -> Done<()> {
    writing.object_store(store)?.put_with_key(value, &JsValue::from_str(key))?;
    Ok(())
}

fn delete(writing: &IdbTransaction, store: &str, key: &str) -> Done<()> {
    writing.object_store(store)?.delete(&JsValue::from_str(key))?;
    Ok(())
}

async fn get(store: &IdbObjectStore, key: &str) -> Done<JsValue> {
    answer(store.get(&JsValue::from_str(key))?).await
}

/// Every key of a store, in order.
async fn keys(store: &str) -> Done<Vec<String>> {
    let reading = begin(&[store], READ).await?;
    let keys: Array = answer(reading.object_store(store)?.get_all_keys()?).await?.unchecked_into();
    Ok(keys.iter().filter_map(|key| key.as_string()).collect())
}

/// Every key from the one to the other, both included.
fn between(first: &str, last: &str) -> Done<IdbKeyRange> {
    Ok(IdbKeyRange::bound(&JsValue::from_str(first), &JsValue::from_str(last))?)
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

/// From whatever version there was: what is there stays, what is missing is made.
fn upgrade(database: &IdbDatabase) -> Result<(), JsValue> {
    for store in ADDED.into_iter().flatten() {
        if !database.object_store_names().contains(store) {
            database.create_object_store(store)?;
        }
    }
    Ok(())
}

//! What this browser keeps, in a database of its own: results, the runs they came of, the bytes of
//! files, the pictures of forms. Invariant: what is said to be written is on the disk; where the
//! browser refuses or has no room it says so, and the page goes on from memory.

mod files;
mod pictures;
mod results;

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::js;

pub use crate::runtime::database::files::{
    file, file_keys, files, forget_others, put_file, put_thumb, thumb,
};
pub use crate::runtime::database::pictures::{forget_pictures, picture, picture_keys, put_picture};
pub use crate::runtime::database::results::{
    change, newest, put_run, record, remove, remove_files, row, row_keys, rows, rows_between,
    rows_of,
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

/// Why the browser did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no room for it.
    Full,
    /// It keeps nothing for this page, or something in it broke.
    Other,
}

pub type Done<T> = Result<T, Refused>;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    open: RefCell<Option<JsValue>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// What is done at once, or not at all.
struct Transaction(JsValue);

impl Transaction {
    fn put(&self, store: &str, key: &str, value: &JsValue) -> Done<()> {
        self.ask(store, "put", &[value.clone(), key.into()]).map(drop)
    }

    fn delete(&self, store: &str, key: &str) -> Done<()> {
        self.ask(store, "delete", &[key.into()]).map(drop)
    }

    async fn get(&self, store: &str, key: &str) -> Done<JsValue> {
        answer(self.ask(store, "get", &[key.into()])?).await
    }

    /// Every key of a store, in order.
    async fn keys(&self, store: &str) -> Done<Vec<String>> {
        let keys: Array = self.all(store, "getAllKeys", JsValue::UNDEFINED).await?;
        Ok(keys.iter().filter_map(|key| key.as_string()).collect())
    }

    /// `range`: `between`, or undefined for everything.
    async fn all(&self, store: &str, method: &str, range: JsValue) -> Done<Array> {
        Ok(answer(self.ask(store, method, &[range])?).await?.unchecked_into())
    }

    /// A request that is under way.
    fn ask(&self, store: &str, method: &str, args: &[JsValue]) -> Done<JsValue> {
        let store = js::call(&self.0, "objectStore", &[store.into()]).ok_or(Refused::Other)?;
        js::call(&store, method, args).ok_or(Refused::Other)
    }

    /// On the disk, once this has come back.
    async fn end(self) -> Done<()> {
        js::settled(&self.0, "oncomplete", "onabort").await.map_err(|_| {
            // What came is the event; the reason stands at the transaction.
            let why = js::get(&js::get(&self.0, "error"), "name").as_string();
            match why.as_deref() {
                Some("QuotaExceededError") => Refused::Full,
                Some(_) | None => Refused::Other,
            }
        })
    }
}

/// Every key from the one to the other, both included.
fn between(first: &str, last: &str) -> JsValue {
    let class = js::get(&js_sys::global(), "IDBKeyRange");
    js::call(&class, "bound", &[first.into(), last.into()]).unwrap_or_default()
}

async fn answer(request: JsValue) -> Done<JsValue> {
    js::settled(&request, "onsuccess", "onerror").await.map_err(|_| Refused::Other)?;
    Ok(js::get(&request, "result"))
}

async fn read(stores: &[&str]) -> Done<Transaction> {
    begin(stores, "readonly").await
}

async fn write(stores: &[&str]) -> Done<Transaction> {
    begin(stores, "readwrite").await
}

async fn begin(stores: &[&str], mode: &str) -> Done<Transaction> {
    let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let begin = |database: JsValue| {
        js::call(&database, "transaction", &[names.clone().into(), mode.into()]).map(Transaction)
    };
    if let Some(transaction) = begin(open().await?) {
        return Ok(transaction);
    }
    // The browser closed it behind our back, or a newer page took it over.
    state().open.replace(None);
    begin(open().await?).ok_or(Refused::Other)
}

async fn open() -> Done<JsValue> {
    let open = state().open.borrow().clone();
    if let Some(database) = open {
        return Ok(database);
    }
    // Asking throws in a frame that may not store.
    let factory = js::get(&js_sys::global(), "indexedDB");
    let request =
        js::call(&factory, "open", &[NAME.into(), VERSION.into()]).ok_or(Refused::Other)?;
    let opening = request.clone();
    let upgrade = Closure::once_into_js(move || upgrade(&js::get(&opening, "result")));
    js::set(&request, "onupgradeneeded", upgrade);
    let database = answer(request).await?;
    // A newer page must not wait for this one.
    let closing = database.clone();
    let close = Closure::<dyn Fn()>::new(move || drop(js::call(&closing, "close", &[])));
    js::set(&database, "onversionchange", close.into_js_value());
    state().open.replace(Some(database.clone()));
    Ok(database)
}

/// From whatever version there was: what is there stays, what is missing is made. Nothing can be
/// said from here; a store that is missing shows at its first use.
fn upgrade(database: &JsValue) {
    let there = js::get(database, "objectStoreNames");
    for store in ADDED.into_iter().flatten() {
        let has = js::call(&there, "contains", &[(*store).into()]);
        if !has.is_some_and(|has| has.is_truthy()) {
            js::call(database, "createObjectStore", &[(*store).into()]);
        }
    }
}

//! The page's IndexedDB database: results, records of their runs, files, thumbnails and input
//! images. Invariant: a write that succeeded is on the disk. If the browser refuses a write or has
//! no space, an error is returned, and the page continues from memory.

mod files;
mod pictures;
mod results;

use std::cell::RefCell;
use std::rc::Rc;

use idb::{
    Database, DatabaseEvent, Factory, KeyRange, ObjectStore, ObjectStoreParams, Query,
    TransactionMode,
};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

pub use crate::runtime::database::files::{
    file, file_keys, files, forget_others, put_file, put_thumb, thumb,
};
pub use crate::runtime::database::pictures::{forget_pictures, picture, picture_keys, put_picture};
pub use crate::runtime::database::results::{
    change, newest, put_run, record, remove, remove_files, row, row_keys, rows, rows_between,
    rows_of,
};

const NAME: &str = "pilotlight";
/// Increased whenever stores are added; see `upgrade`.
const VERSION: u32 = 2;
/// Rows of results, by `Key`, as JSON.
const ROWS: &str = "rows";
/// Records of runs, by the run's id, as JSON.
const RUNS: &str = "runs";
/// Files, by the run's id and the index among its files.
const FILES: &str = "files";
/// Thumbnails of results, by `Key`.
const THUMBS: &str = "thumbs";
/// Input images, by the hash of their bytes. An image that is displayed instead of one, such as
/// a preview of a mask, has the key `shown-` and that hash.
const PICTURES: &str = "pictures";

/// The stores that each version added. No version has changed the format of a store: each record
/// has a version of its own.
const ADDED: [&[&str]; VERSION as usize] = [&[ROWS, RUNS, FILES], &[THUMBS, PICTURES]];

/// Why the database did not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no space left.
    Full,
    /// The browser refuses storage, or an operation failed.
    Other,
}

pub type Done<T> = Result<T, Refused>;

impl From<idb::Error> for Refused {
    fn from(_: idb::Error) -> Self {
        Self::Other
    }
}

/// The state of this module: the open connection.
#[derive(Default)]
struct State {
    open: RefCell<Option<Rc<Database>>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// A transaction: either all of its changes are made, or none.
struct Transaction(idb::Transaction);

impl Transaction {
    fn store(&self, name: &str) -> Done<ObjectStore> {
        Ok(self.0.object_store(name)?)
    }

    fn put(&self, store: &str, key: &str, value: &JsValue) -> Done<()> {
        self.store(store)?.put(value, Some(&key.into()))?;
        Ok(())
    }

    fn delete(&self, store: &str, key: &str) -> Done<()> {
        self.store(store)?.delete(JsValue::from_str(key))?;
        Ok(())
    }

    async fn get(&self, store: &str, key: &str) -> Done<Option<JsValue>> {
        Ok(self.store(store)?.get(JsValue::from_str(key))?.await?)
    }

    /// Returns the keys in this range, or all of them, in order.
    async fn keys(&self, store: &str, range: Option<KeyRange>) -> Done<Vec<String>> {
        let keys = self.store(store)?.get_all_keys(range.map(Query::from), None)?.await?;
        Ok(keys.into_iter().filter_map(|key| key.as_string()).collect())
    }

    /// Returns the values in this range, or all of them, in the order of their keys.
    async fn values(&self, store: &str, range: Option<KeyRange>) -> Done<Vec<JsValue>> {
        Ok(self.store(store)?.get_all(range.map(Query::from), None)?.await?)
    }

    /// Returns once everything is on the disk.
    ///
    /// # Errors
    /// [`Refused`] if the browser undid it. The crate's own future reports the event of the request
    /// that failed first, before the transaction knows the reason.
    async fn end(mut self) -> Done<()> {
        let ended = Promise::new(&mut |resolve, reject| {
            let call = |function: Function| move |_| drop(function.call0(&JsValue::NULL));
            self.0.on_complete(call(resolve));
            self.0.on_abort(call(reject));
        });
        if JsFuture::from(ended).await.is_ok() {
            return Ok(());
        }
        match self.0.error() {
            Some(error) if error.name() == "QuotaExceededError" => Err(Refused::Full),
            Some(_) | None => Err(Refused::Other),
        }
    }
}

/// Returns the range from one key to another one, both included.
fn between(first: &str, last: &str) -> Done<KeyRange> {
    Ok(KeyRange::bound(&first.into(), &last.into(), None, None)?)
}

async fn read(stores: &[&str]) -> Done<Transaction> {
    begin(stores, TransactionMode::ReadOnly).await
}

async fn write(stores: &[&str]) -> Done<Transaction> {
    begin(stores, TransactionMode::ReadWrite).await
}

async fn begin(stores: &[&str], mode: TransactionMode) -> Done<Transaction> {
    if let Ok(transaction) = open().await?.transaction(stores, mode) {
        return Ok(Transaction(transaction));
    }
    // The browser closed the connection, or a newer page upgraded the database.
    state().open.replace(None);
    Ok(Transaction(open().await?.transaction(stores, mode)?))
}

async fn open() -> Done<Rc<Database>> {
    let open = state().open.borrow().clone();
    if let Some(database) = open {
        return Ok(database);
    }
    // This fails in a frame that may not store.
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            upgrade(&database);
        }
    });
    let mut database = request.await?;
    // A newer page must not wait for this one.
    database.on_version_change(|event| {
        if let Ok(database) = event.database() {
            database.close();
        }
    });
    let database = Rc::new(database);
    state().open.replace(Some(database.clone()));
    Ok(database)
}

/// Creates the stores that are missing, whatever the former version was. Errors cannot be reported
/// from here: a store that is missing is noticed when it is used.
fn upgrade(database: &Database) {
    let existing = database.store_names();
    for store in ADDED.into_iter().flatten() {
        if !existing.iter().any(|name| name == store) {
            let _created = database.create_object_store(store, ObjectStoreParams::new());
        }
    }
}

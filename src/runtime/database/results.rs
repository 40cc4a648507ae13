//! Rows of results, and records of their runs.

use idb::KeyRange;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_runs::results::{Key, Record, ResultRow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::runtime::database::files::file_key;
use crate::runtime::database::{
    Done, FILES, ROWS, RUNS, THUMBS, Transaction, between, read, write,
};

/// Stores a run with its results and files (by index) in one transaction.
pub async fn put_run(record: &Record, rows: &[ResultRow], files: &[(usize, Blob)]) -> Done<()> {
    let writing = write(&[RUNS, ROWS, FILES]).await?;
    writing.put(RUNS, record.id.as_str(), &written(record))?;
    for row in rows {
        put_row(&writing, row)?;
    }
    for (at, bytes) in files {
        writing.put(FILES, &file_key(&record.id, *at), bytes)?;
    }
    writing.end().await
}

fn put_row(writing: &Transaction, row: &ResultRow) -> Done<()> {
    writing.put(ROWS, row.key.as_str(), &written(row))
}

/// Changes rows in one transaction, so that no other tab changes them meanwhile. Rows that were
/// deleted are skipped.
pub async fn change(keys: &[Key], change: impl Fn(&mut ResultRow)) -> Done<()> {
    let writing = write(&[ROWS]).await?;
    for key in keys {
        if let Some(mut row) = parsed(writing.get(ROWS, key.as_str()).await?) {
            change(&mut row);
            put_row(&writing, &row)?;
        }
    }
    writing.end().await
}

/// Returns all results, oldest first. Rows that cannot be read are left out, and stay stored.
pub async fn rows() -> Done<Vec<ResultRow>> {
    rows_in(None).await
}

/// Returns the keys of all results, oldest first.
pub async fn row_keys() -> Done<Vec<String>> {
    read(&[ROWS]).await?.keys(ROWS, None).await
}

/// Returns the results whose keys are in this range, both ends included.
pub async fn rows_between(first: &str, last: &str) -> Done<Vec<ResultRow>> {
    rows_in(Some(between(first, last)?)).await
}

/// Returns the newest results, oldest first; reads no others.
pub async fn newest(count: usize) -> Done<Vec<ResultRow>> {
    let keys = row_keys().await?;
    let first = keys.len().saturating_sub(count);
    match (keys.get(first), keys.last()) {
        (Some(first), Some(last)) => rows_between(first, last).await,
        (None, _) | (_, None) => Ok(Vec::new()),
    }
}

/// Returns the current row of a result; `None` if it was deleted or cannot be read.
pub async fn row(key: &Key) -> Done<Option<ResultRow>> {
    Ok(parsed(read(&[ROWS]).await?.get(ROWS, key.as_str()).await?))
}

/// Returns the results of a run.
pub async fn rows_of(run: &PromptId) -> Done<Vec<ResultRow>> {
    let keys = row_keys().await?;
    let mut own = keys.iter().filter(|key| Key::run_of(key) == Some(run.as_str()));
    match own.next() {
        None => Ok(Vec::new()),
        Some(first) => rows_between(first, own.next_back().unwrap_or(first)).await,
    }
}

async fn rows_in(range: Option<KeyRange>) -> Done<Vec<ResultRow>> {
    let all = read(&[ROWS]).await?.values(ROWS, range).await?;
    Ok(all.into_iter().filter_map(|text| parsed(Some(text))).collect())
}

fn parsed<T: DeserializeOwned>(text: Option<JsValue>) -> Option<T> {
    json::from_text(&text?.as_string()?)
}

/// Returns a value as the JSON text that is stored.
fn written(value: &impl Serialize) -> JsValue {
    json::to_text(value).into()
}

/// Returns the record of a run, if there is one.
pub async fn record(run: &PromptId) -> Done<Option<Record>> {
    Ok(parsed(read(&[RUNS]).await?.get(RUNS, run.as_str()).await?))
}

/// Deletes results, their files and thumbnails, and the records of runs without further results.
/// The files of `files_later` stay until `remove_files`.
pub async fn remove(gone: &[ResultRow], files_later: &[ResultRow]) -> Done<()> {
    let writing = write(&[ROWS, RUNS, FILES, THUMBS]).await?;
    for row in gone.iter().chain(files_later) {
        writing.delete(ROWS, row.key.as_str())?;
        writing.delete(THUMBS, row.key.as_str())?;
    }
    delete_files(&writing, gone)?;
    let left = writing.keys(ROWS, None).await?;
    for row in gone.iter().chain(files_later) {
        let of_run = row.key.of_run();
        let next = left.partition_point(|key| key.as_str() < of_run);
        if !left.get(next).is_some_and(|key| key.starts_with(of_run)) {
            writing.delete(RUNS, row.run.as_str())?;
        }
    }
    writing.end().await
}

/// Deletes the files of these results.
pub async fn remove_files(of: &[ResultRow]) -> Done<()> {
    let writing = write(&[FILES]).await?;
    delete_files(&writing, of)?;
    writing.end().await
}

fn delete_files(writing: &Transaction, of: &[ResultRow]) -> Done<()> {
    for row in of {
        if let Some(at) = row.file_at() {
            writing.delete(FILES, &file_key(&row.run, at))?;
        }
    }
    Ok(())
}

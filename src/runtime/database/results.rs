//! Rows of results, and the runs that they came of.

use idb::KeyRange;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_runs::kept::{Key, Record, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::runtime::database::files::file_key;
use crate::runtime::database::{
    Done, FILES, ROWS, RUNS, THUMBS, Transaction, between, read, write,
};

/// Stores a run with its results, and files of it by their places, all or nothing.
pub async fn put_run(record: &Record, rows: &[Row], files: &[(usize, Blob)]) -> Done<()> {
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

fn put_row(writing: &Transaction, row: &Row) -> Done<()> {
    writing.put(ROWS, row.key.as_str(), &written(row))
}

/// Changes rows as they are now, whoever wrote them last: no other page comes in between. One that
/// is gone stays gone.
pub async fn change(keys: &[Key], change: impl Fn(&mut Row)) -> Done<()> {
    let writing = write(&[ROWS]).await?;
    for key in keys {
        if let Some(mut row) = parsed(writing.get(ROWS, key.as_str()).await?) {
            change(&mut row);
            put_row(&writing, &row)?;
        }
    }
    writing.end().await
}

/// Every result, as they came. What cannot be read is left out, and stays where it is.
pub async fn rows() -> Done<Vec<Row>> {
    rows_in(None).await
}

/// The keys of all results, as they came.
pub async fn row_keys() -> Done<Vec<String>> {
    read(&[ROWS]).await?.keys(ROWS, None).await
}

/// The results from the one key to the other, both included.
pub async fn rows_between(first: &str, last: &str) -> Done<Vec<Row>> {
    rows_in(Some(between(first, last)?)).await
}

/// So many of the newest, as they came. Others are not read.
pub async fn newest(count: usize) -> Done<Vec<Row>> {
    let keys = row_keys().await?;
    let first = keys.len().saturating_sub(count);
    match (keys.get(first), keys.last()) {
        (Some(first), Some(last)) => rows_between(first, last).await,
        (None, _) | (_, None) => Ok(Vec::new()),
    }
}

/// One result, as it is now.
pub async fn row(key: &Key) -> Done<Option<Row>> {
    Ok(parsed(read(&[ROWS]).await?.get(ROWS, key.as_str()).await?))
}

/// The results of a run.
pub async fn rows_of(run: &PromptId) -> Done<Vec<Row>> {
    let keys = row_keys().await?;
    let mut own = keys.iter().filter(|key| Key::run_of(key) == Some(run.as_str()));
    match own.next() {
        None => Ok(Vec::new()),
        Some(first) => rows_between(first, own.next_back().unwrap_or(first)).await,
    }
}

async fn rows_in(range: Option<KeyRange>) -> Done<Vec<Row>> {
    let all = read(&[ROWS]).await?.values(ROWS, range).await?;
    Ok(all.into_iter().filter_map(|text| parsed(Some(text))).collect())
}

fn parsed<T: DeserializeOwned>(text: Option<JsValue>) -> Option<T> {
    json::from_text(&text?.as_string()?)
}

/// The stored form.
fn written(value: &impl Serialize) -> JsValue {
    json::to_text(value).into()
}

/// What is known of the run of a result.
pub async fn record(run: &PromptId) -> Done<Option<Record>> {
    Ok(parsed(read(&[RUNS]).await?.get(RUNS, run.as_str()).await?))
}

/// Deletes results with their bytes; a run of which nothing is left goes with them. Of the results
/// in `files_later` the files stay until `remove_files`.
pub async fn remove(gone: &[Row], files_later: &[Row]) -> Done<()> {
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

/// Deletes the files of results that were deleted.
pub async fn remove_files(of: &[Row]) -> Done<()> {
    let writing = write(&[FILES]).await?;
    delete_files(&writing, of)?;
    writing.end().await
}

fn delete_files(writing: &Transaction, of: &[Row]) -> Done<()> {
    for row in of {
        if let Some(at) = row.file_at() {
            writing.delete(FILES, &file_key(&row.run, at))?;
        }
    }
    Ok(())
}

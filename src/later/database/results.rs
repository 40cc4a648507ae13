//! Rows of results, and the runs that they came of.

use js_sys::Array;
use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::kept::{Key, Record, Row};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbKeyRange, IdbTransaction};

use super::files::file_key;
use super::{
    Done, FILES, READ, ROWS, RUNS, THUMBS, WRITE, answer, begin, between, delete, end, get, keys,
    put,
};

/// Stores a run with its results, all or nothing.
pub async fn put_run(record: &Record, rows: &[Row]) -> Done<()> {
    let writing = begin(&[RUNS, ROWS], WRITE).await?;
    put(&writing, RUNS, record.id.as_str(), &json::text(&record.to_value()).into())?;
    for row in rows {
        put_row(&writing, row)?;
    }
    end(writing).await
}

fn put_row(writing: &IdbTransaction, row: &Row) -> Done<()> {
    put(writing, ROWS, row.key.as_str(), &json::text(&row.to_value()).into())
}

/// Changes rows as they are now, whoever wrote them last: no other page comes in between. One that
/// is gone stays gone.
pub async fn change(keys: &[Key], change: impl Fn(&mut Row)) -> Done<()> {
    let writing = begin(&[ROWS], WRITE).await?;
    for key in keys {
        if let Some(mut row) = read(&get(&writing.object_store(ROWS)?, key.as_str()).await?) {
            change(&mut row);
            put_row(&writing, &row)?;
        }
    }
    end(writing).await
}

/// Every result, as they came. What cannot be read is left out, and stays where it is.
pub async fn rows() -> Done<Vec<Row>> {
    rows_in(None).await
}

/// The keys of all results, as they came.
pub async fn row_keys() -> Done<Vec<String>> {
    keys(ROWS).await
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
    let reading = begin(&[ROWS], READ).await?;
    Ok(read(&get(&reading.object_store(ROWS)?, key.as_str()).await?))
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

async fn rows_in(range: Option<IdbKeyRange>) -> Done<Vec<Row>> {
    let reading = begin(&[ROWS], READ).await?;
    let store = reading.object_store(ROWS)?;
    let asked = match range {
        Some(range) => store.get_all_with_key(&range)?,
        None => store.get_all()?,
    };
    let all: Array = answer(asked).await?.unchecked_into();
    Ok(all.iter().filter_map(|text| read(&text)).collect())
}

fn read(text: &JsValue) -> Option<Row> {
    Row::from_value(&json::parse(&text.as_string()?)?)
}

/// What is known of the run of a result.
pub async fn record(run: &PromptId) -> Done<Option<Record>> {
    let reading = begin(&[RUNS], READ).await?;
    let found = get(&reading.object_store(RUNS)?, run.as_str()).await?;
    let read = |text: String| Record::from_value(&json::parse(&text)?);
    Ok(found.as_string().and_then(read))
}

/// Takes results away, with their bytes; a run of which nothing is left goes with them.
pub async fn remove(gone: &[Row]) -> Done<()> {
    let writing = begin(&[ROWS, RUNS, FILES, THUMBS], WRITE).await?;
    for row in gone {
        delete(&writing, ROWS, row.key.as_str())?;
        delete(&writing, THUMBS, row.key.as_str())?;
        if let Some(at) = row.file_at() {
            delete(&writing, FILES, &file_key(&row.run, at))?;
        }
    }
    let left: Array = answer(writing.object_store(ROWS)?.get_all_keys()?).await?.unchecked_into();
    let left: Vec<String> = left.iter().filter_map(|key| key.as_string()).collect();
    for row in gone {
        let of_run = row.key.of_run();
        let next = left.partition_point(|key| key.as_str() < of_run);
        if !left.get(next).is_some_and(|key| key.starts_with(of_run)) {
            delete(&writing, RUNS, row.run.as_str())?;
        }
    }
    end(writing).await
}

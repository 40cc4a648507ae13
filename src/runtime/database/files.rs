//! Files of results, and their thumbnails.

use std::collections::BTreeSet;

use pilotlight_comfy::id::PromptId;
use pilotlight_runs::results::Key;
use wasm_bindgen::JsCast;
use web_sys::Blob;

use crate::runtime::database::{Done, FILES, THUMBS, between, read, write};

/// Stores a file of a run as soon as it arrived; `at` is its index among the run's files.
pub async fn put_file(run: &PromptId, at: usize, bytes: &Blob) -> Done<()> {
    let writing = write(&[FILES]).await?;
    writing.put(FILES, &file_key(run, at), bytes)?;
    writing.end().await
}

pub async fn file(run: &PromptId, at: usize) -> Done<Option<Blob>> {
    let found = read(&[FILES]).await?.get(FILES, &file_key(run, at)).await?;
    Ok(found.and_then(|file| file.dyn_into().ok()))
}

/// Returns the stored files of a run, with their indexes.
pub async fn files(run: &PromptId) -> Done<Vec<(usize, Blob)>> {
    let reading = read(&[FILES]).await?;
    let end = |end: &str| [run.as_str(), end].concat();
    let range = between(&end(" "), &end(" \u{ffff}"))?;
    let keys = reading.keys(FILES, Some(range.clone())).await?;
    let files = reading.values(FILES, Some(range)).await?;
    let place = |key: String| key.rsplit_once(' ')?.1.parse().ok();
    let both = keys.into_iter().zip(files);
    Ok(both.filter_map(|(key, file)| Some((place(key)?, file.dyn_into().ok()?))).collect())
}

/// Returns the thumbnail of a result, if there is one.
pub async fn thumb(key: &Key) -> Done<Option<Blob>> {
    let found = read(&[THUMBS]).await?.get(THUMBS, key.as_str()).await?;
    Ok(found.and_then(|thumb| thumb.dyn_into().ok()))
}

pub async fn put_thumb(key: &Key, bytes: &Blob) -> Done<()> {
    let writing = write(&[THUMBS]).await?;
    writing.put(THUMBS, key.as_str(), bytes)?;
    writing.end().await
}

/// Returns the keys of all files.
pub async fn file_keys() -> Done<Vec<String>> {
    read(&[FILES]).await?.keys(FILES, None).await
}

/// Deletes those of the files in `keys` whose run is not in `runs`.
pub async fn forget_others(keys: &[String], runs: &BTreeSet<&str>) -> Done<()> {
    let writing = write(&[FILES]).await?;
    for key in keys {
        let run = key.rsplit_once(' ').map_or("", |(run, _)| run);
        if !runs.contains(run) {
            writing.delete(FILES, key)?;
        }
    }
    writing.end().await
}

pub fn file_key(run: &PromptId, at: usize) -> String {
    format!("{} {at:04}", run.as_str())
}

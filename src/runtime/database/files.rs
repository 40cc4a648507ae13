//! The bytes of results, and small pictures of them.

use std::collections::BTreeSet;

use pilotlight_comfy::id::PromptId;
use pilotlight_runs::kept::Key;
use wasm_bindgen::JsCast;
use web_sys::Blob;

use crate::runtime::database::{Done, FILES, THUMBS, between, read, write};

/// Stores a file the moment that it came.
pub async fn put_file(run: &PromptId, at: usize, bytes: &Blob) -> Done<()> {
    let writing = write(&[FILES]).await?;
    writing.put(FILES, &file_key(run, at), bytes)?;
    writing.end().await
}

pub async fn file(run: &PromptId, at: usize) -> Done<Option<Blob>> {
    let found = read(&[FILES]).await?.get(FILES, &file_key(run, at)).await?;
    Ok(found.and_then(|file| file.dyn_into().ok()))
}

/// The files of a run that are here, by their places.
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

/// The small picture of a result, if one was made.
pub async fn thumb(key: &Key) -> Done<Option<Blob>> {
    let found = read(&[THUMBS]).await?.get(THUMBS, key.as_str()).await?;
    Ok(found.and_then(|thumb| thumb.dyn_into().ok()))
}

pub async fn put_thumb(key: &Key, bytes: &Blob) -> Done<()> {
    let writing = write(&[THUMBS]).await?;
    writing.put(THUMBS, key.as_str(), bytes)?;
    writing.end().await
}

/// The keys of all files.
pub async fn file_keys() -> Done<Vec<String>> {
    read(&[FILES]).await?.keys(FILES, None).await
}

/// Lets go of those of these files that are of other runs than these.
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

//! The bytes of results.

use js_sys::Array;
use pilotlight_engine::id::PromptId;
use pilotlight_engine::kept::Key;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::{
    Done, FILES, READ, THUMBS, WRITE, answer, begin, between, delete, end, get, keys, put,
};

/// Stores a file the moment that it came.
pub async fn put_file(run: &PromptId, at: usize, bytes: &Blob) -> Done<()> {
    let writing = begin(&[FILES], WRITE).await?;
    put(&writing, FILES, &file_key(run, at), bytes)?;
    end(writing).await
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
    let end = |end: &str| [run.as_str(), end].concat();
    let range = between(&end(" "), &end(" \u{ffff}"))?;
    let (keys, files) = (store.get_all_keys_with_key(&range)?, store.get_all_with_key(&range)?);
    let (keys, files) = (answer(keys).await?, answer(files).await?);
    let (keys, files): (Array, Array) = (keys.unchecked_into(), files.unchecked_into());
    let place = |key: JsValue| key.as_string()?.rsplit_once(' ')?.1.parse().ok();
    let both = keys.iter().zip(files.iter());
    Ok(both.filter_map(|(key, file)| Some((place(key)?, file.dyn_into().ok()?))).collect())
}

/// The small picture of a result, if one was made.
pub async fn thumb(key: &Key) -> Done<Option<Blob>> {
    let reading = begin(&[THUMBS], READ).await?;
    Ok(get(&reading.object_store(THUMBS)?, key.as_str()).await?.dyn_into().ok())
}

pub async fn put_thumb(key: &Key, bytes: &Blob) -> Done<()> {
    let writing = begin(&[THUMBS], WRITE).await?;
    put(&writing, THUMBS, key.as_str(), bytes)?;
    end(writing).await
}

/// The keys of all files.
pub async fn file_keys() -> Done<Vec<String>> {
    keys(FILES).await
}

/// Lets go of those of these files that are of other runs than these, which are sorted.
pub async fn forget_others(keys: &[String], runs: &[&str]) -> Done<()> {
    let writing = begin(&[FILES], WRITE).await?;
    for key in keys {
        let run = key.rsplit_once(' ').map_or("", |(run, _)| run);
        if runs.binary_search(&run).is_err() {
            delete(&writing, FILES, key)?;
        }
    }
    end(writing).await
}

pub(super) fn file_key(run: &PromptId, at: usize) -> String {
    format!("{} {at:04}", run.as_str())
}

//! Pictures that people put into forms.

use wasm_bindgen::JsCast;
use web_sys::Blob;

use super::{Done, PICTURES, READ, WRITE, begin, delete, end, get, keys, put};

/// `name`: the hash of its bytes, or `shown-` and the hash for what is to be seen of it.
pub async fn picture(name: &str) -> Done<Option<Blob>> {
    let reading = begin(&[PICTURES], READ).await?;
    Ok(get(&reading.object_store(PICTURES)?, name).await?.dyn_into().ok())
}

pub async fn put_picture(name: &str, bytes: &Blob) -> Done<()> {
    let writing = begin(&[PICTURES], WRITE).await?;
    put(&writing, PICTURES, name, bytes)?;
    end(writing).await
}

pub async fn picture_keys() -> Done<Vec<String>> {
    keys(PICTURES).await
}

pub async fn forget_pictures(names: &[String]) -> Done<()> {
    let writing = begin(&[PICTURES], WRITE).await?;
    for name in names {
        delete(&writing, PICTURES, name)?;
    }
    end(writing).await
}

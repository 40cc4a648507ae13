//! Input images of forms.

use wasm_bindgen::JsCast;
use web_sys::Blob;

use crate::runtime::database::{Done, PICTURES, read, write};

/// Returns an image by its key: the hash of its bytes, or `shown-` and the hash for its preview.
pub async fn picture(name: &str) -> Done<Option<Blob>> {
    let found = read(&[PICTURES]).await?.get(PICTURES, name).await?;
    Ok(found.and_then(|picture| picture.dyn_into().ok()))
}

pub async fn put_picture(name: &str, bytes: &Blob) -> Done<()> {
    let writing = write(&[PICTURES]).await?;
    writing.put(PICTURES, name, bytes)?;
    writing.end().await
}

pub async fn picture_keys() -> Done<Vec<String>> {
    read(&[PICTURES]).await?.keys(PICTURES, None).await
}

pub async fn forget_pictures(names: &[String]) -> Done<()> {
    let writing = write(&[PICTURES]).await?;
    for name in names {
        writing.delete(PICTURES, name)?;
    }
    writing.end().await
}

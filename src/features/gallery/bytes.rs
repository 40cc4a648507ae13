//! What archives are made of: pieces of files, and their checksums.

use js_sys::Uint8Array;
use pilotlight_forms::archive::CRC;
use web_sys::Blob;

use crate::js;

/// Pictures that runs were given, by the hash of their bytes.
pub const GIVEN: &str = "given/";
/// So much of a file is looked at at once.
const SLICE_BYTES: f64 = 1_048_576.0;

/// The checksum of a file, read piece by piece.
pub async fn crc_of(blob: &Blob) -> Option<u32> {
    let mut crc = CRC.digest();
    let (mut at, size) = (0.0, blob.size());
    while at < size {
        crc.update(&part(blob, at, at + SLICE_BYTES).await?);
        at += SLICE_BYTES;
    }
    Some(crc.finalize())
}

/// The bytes from one place to another, or to the end.
pub async fn part(blob: &Blob, from: f64, to: f64) -> Option<Vec<u8>> {
    let part = js::call(blob, "slice", &[from.into(), to.into()])?;
    let bytes = js::wait(js::call(&part, "arrayBuffer", &[])?).await?;
    Some(Uint8Array::new(&bytes).to_vec())
}

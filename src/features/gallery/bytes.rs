//! Checksums of files in archives.

use pilotlight_forms::archive::CRC;
use web_sys::Blob;

use crate::blobs;

/// The folder of input images, whose names are the hashes of their bytes.
pub const GIVEN: &str = "given/";
/// How much of a file is read at once.
const SLICE_BYTES: f64 = 1_048_576.0;

/// Returns the checksum of a file, which is read in slices.
pub async fn crc_of(blob: &Blob) -> Option<u32> {
    let mut crc = CRC.digest();
    let (mut at, size) = (0.0, blob.size());
    while at < size {
        crc.update(&blobs::part(blob, at, at + SLICE_BYTES).await?);
        at += SLICE_BYTES;
    }
    Some(crc.finalize())
}

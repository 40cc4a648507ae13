//! Blobs: joined from parts, copied, read, compressed and decompressed.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ReadableStream, ReadableWritablePair, Response};

// `web_sys` has both classes only among its unstable APIs.
#[wasm_bindgen]
extern "C" {
    /// Compresses the bytes that are piped through it.
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type CompressionStream;

    /// Fails in browsers without this class or this format.
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    /// Decompresses the bytes that are piped through it.
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type DecompressionStream;

    /// Fails in browsers without this class or this format.
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Returns a blob of this media type (or none, if it is empty) that consists of these parts: byte
/// arrays and blobs.
pub fn joined(parts: &Array, media_type: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_buffer_source_sequence_and_options(parts, &options).ok()
}

/// Returns the same bytes with this media type.
pub fn typed(blob: &Blob, media_type: &str) -> Option<Blob> {
    blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), media_type).ok()
}

/// Returns a copy of a blob in memory; `None` when its bytes cannot be read. In WebKit a blob that
/// was read from IndexedDB cannot be read any more once its record was deleted or overwritten.
pub async fn copied(blob: &Blob) -> Option<Blob> {
    let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
    joined(&Array::of1(&bytes), &blob.type_())
}

/// Reads all bytes; `None` if they cannot be read.
pub async fn bytes(blob: &Blob) -> Option<Vec<u8>> {
    let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}

/// Reads the bytes from one position to another, or to the end of the blob; `None` if they cannot
/// be read.
pub async fn part(blob: &Blob, from: f64, to: f64) -> Option<Vec<u8>> {
    bytes(&blob.slice_with_f64_and_f64(from, to).ok()?).await
}

/// Returns the compressed bytes; `None` if the browser cannot compress to this format.
pub async fn compressed(blob: &Blob, format: &str) -> Option<Blob> {
    let compressor = CompressionStream::new(format).ok()?;
    let stream = blob.stream().pipe_through(&compressor);
    let response = Response::new_with_opt_readable_stream(Some(&stream)).ok()?;
    JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()
}

/// Returns the decompressed bytes as a stream; `None` if the browser cannot decompress this format.
pub fn decompressed(blob: &Blob, format: &str) -> Option<ReadableStream> {
    let decompressor = DecompressionStream::new(format).ok()?;
    Some(blob.stream().pipe_through(&decompressor))
}

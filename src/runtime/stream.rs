//! Reads streams of bytes piece by piece, up to a limit.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult};

/// Why a stream was not read to its end.
pub enum Unread {
    /// The stream failed.
    Broken,
    /// It has more bytes than the limit.
    TooLong,
}

/// Reads a `ReadableStream` to its end. `guard` is called before each piece, and its value dropped
/// after the piece arrived; callers use a timer that aborts a stalled stream.
///
/// # Errors
/// See [`Unread`]; the stream is cancelled then.
pub async fn bytes<T>(
    stream: &ReadableStream,
    limit_bytes: usize,
    guard: impl Fn() -> T,
) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let reader = ReadableStreamDefaultReader::new(stream).map_err(|_| Unread::Broken)?;
    loop {
        let _guard = guard();
        let piece = JsFuture::from(reader.read()).await.map_err(|_| Unread::Broken)?;
        let piece: ReadableStreamReadResult = piece.unchecked_into();
        if piece.get_done() == Some(true) {
            return Ok(bytes);
        }
        let piece = Uint8Array::new(&piece.get_value());
        if piece.length() as usize > limit_bytes - bytes.len() {
            let _cancelled = JsFuture::from(reader.cancel()).await;
            return Err(Unread::TooLong);
        }
        bytes.extend_from_slice(&piece.to_vec());
    }
}

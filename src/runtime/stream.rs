//! A stream of bytes, read piece by piece, so that what is too long is never held as a whole.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::js;

/// Why a stream was not read to its end.
pub enum Unread {
    /// It broke off.
    Broken,
    /// It has more bytes than the limit.
    TooLong,
}

/// Reads a `ReadableStream` to its end. `guard` is made anew before each piece and dropped behind
/// it: a timer that ends the stream, as a rule.
///
/// # Errors
/// See [`Unread`]; the stream is cancelled then.
pub async fn bytes<T>(
    stream: &JsValue,
    limit_bytes: usize,
    guard: impl Fn() -> T,
) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let reader = js::call(stream, "getReader", &[]).ok_or(Unread::Broken)?;
    loop {
        let _guard = guard();
        let asked = js::call(&reader, "read", &[]).ok_or(Unread::Broken)?;
        let piece = js::wait(asked).await.ok_or(Unread::Broken)?;
        if js::get(&piece, "done").is_truthy() {
            return Ok(bytes);
        }
        let piece = Uint8Array::new(&js::get(&piece, "value"));
        if piece.length() as usize > limit_bytes - bytes.len() {
            js::call(&reader, "cancel", &[]);
            return Err(Unread::TooLong);
        }
        bytes.extend_from_slice(&piece.to_vec());
    }
}

//! What somebody dropped, pasted, chose or linked: its bytes in, the workflow inside it out.
//! Invariant: the bytes alone decide, never a name; nothing is executed; whatever the bytes are,
//! reading ends, within the limits that stand here.

mod bytes;
mod carried;
mod kind;
pub mod link;
mod opened;
mod picture;
mod sound;
mod value;

use carried::Carried;
use opened::too_large;
use pilotlight_comfy::json;

pub use kind::Kind;
pub use link::Unlinked;
pub use opened::{MAX_EDITOR_NODES, MAX_FILE_BYTES, MAX_JSON_BYTES, Opened, Unopened};

/// Finds the workflow in the bytes of a file. A bare `NaN` or `Infinity` is read as `null`.
///
/// # Errors
/// Why no workflow comes of the file.
pub fn open(bytes: &[u8]) -> Result<Opened, Unopened> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(too_large(MAX_FILE_BYTES));
    }
    let mut room = Vec::new();
    let mut carried = Carried::default();
    let (kind, whole) = match Kind::of(bytes) {
        None => return text(bytes),
        Some(Kind::Weights) => return weights(bytes),
        Some(kind @ Kind::Png) => (kind, picture::png(bytes, &mut carried)),
        Some(kind @ Kind::WebP) => (kind, picture::webp(bytes, &mut carried)),
        Some(kind @ Kind::Flac) => (kind, sound::flac(bytes, &mut carried)),
        Some(kind @ Kind::Ogg) => (kind, sound::ogg(bytes, &mut room, &mut carried)),
        Some(kind @ Kind::Mp3) => (kind, sound::mp3(bytes, &mut carried)),
        Some(kind) => return Err(Unopened::Other { kind }),
    };
    match (carried.opened(), whole) {
        (Some(opened), _) => opened,
        (None, Some(())) => Err(Unopened::NoWorkflow { kind }),
        (None, None) => Err(Unopened::Cut { kind }),
    }
}

fn text(bytes: &[u8]) -> Result<Opened, Unopened> {
    if bytes.len() > MAX_JSON_BYTES {
        return Err(too_large(MAX_JSON_BYTES));
    }
    let text = bytes::decoded(bytes)?;
    let start = text.trim_ascii_start();
    if start.is_empty() {
        return Err(Unopened::Empty);
    }
    if let Some(kind) = Kind::of_markup(start) {
        return Err(Unopened::Other { kind });
    }
    match json::read(&text) {
        Ok(value) => value::opened(value),
        Err(_) if !start.starts_with(['{', '[']) => Err(Unopened::Other { kind: Kind::Text }),
        Err(error) if error.is_eof() => Err(Unopened::Cut { kind: Kind::Json }),
        Err(error) => Err(Unopened::NotJson { line: error.line(), column: error.column() }),
    }
}

/// Latents that ComfyUI saved are in the format of weights, with texts in its head: the head's
/// length in eight bytes, lowest first, then JSON.
fn weights(bytes: &[u8]) -> Result<Opened, Unopened> {
    let head = || {
        let (length, rest) = bytes.split_first_chunk()?;
        let head = rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        if head.len() > MAX_JSON_BYTES {
            return Some(Err(too_large(MAX_JSON_BYTES)));
        }
        let mut head = json::parse(&bytes::lenient(head))?;
        value::concluded(value::parts(head.get_mut("__metadata__")?.take()))
    };
    head().unwrap_or(Err(Unopened::Other { kind: Kind::Weights }))
}

#[cfg(test)]
mod tests;

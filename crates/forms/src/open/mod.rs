//! What somebody dropped, pasted, chose or linked: its bytes in, the workflow inside it out.
//! Invariant: the bytes alone decide, never a name; nothing is executed; whatever the bytes are,
//! reading ends, within the limits that stand here.

mod bytes;
mod kind;
pub mod link;
mod opened;
mod picture;
mod prepare;
mod shape;
mod sidecar;
mod text;
mod validity;
mod value;
mod video;
mod wrapper;

use opened::too_large;
use pilotlight_comfy::json;
use sidecar::Sidecar;

pub use kind::Kind;
pub use link::Unlinked;
pub use opened::{MAX_EDITOR_NODES, MAX_FILE_BYTES, MAX_JSON_BYTES, Opened, Unopened};
pub use prepare::{KnownClasses, Prepared, Unprepared};

/// Finds the workflow in the bytes of a file. A bare `NaN` or `Infinity` is read as `null`.
///
/// # Errors
/// Why no workflow comes of the file.
pub fn open(bytes: &[u8]) -> Result<Opened, Unopened> {
    open_whole(bytes).map(|(opened, _)| opened)
}

/// As `open`; returns the names of what is in the file and no part of a workflow as well.
///
/// # Errors
/// As `open`.
pub fn open_whole(bytes: &[u8]) -> Result<(Opened, Vec<String>), Unopened> {
    let mut left_out = Vec::new();
    let opened = opened(bytes, &mut left_out)?;
    Ok((opened, left_out))
}

fn opened(bytes: &[u8], left_out: &mut Vec<String>) -> Result<Opened, Unopened> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(too_large(MAX_FILE_BYTES));
    }
    let mut room = Vec::new();
    let mut carried = Sidecar::default();
    let (kind, whole) = match Kind::of(bytes) {
        None => return text::opened(bytes, left_out),
        Some(Kind::Weights) => return weights(bytes, left_out),
        Some(kind @ Kind::Glb) => return model(bytes, kind, left_out),
        Some(kind @ Kind::Xml) => return text::drawing(bytes, kind, left_out),
        Some(kind @ Kind::Png) => (kind, picture::png(bytes, &mut carried)),
        Some(kind @ Kind::WebP) => (kind, picture::webp(bytes, &mut carried)),
        Some(kind @ Kind::Avif) => (kind, video::avif(bytes, &mut carried)),
        Some(kind @ Kind::Flac) => (kind, validity::flac(bytes, &mut carried)),
        Some(kind @ Kind::Ogg) => (kind, validity::ogg(bytes, &mut room, &mut carried)),
        Some(kind @ Kind::Mp3) => (kind, validity::mp3(bytes, &mut carried)),
        Some(kind @ Kind::Video) if bytes.starts_with(b"\x1a\x45\xdf\xa3") => {
            (kind, video::webm(bytes, &mut carried))
        }
        Some(kind @ (Kind::Video | Kind::Sound)) if bytes.get(4..8) == Some(b"ftyp") => {
            (kind, video::mp4(bytes, &mut carried))
        }
        Some(kind) => return Err(Unopened::Other { kind }),
    };
    match (carried.opened(left_out), whole) {
        (Some(opened), _) => opened,
        (None, Some(())) => Err(Unopened::NoWorkflow { kind }),
        (None, None) => Err(Unopened::Cut { kind }),
    }
}

/// Latents that ComfyUI saved are in the format of weights, with texts in its head: the head's
/// length in eight bytes, lowest first, then JSON.
fn weights(bytes: &[u8], left_out: &mut Vec<String>) -> Result<Opened, Unopened> {
    let mut head = || {
        let (length, rest) = bytes.split_first_chunk()?;
        let head = rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        if head.len() > MAX_JSON_BYTES {
            return Some(Err(too_large(MAX_JSON_BYTES)));
        }
        let head = json::parse(&bytes::lenient(head))?;
        value::concluded(value::parts(head.get("__metadata__")?.clone()), left_out)
    };
    head().unwrap_or(Err(Unopened::Other { kind: Kind::Weights }))
}

/// A model in binary glTF has texts beside the name of the program that made it.
fn model(bytes: &[u8], kind: Kind, left_out: &mut Vec<String>) -> Result<Opened, Unopened> {
    let Some(head) = video::glb_head(bytes) else { return Err(Unopened::Cut { kind }) };
    if head.len() > MAX_JSON_BYTES {
        return Err(too_large(MAX_JSON_BYTES));
    }
    let mut found = || {
        let head = json::parse(&bytes::lenient(head))?;
        let extras = head.get("asset")?.get("extras")?.clone();
        value::concluded(value::parts(extras), left_out)
    };
    found().unwrap_or(Err(Unopened::NoWorkflow { kind }))
}

#[cfg(test)]
mod tests;

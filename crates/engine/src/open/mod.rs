//! What somebody dropped, pasted, chose or linked: its bytes in, the workflow inside it out.
//! Invariant: the bytes alone decide, never a name; nothing is executed; whatever the bytes are,
//! reading ends, within the limits that stand here.

mod bytes;
mod carried;
mod kind;
pub mod link;
mod picture;
mod sound;
mod value;

use crate::form::{Package, PackageRefusal};
use crate::json;
use crate::workflow::{Refusal, Workflow};
use carried::Carried;
use serde_json::Value;

pub use kind::Kind;
pub use link::Unlinked;

/// The largest file that is looked into. Of a picture or sound only its notes are kept.
pub const MAX_FILE_BYTES: usize = 128 << 20;
/// The largest JSON, in a file of its own or inside another, after unpacking. Published workflows
/// in the editor's format stay below 4 MB.
pub const MAX_JSON_BYTES: usize = 16 << 20;
/// The most nodes in the editor's format, those of all subgraphs together.
/// What can be run has its own, lower limit: `workflow::MAX_NODES`.
pub const MAX_EDITOR_NODES: usize = 20_000;

/// What was in a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// Ready to run.
    Api(Workflow),
    /// In the format of ComfyUI's editor, versions 0.4 and 1: an object with a list of `nodes`,
    /// each with an `id` and a `type`. It can be run only after it was converted.
    Editor(Value),
    /// Both, as the server writes them into what it makes. `prompt` is what really ran;
    /// `workflow` has what was arranged in the editor, and at least one node.
    Both { prompt: Workflow, workflow: Value },
    /// A file that this page made.
    Package(Package),
}

/// Why a file gives no workflow. `text::unopened` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// No bytes, or blanks only.
    Empty,
    /// More than `MAX_FILE_BYTES`, or its JSON more than `MAX_JSON_BYTES`.
    TooLarge { limit_mb: usize },
    /// It ends before it is complete.
    Cut { kind: Kind },
    /// It begins as JSON does; where reading stopped, lines count from 1. JSON that nests more
    /// than 127 deep is refused so, by `serde_json`.
    NotJson { line: usize, column: usize },
    /// Text, but neither UTF-8 nor UTF-16.
    Encoding,
    /// Of a kind that may carry a workflow, but this one carries none.
    NoWorkflow { kind: Kind },
    /// Of a kind out of which no workflow is read.
    Other { kind: Kind },
    /// A workflow of which a part is wrong.
    Workflow(Refusal),
    /// Made by this page or after its manner, but wrong.
    Package(PackageRefusal),
}

/// Finds the workflow in the bytes of a file. A bare `NaN` or `Infinity` is read as `null`.
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

fn too_large(limit_bytes: usize) -> Unopened {
    Unopened::TooLarge { limit_mb: limit_bytes >> 20 }
}

#[cfg(test)]
mod tests;

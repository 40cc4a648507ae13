//! What a file was, or why it gives no workflow.

use super::kind::Kind;
use crate::form::{Package, PackageRefusal};
use pilotlight_comfy::workflow::{Refusal, Workflow};
use serde_json::Value;

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
    Both {
        /// What ran.
        prompt: Workflow,
        /// What was arranged in the editor.
        workflow: Value,
    },
    /// A file that this page made.
    Package(Package),
}

/// Why a file gives no workflow. `text::unopened` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// No bytes, or blanks only.
    Empty,
    /// More than `MAX_FILE_BYTES`, or its JSON more than `MAX_JSON_BYTES`.
    TooLarge {
        /// The limit, in MB.
        limit_mb: usize,
    },
    /// It ends before it is complete.
    Cut {
        /// What the file is.
        kind: Kind,
    },
    /// It begins as JSON does; where reading stopped, lines count from 1. JSON that nests more
    /// than 127 deep is refused so, by `serde_json`.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column in that line, from 1.
        column: usize,
    },
    /// Text, but neither UTF-8 nor UTF-16.
    Encoding,
    /// Of a kind that may carry a workflow, but this one carries none.
    NoWorkflow {
        /// What the file is.
        kind: Kind,
    },
    /// Of a kind out of which no workflow is read.
    Other {
        /// What the file is.
        kind: Kind,
    },
    /// A workflow of which a part is wrong.
    Workflow(Refusal),
    /// Made by this page or after its manner, but wrong.
    Package(PackageRefusal),
}

/// Why a file or its JSON of more bytes than this gives none.
pub(super) fn too_large(limit_bytes: usize) -> Unopened {
    Unopened::TooLarge { limit_mb: limit_bytes >> 20 }
}

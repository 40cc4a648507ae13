//! How long the parts of a run take.

use pilotlight_comfy::time::At;
use serde::{Deserialize, Serialize};

/// The parts of a run that have a clock of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Until a GPU was awake.
    Waking,
    /// In the queue of the server.
    InLine,
    /// At work.
    Running,
    /// While files were fetched.
    Fetching,
}

/// Stored as `[from, until]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(At, Option<At>)", into = "(At, Option<At>)")]
pub struct Span {
    /// When it began.
    pub from: At,
    /// When it ended; `None` while it goes on.
    pub until: Option<At>,
}

impl From<(At, Option<At>)> for Span {
    fn from((from, until): (At, Option<At>)) -> Self {
        Self { from, until }
    }
}

impl From<Span> for (At, Option<At>) {
    fn from(span: Span) -> Self {
        (span.from, span.until)
    }
}

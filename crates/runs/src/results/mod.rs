//! Stored results and records of their runs: a small row for each result, all of which are read at
//! once, and a record for each run, read when details are shown. Invariant: later versions read
//! what a version wrote; anything else is `None`, never guessed.

mod budget;
mod differ;
mod grid;
mod listing;
mod room;
mod row;
mod sidecar;
mod sift;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json::Version;
use pilotlight_comfy::time::At;
use pilotlight_comfy::workflow::Workflow;
use pilotlight_forms::form::Drafts;

pub use budget::Budget;
pub use differ::{Difference, differences};
pub use grid::{Grid, Move};
pub use listing::Listing;
pub use room::{Leaving, leaving};
pub use row::{Key, ResultContent, ResultRow};
pub use sidecar::Sidecar;
pub use sift::Filter;

/// The record of an ended run with results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this format.
    pub v: Version<1>,
    /// Its id at the server.
    pub id: PromptId,
    /// The number that users see; counts up in each browser.
    pub number: u32,
    /// Address and model of its server (`Endpoint::key`).
    pub endpoint: String,
    /// The id of its form.
    pub form: String,
    /// The title of the form, in the language at that time.
    pub workflow_title: String,
    /// The title of the run: the beginning of the prompt.
    pub title: String,
    /// The values of the form.
    pub drafts: Drafts,
    /// The prompt as it was sent, except for the server's names of its images.
    pub workflow: Workflow,
    /// When it was requested.
    pub pressed: At,
    /// When it had ended.
    pub ended: At,
    /// Its durations.
    #[serde(flatten)]
    pub spent: Spent,
    /// The version of ComfyUI, if known.
    pub server: Option<String>,
    /// Why it failed, as a text, if it failed; its results are stored nevertheless.
    pub failure: Option<String>,
}

/// The durations of a run, in ms; `None` for parts that it did not reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Waiting for a GPU.
    pub waking_ms: Option<u64>,
    /// In the server's queue.
    pub in_line_ms: Option<u64>,
    /// Running, by the server's clock if it is reported, otherwise by the page's.
    pub running_ms: Option<u64>,
}

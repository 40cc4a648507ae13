//! Results and the runs they came of, as this browser keeps them: a small row for each result, read
//! all at once, and a record for each run, read when somebody wants to know more.
//! Invariant: what one version wrote, that version and later ones read; anything else is `None`,
//! never a guess.

mod budget;
mod carried;
mod differ;
mod grid;
mod listing;
mod room;
mod row;
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
pub use carried::Carried;
pub use differ::{Difference, differences};
pub use grid::{Grid, Move};
pub use listing::Listing;
pub use room::{Leaving, leaving};
pub use row::{Key, Piece, Row};
pub use sift::Sieve;

/// A run that has ended with something worth keeping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this format.
    pub v: Version<1>,
    /// The id by which the server knew it.
    pub id: PromptId,
    /// What people know it by; counted up in one browser.
    pub number: u32,
    /// The address and model it ran at, as `Endpoint::key` has it.
    pub endpoint: String,
    /// The id of its form.
    pub form: String,
    /// What the form was called, in the language of the moment.
    pub workflow_title: String,
    /// Its first words.
    pub title: String,
    /// As they were filled in.
    pub drafts: Drafts,
    /// As it was sent, but for the names that its pictures had at the server.
    pub workflow: Workflow,
    /// When it was asked for.
    pub pressed: At,
    /// When it had ended.
    pub ended: At,
    /// How long it took.
    #[serde(flatten)]
    pub spent: Spent,
    /// The version of ComfyUI, if it was told.
    pub server: Option<String>,
    /// In plain words, if it failed; what it brought is kept all the same.
    pub failure: Option<String>,
}

/// How long a run took, in ms; `None` where it did not come to that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Until a GPU was awake.
    pub waking_ms: Option<u64>,
    /// In the queue of the server.
    pub in_line_ms: Option<u64>,
    /// By the clock of the server where it says so, else by that of the page.
    pub running_ms: Option<u64>,
}

//! Changes of stored results.

use pilotlight_comfy::id::PromptId;
use pilotlight_runs::results::Key;
use serde::{Deserialize, Serialize};

/// A change of stored results, as one tab reports it to the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultsChange {
    /// The results of a run were written.
    Kept(PromptId),
    /// These results were deleted, by the user or to make space.
    Gone(Vec<Key>),
    /// Results were starred, pinned, imported or restored.
    Touched(Vec<Key>),
}

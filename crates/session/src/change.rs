//! Changes of the results that this browser keeps.

use pilotlight_comfy::id::PromptId;
use pilotlight_runs::kept::Key;
use serde::{Deserialize, Serialize};

/// A change of the results that this browser keeps, as one tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultsChange {
    /// The results of a run were written.
    Kept(PromptId),
    /// These results are no longer here: deleted, or removed for room.
    Gone(Vec<Key>),
    /// Results were starred or pinned, or came otherwise than by a run.
    Touched(Vec<Key>),
}

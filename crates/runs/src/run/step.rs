//! What a run asks for next.

use pilotlight_comfy::sighting::{FileRef, Known};

/// What to do next; performing it ends whatever was outstanding.
/// `limit_ms`: when to give up waiting and report `TimedOut`.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Wake a GPU: `GET system_stats`, which is held until a pod answers.
    Knock {
        /// In ms.
        limit_ms: u64,
    },
    /// Upload the pictures, one after the other.
    Upload {
        /// In ms, for each picture.
        limit_ms: u64,
    },
    /// Send the prompt.
    Submit {
        /// In ms.
        limit_ms: u64,
    },
    /// Look for the run at the server.
    Look {
        /// Where to look.
        ask: Ask,
        /// In ms.
        limit_ms: u64,
    },
    /// Ask the extension, which answers when something has changed.
    Wait {
        /// What is known of the run already.
        known: Known,
        /// In ms.
        limit_ms: u64,
    },
    /// Fetch files, side by side.
    Collect {
        /// Each with its place among all files of the run.
        files: Vec<(usize, FileRef)>,
        /// In ms, for each file.
        limit_ms: u64,
    },
    /// Drop it from the queue, then interrupt it, both by its id.
    Stop {
        /// In ms.
        limit_ms: u64,
    },
    /// Wait, then report `Rang`.
    Sleep {
        /// For how long, in ms.
        ms: u64,
    },
    /// Nothing: the run has ended, or waits for the queue.
    Rest,
}

/// Where a run is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Among the runs that have ended: `/history/ID`.
    History,
    /// Among those that wait and run: `/queue`.
    Queue,
}

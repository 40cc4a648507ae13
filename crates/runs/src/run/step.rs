//! The steps of a run.

use pilotlight_comfy::run_status::{FileRef, Known};

/// What to do next; performing it aborts whatever was outstanding. After `limit_ms`, `TimedOut` is
/// reported.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Wake a GPU: `GET system_stats`, which is held until a pod answers.
    Wake {
        /// In ms.
        limit_ms: u64,
    },
    /// Upload the images, one after another.
    Upload {
        /// In ms, for each image.
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
    /// Send the long-poll, which the extension answers when something has changed.
    Wait {
        /// What is already known of the run.
        known: Known,
        /// In ms.
        limit_ms: u64,
    },
    /// Fetch files concurrently.
    Collect {
        /// The files, with their indexes among all files of the run.
        files: Vec<(usize, FileRef)>,
        /// In ms, for each file.
        limit_ms: u64,
    },
    /// Remove it from the server's queue, then interrupt it, both by its id.
    Stop {
        /// In ms.
        limit_ms: u64,
    },
    /// Wait, then report `TimerFired`.
    Sleep {
        /// For how long, in ms.
        ms: u64,
    },
    /// Do nothing: the run has ended, or waits for the queue.
    Rest,
}

/// Where to look for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Among the ended runs: `/history/ID`.
    History,
    /// Among the waiting and running ones: `/queue`.
    Queue,
}

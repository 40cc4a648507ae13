//! What features do when the session requests it. Invariant: features pass these functions to
//! `runtime::begin`, so that the runtime, on which they are built, imports none of them.

use std::future::Future;
use std::pin::Pin;

use pilotlight_comfy::run_status::Ended;
use pilotlight_runs::results::{Key, Record, ResultRow};
use pilotlight_session::RunNumber;
use web_sys::Blob;

use crate::app::{Page, RunView};

/// The files of a run, by their indexes.
pub type Files = Vec<(usize, Blob)>;

/// A task that the runtime spawns.
type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The functions of features that effects of the session call.
pub struct Handlers {
    /// Shows the server's reasons for refusing a run at the fields of its form.
    pub show_refusal: fn(Page, RunNumber),
    /// Notifies the user that the last run has ended.
    pub notify_end: fn(Page, &RunView),
    /// Says that a result came, where it is out of sight.
    pub say_arrived: fn(),
    /// Lists the results of a run, with its files by index; returns the rows to be stored.
    pub show_results: fn(Page, &RunView, &Ended, Files) -> Vec<ResultRow>,
    /// Returns the record of a run, which is stored with its results.
    pub record: fn(Page, &RunView) -> Record,
    /// Lists stored results that another tab added.
    pub show_stored: fn(Page, Vec<ResultRow>) -> Task,
    /// Removes results from the list.
    pub leave_out: fn(Page, &[Key]),
    /// Shows which listed results are starred and pinned.
    pub mark: fn(Page, &[ResultRow]),
    /// Counts the stored results again.
    pub recount: fn(),
}

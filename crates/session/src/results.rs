//! Stores the results of runs. Invariant: the record of a run is removed only after its results
//! were written, or the user was told that they were not.

use crate::change::ResultsChange;
use crate::context::Handling;
use crate::effect::{Effect, Notice};
use crate::event::WriteOutcome;
use crate::record::record_key;
use crate::request::{RunNumber, WriteId};
use crate::session::Session;
use crate::state::Write;

impl Session {
    /// Lists and stores the results of a run, once it has ended.
    pub(crate) fn store_results(&mut self, run: RunNumber, h: &mut Handling) {
        let Some(job) = self.job(run).filter(|job| job.run.brought().is_some()) else { return };
        let prompt_id = job.run.id().clone();
        let id = WriteId(self.ids.next());
        self.writes.insert(id, Write::Results { run, prompt_id });
        h.push(Effect::StoreResults { id, run });
    }

    pub(crate) fn results_stored(&mut self, id: WriteId, outcome: WriteOutcome, h: &mut Handling) {
        let Some(Write::Results { run, prompt_id }) = self.writes.remove(&id) else { return };
        match outcome {
            WriteOutcome::Stored => self.results_changed(ResultsChange::Kept(prompt_id), h),
            WriteOutcome::Full | WriteOutcome::Refused => {
                h.push(Effect::Show(Notice::ResultsNotStored));
            }
        }
        h.remove(&record_key(run));
        h.push(Effect::ReleaseLock(run));
    }
}

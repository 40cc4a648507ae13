//! Fetches the files of ended runs. Invariant: a file counts as received once it was written or
//! refused; a file of another run with the same name is never taken for it.

use pilotlight_comfy::comfy::{self, Response};
use pilotlight_comfy::failure::{ApiError, Fault};
use pilotlight_runs::run::{Event as RunEvent, Fetched};

use crate::context::Handling;
use crate::effect::{Effect, Notice};
use crate::event::{ReceivedFile, WriteOutcome};
use crate::job::{FetchState, Outstanding};
use crate::request::{RequestId, WriteId};
use crate::session::Session;

impl Session {
    pub(crate) fn file_responded(
        &mut self,
        id: RequestId,
        response: &Response,
        file: Option<&ReceivedFile>,
        h: &mut Handling,
    ) {
        let Some(at) = self.waits_for(id) else { return };
        if comfy::viewed(response).is_ok() {
            self.hear(h);
            self.meter_run(self.jobs[at].number, true, h);
        }
        let run = self.jobs[at].run.id().clone();
        let Outstanding::Files(_, fetches) = &mut self.jobs[at].outstanding else { return };
        let Some(fetch) = fetches.iter_mut().find(|fetch| fetch.request() == Some(id)) else {
            return;
        };
        fetch.state = match (comfy::viewed(response), file) {
            (Ok(true), Some(file))
                if !is_page(file) && !comfy::is_anothers(response, &fetch.file) =>
            {
                let write = WriteId(self.ids.next());
                let (place, file) = (fetch.place, fetch.file.clone());
                h.push(Effect::StoreFile { id: write, from: id, run, place, file });
                FetchState::Storing(write)
            }
            (Ok(true), Some(file)) if !is_page(file) => FetchState::Ended(Fetched::Gone),
            (Ok(true), Some(_) | None) => {
                FetchState::Ended(Fetched::Missed(Fault::new(ApiError::Garbled)))
            }
            (Ok(false), _) => FetchState::Ended(Fetched::Gone),
            (Err(fault), _) => FetchState::Ended(Fetched::Missed(fault)),
        };
        self.end_fetches(at, h);
    }

    pub(crate) fn file_stored(&mut self, id: WriteId, outcome: WriteOutcome, h: &mut Handling) {
        let is_its = |state: &FetchState| matches!(state, FetchState::Storing(own) if *own == id);
        let mut found = None;
        for (at, job) in self.jobs.iter_mut().enumerate() {
            let Outstanding::Files(_, fetches) = &mut job.outstanding else { continue };
            if let Some(fetch) = fetches.iter_mut().find(|fetch| is_its(&fetch.state)) {
                fetch.state = FetchState::Ended(Fetched::Here);
                job.files.push(fetch.place);
                found = Some(at);
            }
        }
        if outcome != WriteOutcome::Stored {
            h.push(Effect::Show(Notice::ResultsNotStored));
        }
        if let Some(at) = found {
            self.end_fetches(at, h);
        }
    }

    /// Reports the outcomes to the run, once they are known for all files.
    fn end_fetches(&mut self, at: usize, h: &mut Handling) {
        let Outstanding::Files(turn, fetches) = &self.jobs[at].outstanding else { return };
        let ended = |state: &FetchState| match state {
            FetchState::Ended(fetched) => Some(fetched.clone()),
            FetchState::Requested(_) | FetchState::Storing(_) => None,
        };
        let all: Option<Vec<Fetched>> = fetches.iter().map(|fetch| ended(&fetch.state)).collect();
        if let Some(fetched) = all {
            let event = RunEvent::Collected(*turn, fetched);
            self.jobs[at].outstanding = Outstanding::Nothing;
            self.tell(self.jobs[at].number, event, h);
        }
    }
}

/// Returns whether it is a gateway's error page; ComfyUI sends HTML files without this type.
fn is_page(file: &ReceivedFile) -> bool {
    file.media_type.starts_with("text/html")
}

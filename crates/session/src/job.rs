//! A run in the list of the page: its state, what it was made from, and what it waits for.

use std::rc::Rc;

use pilotlight_comfy::sighting::FileRef;
use pilotlight_forms::form::FieldKey;
use pilotlight_runs::run::{Fetched, Run, Turn};

use crate::context::Handling;
use crate::effect::{Effect, Purpose};
use crate::request::{RequestId, RunNumber, RunRequest, TimerId, WriteId};
use crate::share::Share;

/// A run with what it was made from.
#[derive(Clone, Debug)]
pub struct Job {
    /// The number that the user knows it by.
    pub number: RunNumber,
    /// Its place in the queue; the least is released first.
    pub place: u32,
    /// What the user asked for.
    pub request: Rc<RunRequest>,
    /// Where it stands.
    pub run: Run,
    /// What its record shares with those of the runs it was requested with.
    pub(crate) share: Option<Rc<Share>>,
    /// The names of its pictures at the server, by the fields they are for.
    pub(crate) uploaded: Vec<(FieldKey, String)>,
    /// The places of its files that are in this browser.
    pub(crate) files: Vec<usize>,
    pub(crate) outstanding: Outstanding,
}

impl Job {
    /// The places of its files that are in this browser.
    pub fn files_here(&self) -> &[usize] {
        &self.files
    }
}

/// What a run waits for, with the turn it belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) enum Outstanding {
    #[default]
    Nothing,
    Timer(TimerId, Turn),
    Response {
        id: RequestId,
        turn: Turn,
        purpose: Purpose,
        limit_ms: u64,
    },
    /// Pictures are uploaded one after the other; `names` has those that are at the server.
    Upload {
        id: RequestId,
        turn: Turn,
        names: Vec<(FieldKey, String)>,
        limit_ms: u64,
    },
    /// Files are fetched side by side.
    Files(Turn, Vec<Fetch>),
}

#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    /// Its place among all files of the run.
    pub place: usize,
    pub file: FileRef,
    pub state: FetchState,
}

#[derive(Clone, Debug)]
pub(crate) enum FetchState {
    Requested(RequestId),
    Storing(WriteId),
    Ended(Fetched),
}

impl Outstanding {
    /// Ends it.
    pub fn abort(&self, h: &mut Handling) {
        for id in self.requests() {
            h.push(Effect::Abort(id));
        }
        if let Self::Timer(id, _) = self {
            h.push(Effect::ClearTimer(*id));
        }
    }

    /// The requests that are out.
    pub fn requests(&self) -> Vec<RequestId> {
        match self {
            Self::Nothing | Self::Timer(..) => Vec::new(),
            Self::Response { id, .. } | Self::Upload { id, .. } => vec![*id],
            Self::Files(_, fetches) => fetches.iter().filter_map(Fetch::request).collect(),
        }
    }
}

impl Fetch {
    pub fn request(&self) -> Option<RequestId> {
        match self.state {
            FetchState::Requested(id) => Some(id),
            FetchState::Storing(_) | FetchState::Ended(_) => None,
        }
    }
}

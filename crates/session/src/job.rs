//! A run of this page: its state, its request, and what it waits for.

use std::rc::Rc;

use pilotlight_comfy::run_status::FileRef;
use pilotlight_forms::form::FieldKey;
use pilotlight_runs::run::{Fetched, Run, Turn};

use crate::context::Handling;
use crate::effect::{Effect, Purpose};
use crate::request::{RequestId, RunNumber, RunRequest, TimerId, WriteId};
use crate::share::Share;

/// A run and its request.
#[derive(Clone, Debug)]
pub struct RunEntry {
    /// The number that the user sees.
    pub number: RunNumber,
    /// The position in the queue; the smallest is released first.
    pub place: u32,
    /// What the user requested.
    pub request: Rc<RunRequest>,
    /// The state of the run.
    pub run: Run,
    /// How its record differs from the base of its batch.
    pub(crate) share: Option<Rc<Share>>,
    /// The names of its uploaded images at the server, by field.
    pub(crate) uploaded: Vec<(FieldKey, String)>,
    /// The indexes of its files that are stored.
    pub(crate) files: Vec<usize>,
    pub(crate) outstanding: Outstanding,
    /// Whether the user was told that a GPU is being woken for it.
    pub(crate) is_waking_told: bool,
}

impl RunEntry {
    /// Returns the indexes of its files that are stored.
    pub fn files_here(&self) -> &[usize] {
        &self.files
    }
}

/// What a run waits for, and the turn that it belongs to.
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
    /// Images are uploaded one after another; `names` are those of the uploaded ones.
    Upload {
        id: RequestId,
        turn: Turn,
        names: Vec<(FieldKey, String)>,
        limit_ms: u64,
    },
    /// Files are fetched concurrently.
    Files(Turn, Vec<Fetch>),
}

#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    /// The index among all files of the run.
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
    /// Aborts the requests or the timer.
    pub fn abort(&self, h: &mut Handling) {
        for id in self.requests() {
            h.push(Effect::Abort(id));
        }
        if let Self::Timer(id, _) = self {
            h.push(Effect::ClearTimer(*id));
        }
    }

    /// Returns the outstanding requests.
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

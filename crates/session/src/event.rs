//! Everything that can happen to a page; the names are in the past tense.

use std::rc::Rc;

use pilotlight_comfy::comfy::{Endpoint, Response};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::time::At;
use pilotlight_forms::form::Form;
use pilotlight_runs::budget::Period;
use pilotlight_runs::connection_test::{Echo, Target};
use pilotlight_runs::keep_awake::Goal;
use pilotlight_runs::queue::Move;
use pilotlight_runs::results::{Key, ResultRow};

use crate::change::ResultsChange;
use crate::request::{RequestId, RoomId, RunNumber, RunRequest, TimerId, WriteId};

/// Something that happened: a press, an answer, a timer, a change in another tab.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The page was opened.
    Opened {
        /// The id of the form, if a frame is for one workflow: then only its runs are resumed.
        only_form: Option<String>,
    },
    /// The server changed; `None`: there is none.
    EndpointChanged(Option<Endpoint>),
    /// A form was opened, or replaces the one with its id.
    FormOpened(Rc<Form>),
    /// The page became visible, or the network came back.
    Returned,
    /// Another tab stored the record of a run.
    RecordStoredElsewhere(RunNumber),

    /// The user pressed *Run*, for one run or a batch.
    RunsRequested(Vec<RunRequest>),
    /// The user pressed *Cancel*.
    CancelRequested(RunNumber),
    /// The user pressed *Cancel all*.
    CancelAllRequested,
    /// The user moved a waiting run.
    MoveRequested(RunNumber, Move),
    /// The user paused the queue.
    PauseRequested,
    /// The user ended the pause of the queue.
    ResumeRequested,
    /// The user retried a failed run, which continues with the same prompt id.
    RetryRequested(RunNumber),
    /// The user runs the same values again, with a new prompt id; replaces the failed run.
    RunAgainRequested(RunNumber),
    /// The user does so for all runs that were lost with the GPU.
    RunLostAgainRequested,
    /// The user removed an ended run from the list.
    DismissRequested(RunNumber),
    /// The user entered the access key: runs that failed without it continue.
    AccessKeyEntered(Endpoint),
    /// The user pressed *Wake* or *Keep awake*, while the form with this id was selected.
    KeepAwakeRequested(Goal, String),
    /// The user stopped keep-awake.
    KeepAwakeStopped,
    /// The user agreed to pass the limit.
    LimitAccepted,
    /// The user did not agree to pass the limit.
    LimitDeclined,
    /// The user entered a limit; an empty text removes it.
    LimitSet(Period, String),
    /// The user started a connection test, while the form with this id was selected.
    ConnectionTestRequested(Box<Target>, String),
    /// The user stopped the connection test; its findings stay.
    ConnectionTestStopped,
    /// The findings of the test no longer apply: other values were entered, or it was closed.
    ConnectionTestDiscarded,
    /// The user looks at the usage; other tabs may have recorded some meanwhile.
    UsageRequested,

    /// A response arrived, or is known not to arrive.
    Responded {
        /// The id of the request.
        id: RequestId,
        /// The response, or why there is none.
        response: Response,
    },
    /// A response to a request for a file arrived; the runtime holds the bytes.
    FileResponded {
        /// The id of the request.
        id: RequestId,
        /// The response, or why there is none.
        response: Response,
        /// Size and type of the file; `None` if none arrived.
        file: Option<ReceivedFile>,
    },
    /// The image to be uploaded is not stored any more; nothing was sent.
    PictureMissing(RequestId),
    /// A timer fired.
    TimerFired(TimerId),
    /// A request of the connection test was answered, or is known not to be.
    Probed {
        /// The id of the request.
        id: RequestId,
        /// The response, or why there is none.
        echo: Echo,
    },
    /// The server answered a request that belongs to no run.
    ServerAnswered {
        /// When the request was sent.
        asked: At,
    },
    /// The lock of a run was granted: no other tab has that run.
    LockAcquired(RunNumber),
    /// This tab now resumes the runs of closed tabs.
    LeaderLockAcquired,
    /// Records were written, except those that were refused.
    RecordsStored {
        /// The id of the write.
        id: WriteId,
        /// The keys of refused values; their former values were removed.
        refused: Vec<String>,
        /// Whether this browser stores anything for the page.
        is_available: bool,
    },
    /// The requested images are loaded, as far as they are stored.
    PicturesLoaded,
    /// The stored files of a run are loaded.
    FilesLoaded {
        /// The run.
        run: PromptId,
        /// The indexes of the stored files, from 0.
        places: Vec<usize>,
    },
    /// The file of a run was written or refused.
    FileStored {
        /// The id of the write.
        id: WriteId,
        /// The outcome.
        outcome: WriteOutcome,
    },
    /// The results of a run were written or refused.
    ResultsStored {
        /// The id of the write.
        id: WriteId,
        /// The outcome.
        outcome: WriteOutcome,
    },
    /// The storage is full.
    StorageFull {
        /// The id of the write, assigned by the runtime.
        id: RoomId,
        /// The size of the write, in bytes.
        bytes: u64,
        /// How often it was tried before.
        attempt: usize,
    },
    /// The rows of all stored results, oldest first.
    ResultsLoaded(Vec<ResultRow>),
    /// These results were deleted to make space; `None`: the database refused.
    ResultsRemoved(Option<Vec<Key>>),
    /// The user starred, pinned, deleted, restored or imported results.
    ResultsChanged(ResultsChange),
    /// Another tab sent this with `SendToTabs`.
    TabMessage(String),
}

/// Size and type of a received file; its bytes stay in the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedFile {
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its media type according to the server, such as `image/png`.
    pub media_type: String,
}

/// The outcome of a write to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// Written.
    Stored,
    /// The storage is full, and no space could be made.
    Full,
    /// The browser refuses storage, or the database failed.
    Refused,
}

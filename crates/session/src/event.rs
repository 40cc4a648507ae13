//! Everything that can happen to a page, in the past tense.

use std::rc::Rc;

use pilotlight_comfy::comfy::{Endpoint, Heard};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::time::At;
use pilotlight_forms::form::Form;
use pilotlight_runs::budget::Period;
use pilotlight_runs::chain::{Echo, Target};
use pilotlight_runs::kept::{Key, Row};
use pilotlight_runs::lane::Move;
use pilotlight_runs::warm::Goal;

use crate::change::ResultsChange;
use crate::request::{RequestId, RoomId, RunNumber, RunRequest, TimerId, WriteId};

/// Something that happened: the user pressed something, an answer arrived, another tab changed
/// something.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The page was opened. `only_form`: a frame for one workflow resumes only its runs.
    Opened {
        /// The id of the form that a frame is for.
        only_form: Option<String>,
    },
    /// Requests go to another address from now on, or to none.
    EndpointChanged(Option<Endpoint>),
    /// A form was opened, or takes the place of the one with its id.
    FormOpened(Rc<Form>),
    /// The page became visible, or the network came back.
    Returned,
    /// Another tab stored the record of a run.
    RecordStoredElsewhere(RunNumber),

    /// The user pressed *Run*, once or for a list of prompts.
    RunsRequested(Vec<RunRequest>),
    /// The user pressed *Cancel*.
    CancelRequested(RunNumber),
    /// The user pressed *Cancel all*.
    CancelAllRequested,
    /// The user moved a run that waits.
    MoveRequested(RunNumber, Move),
    /// The user paused the queue.
    PauseRequested,
    /// The user ended the pause of the queue.
    ResumeRequested,
    /// The user pressed the remedy of a failed run that goes on under the same prompt id.
    RetryRequested(RunNumber),
    /// The user runs the same values again, under a new prompt id, in place of the failed run.
    RunAgainRequested(RunNumber),
    /// The same for all runs that were lost with the GPU.
    RunLostAgainRequested,
    /// The user removed an ended run from the list.
    DismissRequested(RunNumber),
    /// The user entered the access key that the server wants: the runs that ended for want of it go
    /// on.
    AccessKeyEntered(Endpoint),
    /// The user pressed *Wake* or *Keep awake*, with this form in front.
    KeepAwakeRequested(Goal, String),
    /// The user stopped keeping the GPU awake.
    KeepAwakeStopped,
    /// The user agreed to pass the limit that was asked about, or did not.
    LimitAccepted,
    /// The user did not agree to pass the limit that was asked about.
    LimitDeclined,
    /// The user typed a limit; nothing removes it.
    LimitSet(Period, String),
    /// The user tests the way to a server, with this form in front.
    ConnectionTestRequested(Box<Target>, String),
    /// The user stopped the connection test; what it found stays.
    ConnectionTestStopped,
    /// What a test found is of no interest any more: something else is typed, or its dialog is gone.
    ConnectionTestDiscarded,
    /// The user looks at what was used; other tabs may have counted meanwhile.
    UsageRequested,

    /// A response arrived, or it is known that none will.
    Responded {
        /// The request, as it was named by `Send`.
        id: RequestId,
        /// What arrived, or why nothing will.
        response: Heard,
    },
    /// The same for a request that asked for a file; its bytes stay with the runtime.
    FileResponded {
        /// The request, as it was named by `Send`.
        id: RequestId,
        /// What arrived, or why nothing will.
        response: Heard,
        /// What is known of the file; `None` where none arrived.
        file: Option<ReceivedFile>,
    },
    /// The picture to be uploaded is no longer in this browser; nothing was sent.
    PictureMissing(RequestId),
    /// A timer fired.
    TimerFired(TimerId),
    /// A probe of the connection test was answered, or it is known that it will not be.
    Probed {
        /// The probe, as it was named by `Probe`.
        id: RequestId,
        /// What came back.
        echo: Echo,
    },
    /// The server answered a request that belongs to no run, sent at that moment.
    ServerAnswered {
        /// When the request was sent.
        asked: At,
    },
    /// The lock of a run was granted: no other tab looks after it.
    LockAcquired(RunNumber),
    /// This tab resumes the runs of closed tabs from now on.
    HeirLockAcquired,
    /// Records were written, but those with these keys, whose former values are gone.
    /// `is_available`: whether this browser stores anything for the page.
    RecordsStored {
        /// The write, as it was named by `StoreRecords`.
        id: WriteId,
        /// The keys whose values were refused.
        refused: Vec<String>,
        /// Whether this browser stores anything for the page.
        is_available: bool,
    },
    /// The pictures that were asked for are in memory, as far as this browser has them.
    PicturesLoaded,
    /// The stored files of a run are in memory, by their places.
    FilesLoaded {
        /// The run.
        run: PromptId,
        /// The places of the files that are here, from 0.
        places: Vec<usize>,
    },
    /// The file of a run was written, or not.
    FileStored {
        /// The write, as it was named by `StoreFile`.
        id: WriteId,
        /// What became of it.
        outcome: WriteOutcome,
    },
    /// The results of a run were written, or not.
    ResultsStored {
        /// The write, as it was named by `StoreResults`.
        id: WriteId,
        /// What became of it.
        outcome: WriteOutcome,
    },
    /// The database has no room for a write of so many bytes. `attempt`: how often it was tried
    /// before, from 0.
    WriteFoundNoRoom {
        /// The write, named by the runtime.
        id: RoomId,
        /// How many bytes it is of.
        bytes: u64,
        /// How often it was tried before, from 0.
        attempt: usize,
    },
    /// The results that this browser keeps, as they came.
    KeptLoaded(Vec<Row>),
    /// These results were removed for room; `None`: the database did not.
    ResultsRemoved(Option<Vec<Key>>),
    /// The user starred, pinned, deleted, put back or imported results.
    ResultsChanged(ResultsChange),
    /// Another tab sent this with `TellTabs`.
    TabTold(String),
}

/// The bytes of a file that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedFile {
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its media type as the server named it, such as `image/png`.
    pub media_type: String,
}

/// What became of a write to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// It is in the database.
    Stored,
    /// There is no room, and no room could be made.
    Full,
    /// This browser stores nothing for the page, or the database broke.
    Refused,
}

//! Everything that a page can be requested to do; the names are imperative.

use pilotlight_comfy::access::Barred;
use pilotlight_comfy::comfy::Request;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::run_status::FileRef;
use pilotlight_runs::connection_test::Probe;
use pilotlight_runs::results::ResultRow;

use crate::change::ResultsChange;
use crate::request::{RequestId, RoomId, RunNumber, TimerId, WriteId};

/// A request to the page. Effects are performed in order, before the next event is handled.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Sends a request. Answered once, by `Responded`, `FileResponded` or `PictureMissing`.
    Send {
        /// The id of the request in its answer.
        id: RequestId,
        /// The request, its purpose and its run.
        call: Box<Call>,
    },
    /// Sends a probe of the connection test. Answered by `Probed`.
    Probe {
        /// The id of the request in its answer.
        id: RequestId,
        /// The step of the test.
        probe: Probe,
        /// The request.
        request: Box<Request>,
        /// When to give up waiting, in ms.
        limit_ms: u64,
    },
    /// Aborts a request. An answer that still arrives is ignored.
    Abort(RequestId),
    /// Sets a timer. Answered by `TimerFired`.
    SetTimer {
        /// The id of the timer in its answer.
        id: TimerId,
        /// After how long it fires, in ms.
        ms: u64,
    },
    /// Cancels a timer.
    ClearTimer(TimerId),

    /// Writes a value. If that is refused, it stays in memory for this page.
    Store {
        /// The key, the same for all tabs.
        key: String,
        /// The new value.
        value: String,
    },
    /// Writes values in this order, as `Store` does. If one is refused, its former value is
    /// removed, so that no later page uses it. Answered by `RecordsStored`.
    StoreRecords {
        /// The id of the write in its answer.
        id: WriteId,
        /// Keys and values.
        entries: Vec<(String, String)>,
    },
    /// Removes the value of a key, if there is one.
    Remove {
        /// The key, the same for all tabs.
        key: String,
    },
    /// Requests the lock of a run, which is held until the page is closed. Answered by
    /// `LockAcquired` once no other tab holds it; at once if there are no locks.
    AcquireLock(RunNumber),
    /// Requests the lock of the leader, the tab that resumes runs of closed tabs. It is held until
    /// the page is closed or changes to another server. Each server has a leader, and so do frames
    /// for one form. Answered by `LeaderLockAcquired` once no other tab holds it.
    AcquireHeirLock {
        /// The id of the form that a frame is for; `None` outside of such frames.
        only_form: Option<String>,
        /// The key of the endpoint.
        endpoint: String,
    },
    /// Releases the lock of the leader, or stops waiting for it.
    ReleaseHeirLock,
    /// Releases the lock of a run, or stops waiting for it.
    ReleaseLock(RunNumber),

    /// Loads input images by their hashes. Answered by `PicturesLoaded`.
    LoadPictures(Vec<String>),
    /// Loads the stored files of a run. Answered by `FilesLoaded`.
    LoadFiles(PromptId),
    /// Stores a received file of a run, in memory and in the database, where results may be deleted
    /// to make space. Answered by `FileStored`.
    StoreFile {
        /// The id of the write in its answer.
        id: WriteId,
        /// The request that received the file.
        from: RequestId,
        /// The run of the file.
        run: PromptId,
        /// Its index among the files of the run, from 0.
        place: usize,
        /// Its name at the server.
        file: FileRef,
    },
    /// Lists the results of a run, and writes them to the database, where others may be deleted to
    /// make space. Answered by `ResultsStored`.
    StoreResults {
        /// The id of the write in its answer.
        id: WriteId,
        /// The ended run.
        run: RunNumber,
    },

    /// Reads the rows of all stored results. Answered by `ResultsLoaded`.
    LoadResults,
    /// Deletes results and their files. Answered by `ResultsRemoved`.
    RemoveResults(Vec<ResultRow>),
    /// Tries a write again that found the storage full.
    RetryWrite(RoomId),
    /// Gives up a write that found the storage full; its results stay in memory.
    AbandonWrite(RoomId),

    /// Sends a message to the other tabs of this browser, which receive it as `TabMessage`.
    SendToTabs(String),
    /// Applies a change of stored results that was not made in this tab's list.
    ShowResultsChange(ResultsChange),
    /// Stored results changed, in this tab or another.
    ResultsChanged(ResultsChange),

    /// The list of runs changed: runs arrived, left or moved, or the queue was paused or resumed.
    RunsChanged,
    /// Runs that the user requested are in the queue.
    RunsStarted {
        /// The runs, in the order of the queue.
        runs: Vec<RunNumber>,
        /// Whether they replace failed runs.
        are_again: bool,
    },
    /// The state of a run changed.
    RunChanged {
        /// The run.
        run: RunNumber,
        /// Whether it is in another phase.
        has_new_phase: bool,
    },
    /// Notifies the user, if the tab is in the background, that the last run has ended.
    AnnounceEnd(RunNumber),
    /// Shows the server's refusal of a run at the fields of its form.
    ShowRefusal(RunNumber),
    /// The server refused a request because of the access key.
    AccessKeyWanted(Barred),
    /// The status of the server, or the usual durations, changed.
    ServerChanged,
    /// The state of keep-awake changed.
    KeepAwakeChanged,
    /// The recorded usage, or a limit, changed.
    UsageChanged,
    /// The state of the connection test changed.
    ConnectionTestChanged,
    /// Asks whether to pass a limit; see `Session::passed_limit`. Answered by `LimitAccepted` or
    /// `LimitDeclined`.
    AskAboutLimit,
    /// Shows a notice.
    Show(Notice),
}

/// A message for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This run is only in memory, and cannot be resumed after a reload.
    RunNotStored(RunNumber),
    /// There is no space to store all runs of a batch, so none was started.
    NoRoomForRuns,
    /// A file or the results of a run are only in memory.
    ResultsNotStored,
    /// The oldest results were deleted to make space.
    MadeRoom {
        /// How many results.
        count: usize,
    },
}

/// A request, and what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The run that waits for the answer; `None` for keep-awake.
    pub run: Option<RunNumber>,
    /// What the request is for.
    pub purpose: Purpose,
    /// The request.
    pub request: Request,
    /// The hash of the image that is uploaded.
    pub picture: Option<String>,
    /// Whether the body of the answer is a file, which does not pass through the session.
    pub is_file: bool,
    /// The time limit, in ms; after it the answer is `TimedOut`.
    pub limit_ms: u64,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Waking the GPU; changes nothing.
    Wake,
    /// Uploading an image.
    Upload,
    /// Submitting the prompt.
    Submit,
    /// Reading the history of the run.
    History,
    /// Reading the server's queue.
    Queue,
    /// The long-poll of the extension.
    Wait,
    /// Fetching a file of the run.
    File {
        /// Its index among the files of the run, from 0.
        place: usize,
    },
    /// Removing the run from the server's queue.
    Delete,
    /// Stopping the run.
    Interrupt,
    /// A request that the extension holds, to keep the GPU awake.
    Hold,
}

impl Call {
    pub(crate) fn new(
        run: Option<RunNumber>,
        purpose: Purpose,
        request: Request,
        limit_ms: u64,
    ) -> Self {
        let is_file = matches!(purpose, Purpose::File { .. });
        Self { run, purpose, request, picture: None, is_file, limit_ms }
    }
}

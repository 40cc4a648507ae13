//! Everything a page can be asked to do, in the imperative.

use pilotlight_comfy::access::Barred;
use pilotlight_comfy::comfy::Request;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::sighting::FileRef;
use pilotlight_runs::chain::Probe;
use pilotlight_runs::kept::Row;

use crate::change::ResultsChange;
use crate::request::{RequestId, RoomId, RunNumber, TimerId, WriteId};

/// Performed in order, all of them before the next event is handled.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Answered by `Responded`, `FileResponded` or `PictureMissing`, once.
    Send {
        /// The name of the request in its answer.
        id: RequestId,
        /// What is sent, and for whom.
        call: Box<Call>,
    },
    /// Sends a probe of the connection test. Answered by `Probed`.
    Probe {
        /// The name of the probe in its answer.
        id: RequestId,
        /// Which link of the way it tests.
        probe: Probe,
        /// What is sent.
        request: Box<Request>,
        /// When to give up waiting, in ms.
        limit_ms: u64,
    },
    /// Ends a request or a probe. An answer that comes all the same is ignored.
    Abort(RequestId),
    /// Answered by `TimerFired`.
    SetTimer {
        /// The name of the timer in its answer.
        id: TimerId,
        /// After how long it fires, in ms.
        ms: u64,
    },
    /// Stops a timer. It fires no more.
    ClearTimer(TimerId),

    /// Writes a value. Where that is refused, memory keeps it for this page.
    Store {
        /// The key, the same for all tabs.
        key: String,
        /// The new value.
        value: String,
    },
    /// Writes values in this order, each as `Store` does; where one is refused, its former value is
    /// removed, so that no page that is opened later believes it. Answered by `RecordsStored`.
    StoreRecords {
        /// The name of the write in its answer.
        id: WriteId,
        /// Keys and values.
        entries: Vec<(String, String)>,
    },
    /// Removes the value of a key, if there is one.
    Remove {
        /// The key, the same for all tabs.
        key: String,
    },
    /// Asks for the lock of a run, and keeps it until the page is closed. Answered by
    /// `LockAcquired` as soon as no other tab holds it; where there are no locks, at once.
    AcquireLock(RunNumber),
    /// Asks for the lock of the heir, the one tab that resumes runs of closed tabs, and keeps it until
    /// the page is closed or goes to another server. Each server has an heir of its own, and so have
    /// frames for one form. Answered by `HeirLockAcquired` as soon as no other tab holds it.
    AcquireHeirLock {
        /// The id of the form that a frame is for; `None` outside of such frames.
        only_form: Option<String>,
        /// The key of the endpoint.
        endpoint: String,
    },
    /// Gives the lock of the heir back, or asks for it no longer.
    ReleaseHeirLock,
    /// Gives the lock of a run back, or asks for it no longer.
    ReleaseLock(RunNumber),

    /// Reads pictures from the database into memory, by their hashes. Answered by `PicturesLoaded`.
    LoadPictures(Vec<String>),
    /// Reads the stored files of a run into memory. Answered by `FilesLoaded`.
    LoadFiles(PromptId),
    /// Names what a request brought as the file of a run at this place, in memory, and writes it to
    /// the database, where room may be made for it. Answered by `FileStored`.
    StoreFile {
        /// The name of the write in its answer.
        id: WriteId,
        /// The request that brought the file.
        from: RequestId,
        /// The run that made it.
        run: PromptId,
        /// Its place among the files of the run, from 0.
        place: usize,
        /// What the server calls it.
        file: FileRef,
    },
    /// Shows what a run brought, and writes it to the database, where room may be made for it.
    /// Answered by `ResultsStored`.
    StoreResults {
        /// The name of the write in its answer.
        id: WriteId,
        /// The run that has ended.
        run: RunNumber,
    },

    /// Reads which results are kept. Answered by `KeptLoaded`.
    LoadKept,
    /// Removes results with their files. Answered by `ResultsRemoved`.
    RemoveResults(Vec<Row>),
    /// Tries a write again that found no room.
    RetryWrite(RoomId),
    /// Gives a write up that found no room; its results stay in memory.
    GiveUpWrite(RoomId),

    /// Sends a message to the other tabs of this browser, which arrives there as `TabTold`.
    TellTabs(String),
    /// Shows a change of kept results that the user did not make in this tab.
    ShowResultsChange(ResultsChange),
    /// Kept results changed, in this tab or another.
    ResultsChanged(ResultsChange),

    /// The list of runs changed: runs arrived, left or moved, or the queue was paused or resumed.
    RunsChanged,
    /// Runs that the user requested are in the queue. `are_again`: in place of failed ones.
    RunsStarted {
        /// The runs, in the order of the queue.
        runs: Vec<RunNumber>,
        /// Whether they take the place of failed runs.
        are_again: bool,
    },
    /// A run changed. `has_new_phase`: it came into another phase.
    RunChanged {
        /// The run.
        run: RunNumber,
        /// Whether it came into another phase.
        has_new_phase: bool,
    },
    /// Tells a user who looks elsewhere that the last of the runs has ended.
    AnnounceEnd(RunNumber),
    /// Shows at the fields of its form why the server refused a run.
    ShowRefusal(RunNumber),
    /// The server refused a request without the right access key.
    AccessKeyWanted(Barred),
    /// What is known of the server changed, or how long things take there.
    ServerChanged,
    /// Keeping awake began, ended or went on.
    KeepAwakeChanged,
    /// What was used changed, or a limit of it.
    UsageChanged,
    /// The connection test began, went on, or its findings were discarded.
    ConnectionTestChanged,
    /// Asks whether what was requested shall be done although it passes a limit; see
    /// `Session::passed_limit`. Answered by `LimitAccepted` or `LimitDeclined`.
    AskAboutLimit,
    /// Tells the user.
    Show(Notice),
}

/// What the user is told, other than by the state of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This run is in memory only: it cannot be resumed after a reload.
    RunNotStored(RunNumber),
    /// There is no room to store all runs of a list, so none was started.
    NoRoomForRuns,
    /// A file or the results of a run are in memory only.
    ResultsNotStored,
    /// The oldest results, so many, left for newer ones.
    MadeRoom {
        /// How many results.
        count: usize,
    },
}

/// A request and what to do with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The run that waits for the answer; `None` when keeping awake does.
    pub run: Option<RunNumber>,
    /// What is asked for.
    pub purpose: Purpose,
    /// What is sent.
    pub request: Request,
    /// The hash of the picture that is the file of an upload.
    pub picture: Option<String>,
    /// Whether the body of the answer is a file, to be kept out of the session.
    pub is_file: bool,
    /// When to give up waiting and answer with `TimedOut`, in ms.
    pub limit_ms: u64,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Wakes the GPU and changes nothing.
    Wake,
    /// Uploads a picture.
    Upload,
    /// Hands the prompt in.
    Submit,
    /// Asks for the history of the run.
    History,
    /// Asks for the server's queue.
    Queue,
    /// The long-poll of the extension.
    Wait,
    /// The file at this place among those of the run.
    File {
        /// Its place among the files of the run, from 0.
        place: usize,
    },
    /// Takes the run out of the server's queue.
    Delete,
    /// Stops the run.
    Interrupt,
    /// Is held by the extension for its own sake.
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

//! Every sentence a person reads, in English and in Chinese: one exhaustive match per language.
//! Invariant: the Chinese is written, not translated; nothing is put together from halves of
//! sentences.

mod chinese;
mod english;
mod span;

pub use span::{clock, range, span};

use crate::config::{AddressTrouble, Expected};
use crate::language::Language;

/// What stands on buttons, labels and headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Advanced,
    AllPresetValues,
    AskAgain,
    Cancel,
    Cancelled,
    Cancelling,
    ChoosePicture,
    Clear,
    Close,
    Copied,
    Copy,
    CopyFailed,
    CopySeed,
    CrashBody,
    CrashTitle,
    DarkTheme,
    Details,
    Device,
    DirectTransport,
    Dismiss,
    Done,
    Download,
    DropHere,
    DropOrPaste,
    EmptyBody,
    EmptyTitle,
    Endpoint,
    Failed,
    Fetching,
    GoToField,
    InLine,
    KeepSeed,
    Language,
    Less,
    LightTheme,
    LongPoll,
    LongPollThere,
    LongPollUnknown,
    LookAgain,
    LookAnyway,
    Model,
    More,
    Next,
    NoLongPoll,
    NothingWaits,
    Off,
    On,
    OpenPicture,
    OpenSettings,
    OtherLanguage,
    PictureGone,
    PlainComfy,
    Previous,
    Progress,
    Random,
    RandomSeed,
    RelayTransport,
    Reload,
    RemovePicture,
    ReplacePicture,
    Reset,
    Results,
    Run,
    RunAgain,
    Running,
    Runs,
    SameAgain,
    Sending,
    Server,
    ServerAsleep,
    ServerAwake,
    ServerUnknown,
    SetInConfig,
    Settings,
    SystemTheme,
    Theme,
    TimesRun,
    Transport,
    TryAgain,
    UseAsInput,
    UsuallyWakesIn,
    Version,
    Waiting,
    WaitingForOthers,
    WakingGpu,
    Workflows,
}

impl Word {
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => english::word(self),
            Language::Chinese => chinese::word(self),
        }
    }
}

/// What is said once, with what it is about. Spans are in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Sentence<'a> {
    // The server.
    HeardAgo { ms: u64 },
    AsleepHeardAgo { ms: u64 },
    WakingFor { ms: u64 },
    AwakeOn { device: &'a str },
    WakesWithRun,

    // Waiting.
    InLineBehind { ahead: u32 },
    Usually { from_ms: u64, to_ms: u64 },
    LongerThanUsual,
    ClusterMayBeFull,
    FirstWaking,
    NoAnswerFor { ms: u64 },
    MayTakeTheNodesTime,

    // Hiccups; the page asks again by itself.
    GatewayGaveUp { after_ms: u64 },
    GatewayAnswered { status: u16 },
    AskedToPause,
    NoAnswerYet,
    NoAnswerDirect,
    NotComfy,
    ReplyLost,

    // Ends.
    WokeIn { ms: u64 },
    DoneIn { ran_ms: u64 },
    DoneCached,
    DoneWithSeed { seed: u64 },
    NothingCame,
    SomeGone { count: usize },
    CancelledUnconfirmed,
    WillNotRun { problem: String },

    // Failures.
    Failed(Title),
    Why(Reason<'a>),

    // Fields.
    Missing,
    NotANumber,
    NotWhole,
    TooSmall { min: &'a str },
    TooLarge { max: &'a str },
    NotInList { value: &'a str },
    WrongType,
    TooLong { limit_kb: usize },
    PictureMissing,
    NodeMissing { class: &'a str, title: &'a str },
    NoOutput,
    ServerSays { message: &'a str },
    SeedChanges,
    ControlCharacters,
    NotAPicture { name: &'a str },
    PictureTooLarge { limit_mb: u64 },
    PictureOfType { name: &'a str },
    PictureNotKept,

    // Costs.
    AboutCost { run: &'a str },
    AboutCostWaking { run: &'a str, waking: &'a str },
    AboutTime { run_ms: u64 },
    AboutTimeWaking { run_ms: u64, waking_ms: u64 },

    // Announcements and the tab.
    RunIs { title: &'a str, state: &'a str },
    RunNumber { number: u32 },
    SeedCopied,
    RunsLive { count: usize },
    PictureOf { number: usize, count: usize },

    // Notices.
    StorageRefused,
    ConfigNotJson { line: usize, column: usize },
    ConfigNotAnObject,
    ConfigUnknownKey { key: &'a str },
    ConfigWrongType { key: &'a str, expected: Expected },
    ConfigNotAnAddress { value: &'a str, trouble: AddressTrouble },
    ConfigModelMissing,
    ConfigMissing,
    WorkflowUnreadable { path: &'a str, detail: &'a str },
}

/// What heads a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Title {
    Access,
    Expired,
    Interrupted,
    Lost,
    NoAnswer,
    NoWaking,
    Node,
    OutOfMemory,
    PictureLost,
    Refused,
    Setup,
    TooLarge,
    UnknownModel,
}

/// What stands under it.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason<'a> {
    Access,
    Expired,
    Interrupted,
    /// Short polls do not keep a pod alive; the cure is the extension or a longer window.
    LostPolling,
    LostLongPoll,
    NoAnswer,
    NoAnswerDirect,
    NoWaking,
    NotSentYet,
    Node {
        node: &'a str,
        message: &'a str,
    },
    OutOfMemory,
    PictureLost,
    Refused {
        first: String,
    },
    SetupNotUnderstood {
        status: u16,
    },
    TooLarge,
    UnknownModel,
    UnknownModelNamed {
        model: &'a str,
    },
}

impl Sentence<'_> {
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::English => english::sentence(self),
            Language::Chinese => chinese::sentence(self),
        }
    }
}

#[cfg(test)]
mod tests;

//! Every sentence a person reads, in English and in Chinese: one exhaustive match per language.
//! Invariant: the Chinese is written, not translated; nothing is put together from halves of
//! sentences.

mod author;
mod chain;
mod chinese;
mod cost;
mod described;
mod embed;
mod english;
mod gallery;
mod insecure;
mod kept;
mod key;
mod lane;
mod mask;
mod report;
mod setup;
mod several;
mod share;
mod size;
mod span;
mod told;
mod unconverted;
mod unlinked;
mod unopened;
mod warm;

pub use author::{AuthorWord, PresetWord, more_inputs, unfit};
pub use chain::{About, ChainText, finding};
pub use cost::CostWord;
pub use described::{Described, Renewal};
pub use embed::EmbedText;
pub use gallery::{Counted, GalleryWord, grouped};
pub use insecure::Insecure;
pub use kept::Kept;
pub use key::KeyWord;
pub use lane::LaneText;
pub use mask::{MaskWord, Unpaintable, paint_a_mask, unpaintable};
pub use report::{Reason, Report, Title};
pub use setup::{SetupText, setup_trouble};
pub use several::SeveralText;
pub use share::{ShareText, unshared};
pub use size::size;
pub use span::{clock, range, span};
pub use told::Told;
pub use unconverted::unconverted;
pub use unlinked::{opening, unlinked};
pub use unopened::unopened;
pub use warm::WarmWord;

use pilotlight_comfy::language::Language;
use pilotlight_runs::config::{AddressTrouble, Expected};

/// What stands on buttons, labels and headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Advanced,
    AskAgain,
    AskServer,
    Cancel,
    Cancelled,
    Cancelling,
    ChooseFile,
    ChoosePicture,
    Close,
    CloseWorkflow,
    Copied,
    Copy,
    CopyFailed,
    CopySeed,
    DarkTheme,
    Details,
    DirectTransport,
    Dismiss,
    Done,
    Download,
    DropHere,
    DropOrPaste,
    EditForm,
    EmptyBody,
    /// Follows it where runs are kept through a reload.
    EmptyBodyKept,
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
    Off,
    On,
    OpenSettings,
    OpenWorkflow,
    OtherLanguage,
    PastedText,
    PictureGone,
    PlainComfy,
    Preview,
    PreviewHint,
    Presets,
    Previous,
    Progress,
    Random,
    RandomSeed,
    ReachingGpu,
    RelayTransport,
    RemovePicture,
    ReplacePicture,
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

    // Fields.
    Missing,
    NotANumber,
    NotWhole,
    TooSmall { min: &'a str },
    TooLarge { max: &'a str },
    NotInList { value: &'a str },
    Offered { options: &'a str },
    WrongType,
    TooLong { limit_kb: usize },
    PictureMissing,
    FileMissing,
    InputMissing { node: &'a str, input: &'a str },
    LinkNowhere { node: &'a str, input: &'a str },
    NodeMissing { class: &'a str, title: &'a str },
    NoOutput,
    ServerSays { message: &'a str },
    SeedChanges,
    ControlCharacters,
    NotAPicture { name: &'a str },
    PictureTooLarge { limit_mb: u64 },
    PictureOfType { name: &'a str },
    PictureOfTooManyPixels { limit_millions: u64 },
    PartMissing,

    // Costs.
    AboutCost { run: &'a str },
    AboutCostWaking { run: &'a str, waking: &'a str },
    AboutTime { run_ms: u64 },
    AboutTimeWaking { run_ms: u64, waking_ms: u64 },

    // Announcements, the tab, and fields named far from where they are.
    SaidOf { subject: &'a str, said: &'a str },
    RunNumber { number: u32 },

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

impl Sentence<'_> {
    pub fn say(&self, language: Language) -> String {
        let sentence = match language {
            Language::English => english::sentence(self),
            Language::Chinese => chinese::sentence(self),
        };
        fill(sentence, self.figures(language))
    }

    /// What stands in the gaps of the sentence, in their order; the same in both languages.
    fn figures(&self, language: Language) -> [String; 2] {
        let text = |text: &str| [text.to_owned(), String::new()];
        let two = |first: &str, second: &str| [first.to_owned(), second.to_owned()];
        let number = |number: u64| [number.to_string(), String::new()];
        let time = |ms: u64| [span(ms, language), String::new()];
        match self {
            Self::HeardAgo { ms } | Self::AboutTime { run_ms: ms } => time(*ms),
            Self::AboutTimeWaking { run_ms, waking_ms } => {
                [span(*run_ms, language), span(*waking_ms, language)]
            }
            Self::RunNumber { number: figure } => number((*figure).into()),
            Self::PictureTooLarge { limit_mb: figure }
            | Self::PictureOfTooManyPixels { limit_millions: figure } => number(*figure),
            Self::TooLong { limit_kb: figure } => number(*figure as u64),
            Self::ConfigNotJson { line, column } => {
                [(*line as u64).to_string(), (*column as u64).to_string()]
            }
            Self::TooSmall { min: words }
            | Self::TooLarge { max: words }
            | Self::NotInList { value: words }
            | Self::Offered { options: words }
            | Self::ServerSays { message: words }
            | Self::NotAPicture { name: words }
            | Self::PictureOfType { name: words }
            | Self::AboutCost { run: words }
            | Self::ConfigUnknownKey { key: words } => text(words),
            Self::NodeMissing { class: first, title: second }
            | Self::InputMissing { node: first, input: second }
            | Self::LinkNowhere { node: first, input: second }
            | Self::AboutCostWaking { run: first, waking: second }
            | Self::SaidOf { subject: first, said: second }
            | Self::WorkflowUnreadable { path: first, detail: second } => two(first, second),
            Self::ConfigWrongType { key, expected } => {
                let expected = match language {
                    Language::English => english::one_of(*expected),
                    Language::Chinese => chinese::one_of(*expected),
                };
                two(key, expected)
            }
            Self::ConfigNotAnAddress { value, trouble } => {
                let trouble = match language {
                    Language::English => english::off(*trouble),
                    Language::Chinese => chinese::off(*trouble),
                };
                two(value, trouble)
            }
            Self::Missing
            | Self::NotANumber
            | Self::NotWhole
            | Self::WrongType
            | Self::PictureMissing
            | Self::FileMissing
            | Self::NoOutput
            | Self::SeedChanges
            | Self::ControlCharacters
            | Self::PartMissing
            | Self::StorageRefused
            | Self::ConfigNotAnObject
            | Self::ConfigModelMissing
            | Self::ConfigMissing => <[String; 2]>::default(),
        }
    }
}

/// Puts the figures into the gaps, which are written `{}`.
fn fill<const N: usize>(sentence: &str, figures: [String; N]) -> String {
    let mut said = String::with_capacity(sentence.len() * 2);
    let mut figures = figures.iter();
    for char in sentence.chars() {
        match char {
            '{' => said.push_str(figures.next().map_or("", String::as_str)),
            '}' => {}
            _ => said.push(char),
        }
    }
    said
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests;

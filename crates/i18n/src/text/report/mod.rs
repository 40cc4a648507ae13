//! What is told of a run as it goes and when it ends, in English and in Chinese.
//!
//! Not part of `Sentence`, whose words come with the form: these are wanted once something runs.

mod chinese;
mod english;

use super::{clock, fill, first_line, range, span};
use pilotlight_comfy::language::Language;

/// Spans are in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Report<'a> {
    // Waiting.
    InLineBehind {
        ahead: u32,
    },
    Usually {
        from_ms: u64,
        to_ms: u64,
    },
    LongerThanUsual,
    ClusterMayBeFull,
    FirstWaking,
    NoAnswerFor {
        ms: u64,
    },
    MayTakeTheNodesTime,
    /// Of a run that was taken up, until something is heard of it.
    AsItWas,

    // Hiccups; the page asks again by itself.
    GatewayGaveUp {
        after_ms: u64,
    },
    GatewayAnswered {
        status: u16,
    },
    AskedToPause,
    NoAnswerYet,
    NoAnswerDirect,
    NotComfy,
    ReplyLost,

    // Ends.
    WokeIn {
        ms: u64,
    },
    DoneIn {
        ran_ms: u64,
    },
    DoneCached,
    DoneWithSeed {
        seed: u64,
    },
    NothingCame,
    SomeGone {
        count: usize,
    },
    CancelledUnconfirmed,
    WillNotRun {
        problem: String,
    },
    NoResultFrom {
        titles: &'a str,
    },

    // Failures.
    Failed(Title),
    Why(Reason<'a>),
}

/// What heads a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Title {
    Access,
    Expired,
    Interrupted,
    KeyMissing,
    KeyWrong,
    Lost,
    NoAnswer,
    NoWaking,
    Node,
    NodeMissing,
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
    /// The server's own guard is set up wrongly.
    ExtensionWrong,
    Interrupted,
    KeyMissing,
    KeyWrong,
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
    OriginNotListed,
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
}

impl Report<'_> {
    pub fn say(&self, language: Language) -> String {
        let sentence = match language {
            Language::English => english::sentence(self),
            Language::Chinese => chinese::sentence(self),
        };
        fill(sentence, self.figures(language))
    }

    /// What stands in the gaps of the sentence, in their order; the same in both languages.
    pub(super) fn figures(&self, language: Language) -> [String; 2] {
        let text = |text: &str| [text.to_owned(), String::new()];
        let number = |number: u64| [number.to_string(), String::new()];
        match self {
            Self::NoAnswerFor { ms }
            | Self::GatewayGaveUp { after_ms: ms }
            | Self::WokeIn { ms } => text(&span(*ms, language)),
            Self::Usually { from_ms, to_ms } => text(&range(*from_ms, *to_ms, language)),
            Self::DoneIn { ran_ms } => text(&clock(*ran_ms, language)),
            Self::InLineBehind { ahead } => number((*ahead).into()),
            Self::GatewayAnswered { status } | Self::Why(Reason::SetupNotUnderstood { status }) => {
                number((*status).into())
            }
            Self::DoneWithSeed { seed } => number(*seed),
            Self::SomeGone { count } => number(*count as u64),
            Self::WillNotRun { problem: words } | Self::Why(Reason::Refused { first: words }) => {
                text(words)
            }
            Self::NoResultFrom { titles } => text(titles),
            Self::Why(Reason::Node { node, message }) => {
                [(*node).to_owned(), first_line(message).to_owned()]
            }
            Self::LongerThanUsual
            | Self::ClusterMayBeFull
            | Self::FirstWaking
            | Self::MayTakeTheNodesTime
            | Self::AsItWas
            | Self::AskedToPause
            | Self::NoAnswerYet
            | Self::NoAnswerDirect
            | Self::NotComfy
            | Self::ReplyLost
            | Self::DoneCached
            | Self::NothingCame
            | Self::CancelledUnconfirmed
            | Self::Failed(_)
            | Self::Why(
                Reason::Access
                | Reason::Expired
                | Reason::ExtensionWrong
                | Reason::Interrupted
                | Reason::KeyMissing
                | Reason::KeyWrong
                | Reason::LostPolling
                | Reason::LostLongPoll
                | Reason::NoAnswer
                | Reason::NoAnswerDirect
                | Reason::NoWaking
                | Reason::NotSentYet
                | Reason::OriginNotListed
                | Reason::OutOfMemory
                | Reason::PictureLost
                | Reason::TooLarge
                | Reason::UnknownModel,
            ) => <[String; 2]>::default(),
        }
    }
}

//! What went wrong, twice: `ApiError` to branch on, `Failure` to end a run with.
//! Invariant: no text from outside decides anything; it is only carried along to be shown.

use crate::access::Barred;
use crate::problem::Problem;

/// Why one request brought no useful reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// No answer at all: refused, reset, offline, or hidden by the browser's cross-origin rules.
    Unanswered,
    /// The page gave up waiting.
    TimedOut,
    /// 429.
    Busy,
    /// 400 to a prompt.
    Refused,
    /// 401 or 403.
    Unauthorized,
    /// The same, by the extension, which says why.
    Barred(Barred),
    /// 404 where a reply was due: kubeai knows no such model, or nothing is at this address.
    NoSuchModel,
    /// 413.
    TooLarge,
    /// Any 5xx.
    Unavailable(u16),
    /// 200, but not what was asked for: HTML, cut in half, not UTF-8.
    Garbled,
    /// Any other status.
    NotUnderstood(u16),
}

impl ApiError {
    /// Whether asking again can help.
    pub fn is_transient(self) -> bool {
        match self {
            Self::Unanswered
            | Self::TimedOut
            | Self::Busy
            | Self::Unavailable(_)
            | Self::Garbled => true,
            Self::Refused
            | Self::Unauthorized
            | Self::Barred(_)
            | Self::NoSuchModel
            | Self::TooLarge
            | Self::NotUnderstood(_) => false,
        }
    }
}

/// An `ApiError` with what came along.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What went wrong.
    pub error: ApiError,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<u32>,
    /// Whether the relay answered by itself: what stands behind it was not reached.
    pub from_relay: bool,
    /// Whether kubeai or ComfyUI answered, and no gateway or relay before them.
    pub is_from_behind: bool,
    /// What the server named when it refused a prompt.
    pub problems: Vec<Problem>,
    /// The reply as text, cut to `RAW_LIMIT_BYTES`; empty when there was none.
    pub raw: String,
}

/// Enough for a traceback or an error page's words, small enough to keep.
pub const RAW_LIMIT_BYTES: usize = 8 * 1024;

impl Fault {
    /// Returns the fault of an error that nothing came along with.
    pub fn new(error: ApiError) -> Self {
        Self {
            error,
            retry_after_s: None,
            from_relay: false,
            is_from_behind: false,
            problems: Vec::new(),
            raw: String::new(),
        }
    }

    /// Returns whether asking again may help.
    pub fn is_transient(&self) -> bool {
        self.error.is_transient()
    }

    /// Returns whether the server refused a request for want of the right access key.
    pub fn wants_key(&self) -> bool {
        self.key_refused().is_some()
    }

    /// Returns how the server refused a request for want of the right access key, if it did.
    pub fn key_refused(&self) -> Option<Barred> {
        let ApiError::Barred(barred) = self.error else { return None };
        barred.wants_key().then_some(barred)
    }
}

/// How a run ended when it ended badly.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The address, the model or the access is wrong; waiting cannot mend it.
    Setup(Fault),
    /// Nobody answered for too long. `waking`: before anything was sent.
    OutOfReach {
        /// Whether nothing was sent yet but the request that wakes a GPU.
        waking: bool,
        /// The last thing that went wrong, if anything did.
        fault: Option<Fault>,
    },
    /// The server refused the values.
    Rejected(Fault),
    /// The prompt or a picture is larger than the way to the server lets through.
    TooLarge(Fault),
    /// The server knows nothing of the run any more.
    Lost {
        /// Whether the server has the extension's long-poll.
        long_poll: bool,
    },
    /// A node failed.
    Broken(NodeFailure),
    /// Somebody else stopped it.
    Interrupted,
    /// Too old to ask after without a press: asking would wake the GPU.
    Expired,
    /// A picture that belongs to the run is no longer in this browser.
    PictureLost,
}

/// `execution_error` of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeFailure {
    /// Of which kind it is.
    pub kind: NodeFailureKind,
    /// The id of the node in the workflow.
    pub node_id: String,
    /// The class of the node.
    pub node_type: String,
    /// The exception's own words, of any length and language.
    pub message: String,
    /// Exception type, message and traceback, to unfold.
    pub raw: String,
}

/// What a failure of a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeFailureKind {
    /// `torch.OutOfMemoryError`, `torch.cuda.OutOfMemoryError` and the like.
    OutOfMemory,
    /// Anything else.
    Other,
}

/// The one button under a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A new run with the same values.
    RunAgain,
    /// The same run goes on; nothing was sent yet.
    TryAgain,
    /// Ask after the same run once more.
    LookAgain,
    /// The same, said with its price: it wakes the GPU.
    LookAnyway,
    /// Go to the field that was refused.
    GoToField,
    /// Open the settings.
    OpenSettings,
    /// A new run that makes one picture at a time.
    MakeOne,
    /// A new run with smaller pictures.
    ShrinkPictures,
    /// Copy what went wrong, for whoever runs the server.
    CopyDetails,
    /// Type the key that the server wants; the run goes on with it.
    EnterKey,
}

impl Failure {
    /// Whether it is one for want of the right key.
    pub fn wants_key(&self) -> bool {
        match self {
            Self::Setup(fault) | Self::OutOfReach { fault: Some(fault), .. } => fault.wants_key(),
            Self::OutOfReach { fault: None, .. }
            | Self::Rejected(_)
            | Self::TooLarge(_)
            | Self::Lost { .. }
            | Self::Broken(_)
            | Self::Interrupted
            | Self::Expired
            | Self::PictureLost => false,
        }
    }

    /// Returns what helps a run that was made from this.
    pub fn remedy(&self, made_from: MadeFrom) -> Remedy {
        let smaller = if made_from.has_pictures { Some(Remedy::ShrinkPictures) } else { None };
        if self.wants_key() {
            return Remedy::EnterKey;
        }
        match self {
            Self::Setup(_) => Remedy::OpenSettings,
            Self::OutOfReach { waking: true, .. } => Remedy::TryAgain,
            Self::OutOfReach { waking: false, .. } => Remedy::LookAgain,
            Self::Rejected(fault) if fault.problems.iter().any(|p| p.place.is_some()) => {
                Remedy::GoToField
            }
            // The same again would be refused again.
            Self::Rejected(_) => Remedy::CopyDetails,
            Self::TooLarge(_) => smaller.unwrap_or(Remedy::CopyDetails),
            Self::Broken(node) if node.kind == NodeFailureKind::OutOfMemory => {
                let fewer = made_from.makes_several.then_some(Remedy::MakeOne);
                fewer.or(smaller).unwrap_or(Remedy::RunAgain)
            }
            Self::Lost { .. } | Self::Broken(_) | Self::Interrupted | Self::PictureLost => {
                Remedy::RunAgain
            }
            Self::Expired => Remedy::LookAnyway,
        }
    }
}

/// What a run was made from, as far as remedies depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MadeFrom {
    /// Whether a field of its form has it make several pictures at once.
    pub makes_several: bool,
    /// Whether pictures were sent with it.
    pub has_pictures: bool,
}

/// Why a run failed and what helps, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct FailureView {
    /// What happened, in a few words.
    pub title: String,
    /// Why, and what can be done.
    pub body: String,
    /// What the button does.
    pub remedy: Remedy,
    /// What stands on the button.
    pub remedy_name: &'static str,
    /// The server's own words, to unfold; empty when there are none.
    pub raw: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_transient() {
        let table = [
            (ApiError::Unanswered, true),
            (ApiError::TimedOut, true),
            (ApiError::Busy, true),
            (ApiError::Unavailable(502), true),
            (ApiError::Garbled, true),
            (ApiError::Refused, false),
            (ApiError::Unauthorized, false),
            (ApiError::Barred(Barred::KeyMissing), false),
            (ApiError::NoSuchModel, false),
            (ApiError::TooLarge, false),
            (ApiError::NotUnderstood(400), false),
        ];
        for (error, expected) in table {
            assert_eq!(error.is_transient(), expected, "{error:?}");
        }
    }

    #[test]
    fn each_failure_has_one_remedy() {
        let fault = || Fault::new(ApiError::Unanswered);
        let barred = |barred| Fault::new(ApiError::Barred(barred));
        let away = |fault| Failure::OutOfReach { waking: false, fault: Some(fault) };
        let table = [
            (Failure::Setup(fault()), Remedy::OpenSettings),
            (Failure::OutOfReach { waking: true, fault: None }, Remedy::TryAgain),
            (Failure::OutOfReach { waking: false, fault: None }, Remedy::LookAgain),
            (Failure::Rejected(fault()), Remedy::CopyDetails),
            (Failure::TooLarge(fault()), Remedy::CopyDetails),
            (Failure::Lost { long_poll: false }, Remedy::RunAgain),
            (Failure::Interrupted, Remedy::RunAgain),
            (Failure::Expired, Remedy::LookAnyway),
            (Failure::PictureLost, Remedy::RunAgain),
            (Failure::Setup(barred(Barred::KeyMissing)), Remedy::EnterKey),
            (Failure::Setup(barred(Barred::KeyWrong)), Remedy::EnterKey),
            (away(barred(Barred::KeyMissing)), Remedy::EnterKey),
            (Failure::Setup(barred(Barred::Origin)), Remedy::OpenSettings),
            (Failure::Setup(barred(Barred::Setup)), Remedy::OpenSettings),
            (away(barred(Barred::Origin)), Remedy::LookAgain),
        ];
        for (failure, expected) in table {
            assert_eq!(failure.remedy(MadeFrom::default()), expected, "{failure:?}");
        }
    }

    #[test]
    fn what_is_too_large_is_made_smaller() {
        let broken = |kind| {
            let [node_id, node_type, message, raw] = [const { String::new() }; 4];
            Failure::Broken(NodeFailure { kind, node_id, node_type, message, raw })
        };
        let memory = || broken(NodeFailureKind::OutOfMemory);
        let large = || Failure::TooLarge(Fault::new(ApiError::TooLarge));
        let table = [
            (memory(), true, false, Remedy::MakeOne),
            (memory(), true, true, Remedy::MakeOne),
            (memory(), false, true, Remedy::ShrinkPictures),
            (memory(), false, false, Remedy::RunAgain),
            (broken(NodeFailureKind::Other), true, true, Remedy::RunAgain),
            (large(), true, true, Remedy::ShrinkPictures),
            (large(), true, false, Remedy::CopyDetails),
        ];
        for (failure, makes_several, has_pictures, expected) in table {
            let made_from = MadeFrom { makes_several, has_pictures };
            assert_eq!(failure.remedy(made_from), expected, "{failure:?} {made_from:?}");
        }
    }
}

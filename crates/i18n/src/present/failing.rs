//! Texts of failures and problems.

use super::Reader;
use crate::text::{
    FailureText, KeyText, ProblemText, ReasonText, RunText, labeled, list, sentences,
};
use pilotlight_comfy::access::Barred;
use pilotlight_comfy::comfy::Transport;
use pilotlight_comfy::failure::{
    ApiError, Failure, FailureView, Fault, MadeFrom, NodeFailureKind, Remedy,
};
use pilotlight_comfy::json;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::problem::{Problem, Trouble, Warning};
use pilotlight_forms::form::Form;
use pilotlight_runs::run::{Run, Stage};
use serde_json::Value;

/// The most choices that a sentence lists.
const MAX_OFFERED: usize = 8;

/// So many rejected values are named in the card; each is named at its field.
const MAX_NAMED: usize = 5;

pub(super) fn view(failure: &Failure, run: &Run, reader: &Reader) -> FailureView {
    let (title, body) = words(failure, run, reader);
    let (makes_several, has_pictures) = (reader.makes_several, run.has_pictures());
    let mut remedy = failure.remedy(MadeFrom { makes_several, has_pictures });
    // With the relay transport, access is a matter of the relay's setup.
    if remedy == Remedy::EnterKey && reader.transport == Transport::Relay {
        remedy = Remedy::OpenSettings;
    }
    FailureView {
        title: title.say(reader.language).to_owned(),
        body,
        remedy,
        remedy_name: remedy_name(remedy, reader.language),
        raw: raw(failure).to_owned(),
    }
}

/// Returns the text of a field's problem.
pub fn problem(it: &Problem, language: Language) -> String {
    let sentence = match &it.trouble {
        Trouble::Missing => ProblemText::Missing,
        Trouble::NotANumber => ProblemText::NotANumber,
        Trouble::NotWhole => ProblemText::NotWhole,
        Trouble::TooSmall { min } => ProblemText::TooSmall { min },
        Trouble::TooLarge { max } => ProblemText::TooLarge { max },
        Trouble::NotInList { value } => ProblemText::NotInList { value },
        Trouble::NoneInstalled { value } => ProblemText::NoneInstalled { value },
        Trouble::WrongType => ProblemText::WrongType,
        Trouble::TooLong { limit_bytes } => {
            ProblemText::TooLong { limit: *limit_bytes as u64 / 1_000 }
        }
        Trouble::PictureMissing => ProblemText::ImageMissing,
        Trouble::FileMissing => ProblemText::FileMissing,
        Trouble::InputMissing { title: node, input } => ProblemText::InputMissing { node, input },
        Trouble::LinkNowhere { title: node, input } => ProblemText::LinkNowhere { node, input },
        Trouble::NodeMissing { class, title } => ProblemText::NodeMissing { class, title },
        Trouble::NoOutput => ProblemText::NoOutput,
        Trouble::Other(message) => ProblemText::ServerSays { message },
    };
    let said = sentence.say(language);
    if it.offered.is_empty() {
        return said;
    }
    let options: Vec<String> = it.offered.iter().take(MAX_OFFERED).map(text_of).collect();
    let mut options = list(&options, language);
    if it.offered.len() > MAX_OFFERED {
        options.push_str(" …");
    }
    sentences(&said, &ProblemText::Offered { options: &options }.say(language), language)
}

fn text_of(option: &Value) -> String {
    option.as_str().map_or_else(|| json::text(option), str::to_owned)
}

/// Returns the text of a problem that is shown away from its field: with the field's name, or with
/// the names of node and input if the form does not show it.
pub fn named_problem(it: &Problem, form: Option<&Form>, language: Language) -> String {
    let said = problem(it, language);
    let named = it.place.as_ref().zip(form).and_then(|(place, form)| {
        if let Some(field) = form.field(place) {
            return Some(field.label.get(language).to_owned());
        }
        let node = form.workflow().node(&place.node)?;
        Some([node.title(), " · ", &place.input].concat())
    });
    match named {
        Some(subject) => labeled(&subject, &said, language),
        None => said,
    }
}

/// Returns the text of a warning about a field.
pub fn warning(warning: &Warning, language: Language) -> String {
    let sentence = match warning {
        Warning::SeedChangesOverKubeai { .. } => ProblemText::SeedChanges,
        Warning::ControlCharactersRemoved { .. } => ProblemText::ControlCharacters,
        Warning::SlashesDiffer { saved, .. } => ProblemText::SlashesDiffer { saved },
    };
    sentence.say(language)
}

/// Returns title and reason of a failure.
fn words(failure: &Failure, run: &Run, reader: &Reader) -> (FailureText, String) {
    let direct = reader.transport == Transport::Direct;
    let (title, reason) = match failure {
        Failure::Setup(fault) => set_up(fault, reader.transport),
        Failure::OutOfReach { fault: Some(fault), .. }
            if matches!(fault.error, ApiError::Barred(_)) =>
        {
            set_up(fault, reader.transport)
        }
        Failure::OutOfReach { waking: true, fault: None } if run.posts() == 0 => {
            (FailureText::NoWaking, ReasonText::NotSent)
        }
        Failure::OutOfReach { waking: true, .. } if run.span(Stage::Waking).is_none() => (
            FailureText::NoReply,
            if direct { ReasonText::NoReplyDirect } else { ReasonText::NotReached },
        ),
        Failure::OutOfReach { waking: true, .. } if direct => {
            (FailureText::NoWaking, ReasonText::NoReplyDirect)
        }
        Failure::OutOfReach { waking: true, .. } => (FailureText::NoWaking, ReasonText::NoWaking),
        Failure::OutOfReach { waking: false, .. } if direct => {
            (FailureText::NoReply, ReasonText::NoReplyDirect)
        }
        Failure::OutOfReach { waking: false, .. } => (FailureText::NoReply, ReasonText::NoReply),
        Failure::Rejected(fault) => {
            let first = fault.problems.first();
            let lacks = first.is_some_and(|it| matches!(it.trouble, Trouble::NodeMissing { .. }));
            let title = if lacks { FailureText::NodeMissing } else { FailureText::Refused };
            let problems = fault.problems.iter().take(MAX_NAMED);
            let form = reader.form.as_deref();
            let named = problems.map(|it| named_problem(it, form, reader.language));
            let named = named.reduce(|all, one| sentences(&all, &one, reader.language));
            return (title, named.unwrap_or_default());
        }
        Failure::TooLarge(_) if run.has_pictures() => {
            (FailureText::TooLarge, ReasonText::ImagesTooLarge)
        }
        Failure::TooLarge(_) => (FailureText::TooLarge, ReasonText::TooLarge),
        Failure::Lost { long_poll: true } => (FailureText::Lost, ReasonText::Lost),
        Failure::Lost { long_poll: false } => (FailureText::Lost, ReasonText::LostPolling),
        Failure::Broken(node) => match node.kind {
            NodeFailureKind::OutOfMemory => {
                let reason = match (reader.makes_several, run.has_pictures()) {
                    (true, _) => ReasonText::MemoryForSeveral,
                    (false, true) => ReasonText::MemoryForImage,
                    (false, false) => ReasonText::OutOfMemory,
                };
                (FailureText::OutOfMemory, reason)
            }
            NodeFailureKind::Other => {
                (FailureText::Node, node_reason(&node.node_type, &node.message))
            }
        },
        Failure::Interrupted => (FailureText::Interrupted, ReasonText::Interrupted),
        Failure::Expired => (FailureText::Expired, ReasonText::Expired),
        Failure::PictureLost => (FailureText::ImageLost, ReasonText::ImageLost),
    };
    (title, reason.say(reader.language))
}

/// Returns the reason for an exception in a node, with the first line of its message.
fn node_reason<'a>(node: &'a str, message: &'a str) -> ReasonText<'a> {
    match message.lines().next().unwrap_or_default() {
        "" => ReasonText::NodeSilent { node },
        message => ReasonText::Node { node, message },
    }
}

fn set_up(fault: &Fault, transport: Transport) -> (FailureText, ReasonText<'static>) {
    match (fault.error, transport) {
        (ApiError::Barred(Barred::KeyMissing), Transport::Direct) => {
            (FailureText::KeyMissing, ReasonText::KeyMissing)
        }
        (ApiError::Barred(Barred::KeyWrong), Transport::Direct) => {
            (FailureText::KeyWrong, ReasonText::KeyWrong)
        }
        (ApiError::Barred(Barred::Origin), _) => (FailureText::Access, ReasonText::OriginNotListed),
        (ApiError::Barred(Barred::Setup), _) => (FailureText::Access, ReasonText::ExtensionWrong),
        (error, _) => set_up_by(error),
    }
}

fn set_up_by(error: ApiError) -> (FailureText, ReasonText<'static>) {
    match error {
        ApiError::Unauthorized | ApiError::Barred(_) => (FailureText::Access, ReasonText::Access),
        ApiError::NoSuchModel => (FailureText::UnknownModel, ReasonText::UnknownModel),
        ApiError::NotUnderstood(status) | ApiError::Unavailable(status) => {
            (FailureText::Setup, ReasonText::Setup { status: status.into() })
        }
        ApiError::Unanswered
        | ApiError::TimedOut
        | ApiError::Busy
        | ApiError::Refused
        | ApiError::TooLarge
        | ApiError::Garbled => (FailureText::Setup, ReasonText::NoReply),
    }
}

/// Returns what is wrong with address, model or access, without a run.
pub(super) fn setup(fault: &Fault) -> Label {
    match fault.error {
        ApiError::Barred(Barred::KeyMissing) => return KeyText::WakeMissing.label(),
        ApiError::Barred(Barred::KeyWrong) => return KeyText::WakeWrong.label(),
        ApiError::Barred(Barred::Origin | Barred::Setup)
        | ApiError::Unanswered
        | ApiError::TimedOut
        | ApiError::Busy
        | ApiError::Refused
        | ApiError::Unauthorized
        | ApiError::NoSuchModel
        | ApiError::TooLarge
        | ApiError::Unavailable(_)
        | ApiError::Garbled
        | ApiError::NotUnderstood(_) => {}
    }
    let (_, reason) = set_up(fault, Transport::Direct);
    reason.label()
}

fn remedy_name(remedy: Remedy, language: Language) -> &'static str {
    let word = match remedy {
        Remedy::RunAgain => RunText::RunAgain,
        Remedy::TryAgain => RunText::TryAgain,
        Remedy::LookAgain => RunText::CheckAgain,
        Remedy::LookAnyway => RunText::CheckAnyway,
        Remedy::GoToField => RunText::GoToField,
        Remedy::OpenSettings => RunText::TestConnection,
        Remedy::MakeOne => RunText::MakeOne,
        Remedy::ShrinkPictures => RunText::ShrinkImages,
        Remedy::CopyDetails => RunText::CopyDetails,
        Remedy::EnterKey => return KeyText::Enter.say(language),
    };
    word.say(language)
}

fn raw(failure: &Failure) -> &str {
    match failure {
        Failure::Setup(fault) | Failure::Rejected(fault) | Failure::TooLarge(fault) => &fault.raw,
        Failure::OutOfReach { fault, .. } => fault.as_ref().map_or("", |fault| &fault.raw),
        Failure::Broken(node) => &node.raw,
        Failure::Lost { .. } | Failure::Interrupted | Failure::Expired | Failure::PictureLost => "",
    }
}

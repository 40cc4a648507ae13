//! Failures and problems in words.

use super::Reader;
use crate::text::{KeyWord, Reason, Report, Sentence, Title, Word};
use pilotlight_comfy::access::Barred;
use pilotlight_comfy::comfy::Transport;
use pilotlight_comfy::failure::{ApiError, Failure, FailureView, Fault, NodeFailureKind, Remedy};
use pilotlight_comfy::json;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::problem::{Problem, Trouble, Warning};
use pilotlight_forms::form::Form;
use pilotlight_runs::run::Run;
use serde_json::Value;

/// More choices than these do not fit into a sentence.
const MAX_OFFERED: usize = 8;

pub(super) fn view(failure: &Failure, run: &Run, reader: &Reader) -> FailureView {
    let (title, reason) = words(failure, run, reader);
    let mut remedy = failure.remedy();
    // A relay has its own way to be let in.
    if remedy == Remedy::EnterKey && reader.transport == Transport::Relay {
        remedy = Remedy::OpenSettings;
    }
    FailureView {
        title: Report::Failed(title).say(reader.language),
        body: Report::Why(reason).say(reader.language),
        remedy,
        remedy_name: remedy_name(remedy, reader.language),
        raw: raw(failure).to_owned(),
    }
}

/// What is wrong with one field.
pub fn problem(it: &Problem, language: Language) -> String {
    let sentence = match &it.trouble {
        Trouble::Missing => Sentence::Missing,
        Trouble::NotANumber => Sentence::NotANumber,
        Trouble::NotWhole => Sentence::NotWhole,
        Trouble::TooSmall { min } => Sentence::TooSmall { min },
        Trouble::TooLarge { max } => Sentence::TooLarge { max },
        Trouble::NotInList { value } => Sentence::NotInList { value },
        Trouble::WrongType => Sentence::WrongType,
        Trouble::TooLong { limit_bytes } => Sentence::TooLong { limit_kb: limit_bytes / 1_000 },
        Trouble::PictureMissing => Sentence::PictureMissing,
        Trouble::FileMissing => Sentence::FileMissing,
        Trouble::InputMissing { title: node, input } => Sentence::InputMissing { node, input },
        Trouble::LinkNowhere { title: node, input } => Sentence::LinkNowhere { node, input },
        Trouble::NodeMissing { class, title } => Sentence::NodeMissing { class, title },
        Trouble::NoOutput => Sentence::NoOutput,
        Trouble::Other(message) => Sentence::ServerSays { message },
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
    one_after_another(&said, &Sentence::Offered { options: &options }.say(language), language)
}

fn text_of(option: &Value) -> String {
    option.as_str().map_or_else(|| json::text(option), str::to_owned)
}

/// `A, B`, as the language writes it.
pub(super) fn list(words: &[String], language: Language) -> String {
    words.join(match language {
        Language::English => ", ",
        Language::Chinese => "、",
    })
}

/// Two sentences. Chinese ones need no blank between them.
pub(super) fn one_after_another(first: &str, second: &str, language: Language) -> String {
    let gap = match language {
        Language::English => " ",
        Language::Chinese => "",
    };
    [first, gap, second].concat()
}

/// The same where it stands far from its field: with the field's name, or, for an input that the
/// form does not show, with the names of node and input.
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
        Some(subject) => Sentence::SaidOf { subject: &subject, said: &said }.say(language),
        None => said,
    }
}

/// What is worth knowing of one field before it is sent.
pub fn warning(warning: &Warning, language: Language) -> String {
    let sentence = match warning {
        Warning::SeedChangesOverKubeai { .. } => Sentence::SeedChanges,
        Warning::ControlCharactersRemoved { .. } => Sentence::ControlCharacters,
    };
    sentence.say(language)
}

fn words<'a>(failure: &'a Failure, run: &Run, reader: &Reader) -> (Title, Reason<'a>) {
    let direct = reader.transport == Transport::Direct;
    match failure {
        Failure::Setup(fault) => set_up(fault, reader.transport),
        Failure::OutOfReach { fault: Some(fault), .. }
            if matches!(fault.error, ApiError::Barred(_)) =>
        {
            set_up(fault, reader.transport)
        }
        Failure::OutOfReach { waking: true, fault: None } if run.posts() == 0 => {
            (Title::NoWaking, Reason::NotSentYet)
        }
        Failure::OutOfReach { waking: true, .. } if direct => {
            (Title::NoWaking, Reason::NoAnswerDirect)
        }
        Failure::OutOfReach { waking: true, .. } => (Title::NoWaking, Reason::NoWaking),
        Failure::OutOfReach { waking: false, .. } if direct => {
            (Title::NoAnswer, Reason::NoAnswerDirect)
        }
        Failure::OutOfReach { waking: false, .. } => (Title::NoAnswer, Reason::NoAnswer),
        Failure::Rejected(fault) => {
            let first = fault.problems.first();
            let lacks = first.is_some_and(|it| matches!(it.trouble, Trouble::NodeMissing { .. }));
            let title = if lacks { Title::NodeMissing } else { Title::Refused };
            let first = first.map(|it| named_problem(it, reader.form, reader.language));
            let first = first.unwrap_or_default();
            (title, Reason::Refused { first })
        }
        Failure::TooLarge(_) => (Title::TooLarge, Reason::TooLarge),
        Failure::Lost { long_poll: true } => (Title::Lost, Reason::LostLongPoll),
        Failure::Lost { long_poll: false } => (Title::Lost, Reason::LostPolling),
        Failure::Broken(node) => match node.kind {
            NodeFailureKind::OutOfMemory => (Title::OutOfMemory, Reason::OutOfMemory),
            NodeFailureKind::Other => {
                (Title::Node, Reason::Node { node: &node.node_type, message: &node.message })
            }
        },
        Failure::Interrupted => (Title::Interrupted, Reason::Interrupted),
        Failure::Expired => (Title::Expired, Reason::Expired),
        Failure::PictureLost => (Title::PictureLost, Reason::PictureLost),
    }
}

fn set_up<'a>(fault: &Fault, transport: Transport) -> (Title, Reason<'a>) {
    match (fault.error, transport) {
        (ApiError::Barred(Barred::KeyMissing), Transport::Direct) => {
            (Title::KeyMissing, Reason::KeyMissing)
        }
        (ApiError::Barred(Barred::KeyWrong), Transport::Direct) => {
            (Title::KeyWrong, Reason::KeyWrong)
        }
        (ApiError::Barred(Barred::Origin), _) => (Title::Access, Reason::OriginNotListed),
        (ApiError::Barred(Barred::Setup), _) => (Title::Access, Reason::ExtensionWrong),
        (error, _) => set_up_by(error),
    }
}

fn set_up_by<'a>(error: ApiError) -> (Title, Reason<'a>) {
    match error {
        ApiError::Unauthorized | ApiError::Barred(_) => (Title::Access, Reason::Access),
        ApiError::NoSuchModel => (Title::UnknownModel, Reason::UnknownModel),
        ApiError::NotUnderstood(status) | ApiError::Unavailable(status) => {
            (Title::Setup, Reason::SetupNotUnderstood { status })
        }
        ApiError::Unanswered
        | ApiError::TimedOut
        | ApiError::Busy
        | ApiError::Refused
        | ApiError::TooLarge
        | ApiError::Garbled => (Title::Setup, Reason::NoAnswer),
    }
}

/// What is wrong with address, model or access, in both languages, without a run behind it.
pub(super) fn setup(fault: &Fault) -> Label {
    match fault.error {
        ApiError::Barred(Barred::KeyMissing) => return KeyWord::WakeMissing.in_both(),
        ApiError::Barred(Barred::KeyWrong) => return KeyWord::WakeWrong.in_both(),
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
    let why = Report::Why(reason);
    Label { en: why.say(Language::English), zh: why.say(Language::Chinese) }
}

fn remedy_name(remedy: Remedy, language: Language) -> &'static str {
    let word = match remedy {
        Remedy::RunAgain => Word::RunAgain,
        Remedy::TryAgain => Word::TryAgain,
        Remedy::LookAgain => Word::LookAgain,
        Remedy::LookAnyway => Word::LookAnyway,
        Remedy::GoToField => Word::GoToField,
        Remedy::OpenSettings => Word::OpenSettings,
        Remedy::EnterKey => return KeyWord::Enter.say(language),
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

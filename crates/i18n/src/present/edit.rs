//! Texts of the form editor: why a change is impossible, where options come from, and the outcome
//! of loading them again.

use super::failing::problem;
use crate::text::{SourceText, StepText};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::Problem;
use pilotlight_forms::form::Unfit;

/// Where choices and bounds come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Described {
    /// From this server, this long ago.
    Ago {
        /// How long ago, in ms.
        ms: u64,
    },
    /// From the form's own file.
    WithForm,
    /// From the page's own descriptions of ComfyUI's nodes, those of some classes at least.
    Shipped,
    /// Unknown; only the values are known.
    NotYet,
}

/// The outcome of asking the server again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The server is being asked.
    Asking,
    /// It did not answer.
    Unanswered,
    /// Its classes are as the form knows them.
    Same,
    /// The form was changed to fit its classes.
    Renewed,
    /// Renewed until the next start, because the form belongs to the configuration.
    RenewedForNow,
}

impl Described {
    /// Returns the sentence.
    pub fn say(self, language: Language) -> String {
        let text = match self {
            Self::Ago { ms: 0..60_000 } => SourceText::JustNow,
            Self::Ago { ms } => SourceText::Ago { time: ms },
            Self::WithForm => SourceText::Form,
            Self::Shipped => SourceText::Shipped,
            Self::NotYet => SourceText::Unknown,
        };
        text.say(language)
    }

    /// Returns the text of the button.
    pub fn ask(self, language: Language) -> String {
        let text = match self {
            Self::Ago { .. } => SourceText::LoadAgain,
            Self::WithForm | Self::Shipped | Self::NotYet => SourceText::Load,
        };
        text.say(language)
    }
}

impl Renewal {
    /// Returns the sentence.
    pub fn say(self, language: Language) -> String {
        let text = match self {
            Self::Asking => SourceText::Loading,
            Self::Unanswered => SourceText::NoReply,
            Self::Same => SourceText::Same,
            Self::Renewed => SourceText::Updated,
            Self::RenewedForNow => SourceText::UpdatedForNow,
        };
        text.say(language)
    }
}

/// Returns why a change of the form is impossible.
pub fn unfit(why: &Unfit, language: Language) -> String {
    let text = match why {
        Unfit::Value(trouble) => return problem(&Problem::of(trouble.clone()), language),
        Unfit::NoSuchInput => StepText::NoSuchInput,
        Unfit::Linked => StepText::Linked,
        Unfit::Twice => StepText::Twice,
        Unfit::NotAField => StepText::NotAField,
        Unfit::AtTheEnd => StepText::AtTheEnd,
        Unfit::Empty => StepText::Empty,
        Unfit::NoRange => StepText::NoRange,
        Unfit::NoDefault => StepText::NoDefault,
        Unfit::NotAText => StepText::NotAText,
    };
    text.say(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_as_people_say_them() {
        let days = Described::Ago { ms: 3 * 86_400_000 };
        let english = "Options were loaded from the server 3 d ago.";
        assert_eq!(days.say(Language::English), english);
        assert_eq!(days.say(Language::Chinese), "选项在 3 天前从服务器更新。");
        let now = Described::Ago { ms: 900 };
        assert!(now.say(Language::English).contains("just now"));
        assert_eq!(days.ask(Language::English), "Load again (wakes a sleeping GPU)");
    }
}

//! What is wrong with the configuration, in words.

use crate::text::Sentence;
use pilotlight_comfy::language::Language;
use pilotlight_runs::config::Notice;

/// What stands in `config.json` and was not used as it is.
pub fn config_notice(notice: &Notice, language: Language) -> String {
    let sentence = match notice {
        Notice::NotJson { line, column } => {
            Sentence::ConfigNotJson { line: *line, column: *column }
        }
        Notice::NotAnObject => Sentence::ConfigNotAnObject,
        Notice::UnknownKey { key } => Sentence::ConfigUnknownKey { key },
        Notice::Wrong { key, expected } => Sentence::ConfigWrongType { key, expected: *expected },
        Notice::NotAnAddress { value, trouble } => {
            Sentence::ConfigNotAnAddress { value, trouble: *trouble }
        }
        Notice::ModelMissing => Sentence::ConfigModelMissing,
    };
    sentence.say(language)
}

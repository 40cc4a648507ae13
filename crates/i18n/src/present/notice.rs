//! Errors in the configuration.

use crate::text::{ConfigText, EndpointText, ExpectedText};
use pilotlight_comfy::language::Language;
use pilotlight_runs::config::{AddressTrouble, Expected, Notice};

/// Returns which part of `config.json` was not used, and why.
pub fn config_notice(notice: &Notice, language: Language) -> String {
    let text = match notice {
        Notice::NotJson { line, column } => {
            ConfigText::NotJson { line: *line as u64, column: *column as u64 }
        }
        Notice::NotAnObject => ConfigText::NotAnObject,
        Notice::UnknownKey { key } => ConfigText::UnknownKey { key },
        Notice::Wrong { key, expected } => {
            ConfigText::WrongType { key, expected: one_of(*expected).say(language) }
        }
        Notice::NotAnAddress { value, trouble } => {
            ConfigText::NotAnAddress { value, trouble: off(*trouble).say(language) }
        }
        Notice::ModelMissing => ConfigText::ModelMissing,
    };
    text.say(language)
}

fn one_of(expected: Expected) -> ExpectedText {
    match expected {
        Expected::Text => ExpectedText::Text,
        Expected::Label => ExpectedText::Label,
        Expected::ModelName => ExpectedText::ModelName,
        Expected::Paths => ExpectedText::Paths,
        Expected::Addresses => ExpectedText::Addresses,
        Expected::Languages => ExpectedText::Languages,
        Expected::Language => ExpectedText::Language,
        Expected::Theme => ExpectedText::Theme,
        Expected::Transport => ExpectedText::Transport,
        Expected::Price => ExpectedText::Price,
        Expected::Amount => ExpectedText::Amount,
        Expected::Seconds => ExpectedText::Seconds,
        Expected::SecondsRange => ExpectedText::SecondsRange,
        Expected::Origins => ExpectedText::Origins,
    }
}

fn off(trouble: AddressTrouble) -> EndpointText {
    match trouble {
        AddressTrouble::Empty => EndpointText::Empty,
        AddressTrouble::OddCharacter => EndpointText::OddCharacter,
        AddressTrouble::Scheme => EndpointText::Scheme,
        AddressTrouble::NoHost => EndpointText::NoHost,
        AddressTrouble::Port => EndpointText::Port,
        AddressTrouble::Credentials => EndpointText::Credentials,
        AddressTrouble::QueryOrFragment => EndpointText::QueryOrFragment,
    }
}

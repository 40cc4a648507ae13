//! The two languages of the page, and text that an author wrote in one or both of them.
//! Invariant: a label is never empty in either language; one fills in for the other.

use std::collections::BTreeMap;

use crate::media::turns_direction;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The languages of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

impl Language {
    /// Both, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// As in `lang="…"` and in the configuration.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// Reads a language tag of any length: `zh`, `zh-Hant-TW`, `en_GB`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| first.eq_ignore_ascii_case(language.code()))
    }
}

/// What an author calls something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Serialize for Label {
    /// One text where both languages say the same, else an object of both.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.en == self.zh {
            return self.en.serialize(serializer);
        }
        BTreeMap::from([("en", &self.en), ("zh", &self.zh)]).serialize(serializer)
    }
}

impl Label {
    /// The same text in both languages.
    pub fn plain(text: &str) -> Self {
        Self { en: text.to_owned(), zh: text.to_owned() }
    }

    /// A text of others in both languages, on one line; `None` if nothing is left.
    pub fn line(text: &str, limit_chars: usize) -> Option<Self> {
        let line = one_line(text, limit_chars);
        (!line.is_empty()).then(|| Self::plain(&line))
    }

    /// Reads `"text"` or `{"en": "text", "zh": "文字"}`, of which one may be left out.
    pub fn from_value(value: &Value) -> Option<Self> {
        let text = |value: &Value| {
            value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        if let Some(text) = text(value) {
            return Some(Self { zh: text.clone(), en: text });
        }
        let map = value.as_object()?;
        let known = |(key, value): (&String, &Value)| {
            Language::ALL.into_iter().any(|language| language.code() == key) && value.is_string()
        };
        if !map.iter().all(known) {
            return None;
        }
        match (map.get("en").and_then(text), map.get("zh").and_then(text)) {
            (Some(en), Some(zh)) => Some(Self { en, zh }),
            (Some(one), None) | (None, Some(one)) => Some(Self { zh: one.clone(), en: one }),
            (None, None) => None,
        }
    }

    /// Returns it in a language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

/// A text of others on one line: single blanks, no control characters, nothing that turns the
/// direction of writing, cut after so many.
pub fn one_line(text: &str, limit_chars: usize) -> String {
    let (mut line, mut chars, mut blank) = (String::new(), 0, false);
    for c in text.chars().filter(|c| !turns_direction(*c)) {
        if c.is_whitespace() || c.is_control() {
            blank = true;
            continue;
        }
        if chars >= limit_chars {
            line.push('…');
            break;
        }
        if blank && chars > 0 {
            line.push(' ');
            chars += 1;
        }
        line.push(c);
        (blank, chars) = (false, chars + 1);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn language_tags_are_read() {
        let table = [
            ("zh", Some(Language::Chinese)),
            ("zh-CN", Some(Language::Chinese)),
            ("ZH_hant_TW", Some(Language::Chinese)),
            ("en-GB", Some(Language::English)),
            ("fr", None),
            ("", None),
        ];
        for (tag, expected) in table {
            assert_eq!(Language::from_tag(tag), expected, "{tag}");
        }
    }

    #[track_caller]
    fn check(value: Value, expected: Option<(&str, &str)>) {
        let label = Label::from_value(&value);
        let texts = label
            .as_ref()
            .map(|label| (label.get(Language::English), label.get(Language::Chinese)));
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_text_of_others_is_one_line() {
        let table = [
            (" a\n b\t\u{0}c ", "a b c"),
            ("a\u{202e}b\u{2066}c", "abc"),
            ("\u{0}\u{3000}", ""),
            ("1234567890", "1234567890"),
            ("1234567890 ", "1234567890"),
            ("1234567890 1", "1234567890…"),
            ("猫猫猫猫猫猫猫猫猫猫猫", "猫猫猫猫猫猫猫猫猫猫…"),
        ];
        for (text, expected) in table {
            assert_eq!(one_line(text, 10), expected);
            assert_eq!(Label::line(text, 10).is_none(), expected.is_empty());
        }
    }

    #[test]
    fn labels_are_read() {
        check(json!({"en": "Seed", "zh": "随机种子"}), Some(("Seed", "随机种子")));
        check(json!({"en": " Seed "}), Some(("Seed", "Seed")));
        check(json!({"en": "", "zh": "种子"}), Some(("种子", "种子")));
        check(json!("Seed"), Some(("Seed", "Seed")));
        check(json!({"fr": "Graine", "en": "Seed"}), None);
        check(json!({"en": 5}), None);
        check(json!({}), None);
        check(json!(""), None);
        check(json!(null), None);
    }
}

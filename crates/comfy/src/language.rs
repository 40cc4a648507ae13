//! The languages of the page, and text that an author wrote in some of them.
//! Invariant: a label is never empty in any language; one fills in for the others.

use std::collections::BTreeMap;

use crate::media::turns_direction;
use serde::{Serialize, Serializer};
use serde_json::Value;

macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident $code:literal,)*) => {
        /// The languages of the page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Language {
            $($(#[$doc])* $name,)*
        }

        impl Language {
            /// All of them, in the order they are offered.
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$name),*];

            /// As in the configuration, and the name of its file in `crates/i18n/locales`.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

languages! {
    /// English.
    English "en",
    /// Chinese, in simplified characters.
    Chinese "zh",
}

impl Language {
    /// Reads a language tag of any length: `zh`, `zh-Hant-TW`, `en_GB`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| first.eq_ignore_ascii_case(language.code()))
    }
}

/// A text of the page without placeholders.
pub trait Plain: Copy + 'static {
    /// Returns the text in a language.
    fn plain(self, language: Language) -> &'static str;
}

/// A text of the page in each of its languages, whatever group of texts it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translated([&'static str; Language::ALL.len()]);

impl Translated {
    /// Returns the text in a language.
    pub fn get(self, language: Language) -> &'static str {
        self.0[language as usize]
    }
}

impl<T: Plain> From<T> for Translated {
    fn from(text: T) -> Self {
        Self(Language::ALL.map(|language| text.plain(language)))
    }
}

/// What an author calls something, in each language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    texts: [String; Language::ALL.len()],
}

impl Serialize for Label {
    /// One text where all languages say the same, else an object of them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_same() {
            return self.get(Language::English).serialize(serializer);
        }
        let texts = Language::ALL.map(|language| (language.code(), self.get(language)));
        BTreeMap::from(texts).serialize(serializer)
    }
}

impl Label {
    /// The same text in every language.
    pub fn plain(text: &str) -> Self {
        Self::of(|_| text.to_owned())
    }

    /// English and Chinese, and English in any other language.
    pub fn both(english: &str, chinese: &str) -> Self {
        Self::of(|language| {
            if language == Language::Chinese { chinese.to_owned() } else { english.to_owned() }
        })
    }

    /// What `say` gives for each language.
    pub fn of(say: impl FnMut(Language) -> String) -> Self {
        Self { texts: Language::ALL.map(say) }
    }

    /// A text of others in every language, on one line; `None` if nothing is left.
    pub fn line(text: &str, limit_chars: usize) -> Option<Self> {
        let line = one_line(text, limit_chars);
        (!line.is_empty()).then(|| Self::plain(&line))
    }

    /// Reads `"text"` or `{"en": "text", "zh": "文字"}`, of which all but one may be left out.
    pub fn from_value(value: &Value) -> Option<Self> {
        let text = |value: &Value| {
            value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        if let Some(text) = text(value) {
            return Some(Self::plain(&text));
        }
        let map = value.as_object()?;
        let known = |(key, value): (&String, &Value)| {
            Language::ALL.into_iter().any(|language| language.code() == key) && value.is_string()
        };
        if !map.iter().all(known) {
            return None;
        }
        let of = |language: Language| map.get(language.code()).and_then(text);
        let first = Language::ALL.into_iter().find_map(of)?;
        Some(Self::of(|language| of(language).unwrap_or_else(|| first.clone())))
    }

    /// Returns it in a language.
    pub fn get(&self, language: Language) -> &str {
        &self.texts[language as usize]
    }

    /// Gives the text of one language, to be changed.
    pub fn get_mut(&mut self, language: Language) -> &mut String {
        &mut self.texts[language as usize]
    }

    /// Returns the texts, in the order of [`Language::ALL`].
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Gives the texts to be changed, in the order of [`Language::ALL`].
    pub fn texts_mut(&mut self) -> &mut [String] {
        &mut self.texts
    }

    /// Whether every language says the same.
    pub fn is_same(&self) -> bool {
        self.texts.windows(2).all(|two| two[0] == two[1])
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

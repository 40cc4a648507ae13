//! The key that a server may want of everybody, and how the extension says that it lets nobody in.
//!
//! Invariant: a key shows itself to nobody by accident: it prints as dots, has no stored form, what
//! it is put into is the body of a request, and a reply that repeats it is shown without it.

use serde_json::Value;

use crate::json;

/// In bytes; the extension takes no longer ones.
const LONGEST: usize = 1_024;
/// What is shown in the place of a key.
const HIDDEN: &str = "•••";

/// As a person typed it, without blanks around it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(String);

impl AccessKey {
    /// `None` of nothing, and of what is too long to be one.
    pub fn typed(text: &str) -> Option<Self> {
        let text = text.trim();
        (1..=LONGEST).contains(&text.len()).then(|| Self(text.to_owned()))
    }

    /// Returns the key itself: only for what is sent to its server.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns a text without the key: as it is, and as it stands in JSON.
    pub fn hidden_in(&self, text: &str) -> String {
        let quoted = json::text(&Value::from(self.as_str()));
        let escaped = quoted.get(1..quoted.len() - 1).unwrap_or(&quoted);
        text.replace(escaped, HIDDEN).replace(self.as_str(), HIDDEN)
    }

    /// Takes the key out of the texts of a JSON value; names of members stay.
    pub fn hide_in(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hidden_in(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_in(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.hide_in(member)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessKey(…)")
    }
}

/// Why the extension did not let a request in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// It wants a key, and none came along.
    KeyMissing,
    /// It wants another one.
    KeyWrong,
    /// It answers the pages of listed origins only.
    Origin,
    /// Its own environment is wrong, so it lets nobody in.
    Setup,
}

impl Barred {
    /// Of the body of a 401 or 403.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let body = json::parse(std::str::from_utf8(body).ok()?)?;
        let error = body.get("error")?;
        match error.get("type")?.as_str()? {
            "pilotlight_key" => Some(match error.get("given").and_then(Value::as_bool) {
                Some(true) => Self::KeyWrong,
                Some(false) | None => Self::KeyMissing,
            }),
            "pilotlight_origin" => Some(Self::Origin),
            "pilotlight_setup" => Some(Self::Setup),
            _ => None,
        }
    }

    /// Whether a key would help.
    pub fn wants_key(self) -> bool {
        match self {
            Self::KeyMissing | Self::KeyWrong => true,
            Self::Origin | Self::Setup => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_was_typed_without_blanks_around_it() {
        let long = "x".repeat(LONGEST + 1);
        let table = [
            ("", None),
            (" \n", None),
            (" a b\n", Some("a b")),
            ("钥匙", Some("钥匙")),
            (&long, None),
        ];
        for (typed, expected) in table {
            let key = AccessKey::typed(typed);
            assert_eq!(key.as_ref().map(AccessKey::as_str), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_key_prints_as_dots() {
        let key = AccessKey::typed("sesame").expect("it is one");
        assert_eq!(format!("{key:?}"), "AccessKey(…)");
    }

    #[test]
    fn a_text_that_repeats_the_key_is_shown_without_it() {
        let table = [
            ("sesame", "no such key: sesame", "no such key: •••"),
            ("sesame", r#"{"key":"sesame","a":"opensesame"}"#, r#"{"key":"•••","a":"open•••"}"#),
            ("a\"b\\", "{\"key\":\"a\\\"b\\\\\"} a\"b\\", "{\"key\":\"•••\"} •••"),
            ("ab\"", "{\"key\":\"ab\\\"\"}", "{\"key\":\"•••\"}"),
            ("钥匙", "钥匙", "•••"),
            ("sesame", "Sesame", "Sesame"),
        ];
        for (key, text, expected) in table {
            let key = AccessKey::typed(key).expect("it is one");
            assert_eq!(key.hidden_in(text), expected, "{text}");
        }
        let key = AccessKey::typed("error").expect("it is one");
        let mut value = json::parse(r#"{"error":{"message":["an error",5]}}"#).expect("JSON");
        key.hide_in(&mut value);
        assert_eq!(json::text(&value), r#"{"error":{"message":["an •••",5]}}"#);
    }

    #[test]
    fn a_refusal_is_known_by_its_type() {
        let error = |inside: &str| format!(r#"{{"error":{{"type":{inside}}}}}"#);
        let table = [
            (error(r#""pilotlight_key","given":false"#), Some(Barred::KeyMissing)),
            (error(r#""pilotlight_key""#), Some(Barred::KeyMissing)),
            (error(r#""pilotlight_key","given":"yes""#), Some(Barred::KeyMissing)),
            (error(r#""pilotlight_key","given":true"#), Some(Barred::KeyWrong)),
            (error(r#""pilotlight_origin""#), Some(Barred::Origin)),
            (error(r#""pilotlight_setup""#), Some(Barred::Setup)),
            (error(r#""another""#), None),
            (error("7"), None),
            (r#"{"error":"pilotlight_key"}"#.to_owned(), None),
            ("<html>pilotlight_key".to_owned(), None),
            (String::new(), None),
        ];
        for (body, expected) in table {
            assert_eq!(Barred::read(body.as_bytes()), expected, "{body}");
        }
        assert_eq!(Barred::read(&[0xff]), None);
    }
}

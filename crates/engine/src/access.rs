//! The key that a server may want of everybody, and how the extension says that it lets nobody in.
//!
//! Invariant: a key shows itself to nobody by accident: it prints as dots, has no stored form, and
//! what it is put into is the body of a request.

use serde_json::Value;

use crate::json;

/// In bytes; the extension takes no longer ones.
const LONGEST: usize = 1_024;

/// As a person typed it, without blanks around it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(String);

impl AccessKey {
    /// `None` of nothing, and of what is too long to be one.
    pub fn typed(text: &str) -> Option<Self> {
        let text = text.trim();
        (1..=LONGEST).contains(&text.len()).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
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

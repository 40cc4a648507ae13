//! JSON as servers really send it. Invariant: integers of 64 bits stay exact.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// Parses JSON; where that fails, once more with a bare `NaN` or `Infinity` read as `null`.
/// Python writes them, and one client's NaN stands in everybody's `/queue` and `/history`.
pub fn parse(text: &str) -> Option<Value> {
    read(text).ok()
}

/// The same, with the place where reading stopped. Where a bare word stood before it in that
/// line, the column may be off by its length.
///
/// # Errors
/// Where reading stopped, and why.
pub fn read(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|error| match without_bare_words(text) {
        Some(text) => serde_json::from_str(&text),
        None => Err(error),
    })
}

/// The shortest text of a value.
pub fn text(value: &Value) -> String {
    // Only a map with keys that are no texts could fail, and a `Value` has none.
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads a stored value; `None` for anything that is no such value.
///
/// By way of a [`Value`]: the parser of texts is compiled once, and not for each type.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let value: Value = serde_json::from_str(text).ok()?;
    T::deserialize(value).ok()
}

/// Returns the stored form of a value as the text of JSON, by way of a [`Value`] too.
pub fn to_text(value: &impl Serialize) -> String {
    text(&to_value(value))
}

/// The version number of a stored form: written as `N`, and any other number is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version<const N: u64>;

impl<const N: u64> Serialize for Version<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(N)
    }
}

impl<'de, const N: u64> Deserialize<'de> for Version<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            version if version == N => Ok(Self),
            other => Err(D::Error::custom(format_args!("version {other} is not {N}"))),
        }
    }
}

/// Reads a field whose value may be of another type in stored data: then it is the default.
///
/// # Errors
/// Only those of the deserializer itself, such as text that is no JSON.
pub fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Returns the stored form of a value as JSON.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// The value as JSON.
pub fn to_value(value: &impl Serialize) -> Value {
    // Only a map whose keys are no texts could fail.
    serde_json::to_value(value).unwrap_or_default()
}

/// An object of these fields.
pub fn object(fields: Vec<(&str, Value)>) -> Value {
    let mut map = Map::new();
    for (key, value) in fields {
        map.insert(key.to_owned(), value);
    }
    Value::Object(map)
}

fn without_bare_words(text: &str) -> Option<String> {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut quoted, mut found) = (text, false, false);
    loop {
        let word = WORDS.iter().find_map(|word| rest.strip_prefix(word));
        if let Some(after) = word.filter(|_| !quoted) {
            out.push_str("null");
            (rest, found) = (after, true);
            continue;
        }
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { break };
        out.push(first);
        if quoted && first == '\\' {
            out.extend(chars.next());
        }
        quoted ^= first == '"';
        rest = chars.as_str();
    }
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: Option<Value>) {
        assert_eq!(parse(text), expected, "{text}");
    }

    #[test]
    fn bare_words_become_null_outside_of_strings_only() {
        check(r#"{"a":1}"#, Some(json!({"a": 1})));
        check(r#"{"a":NaN,"b":-Infinity}"#, Some(json!({"a": null, "b": null})));
        check(r#"{"NaN \" NaN":[NaN]}"#, Some(json!({"NaN \" NaN": [null]})));
        check(r#"["\\",NaN,"猫 NaN"]"#, Some(json!(["\\", null, "猫 NaN"])));
        check("NaNa", None);
        check(r#"{"a":NaN"#, None);
        check("<html>", None);
    }

    #[test]
    fn floats_come_back_as_they_were() {
        for text in
            ["0.30000000000000004", "1.7976931348623157e+308", "5e-324", "0.1", "7.038531e-26"]
        {
            assert_eq!(parse(text).map(|value| value.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn large_integers_stay_exact() {
        check("18446744073709551615", Some(json!(u64::MAX)));
        assert_eq!(
            parse("18446744073709551615").map(|v| v.to_string()).as_deref(),
            Some("18446744073709551615")
        );
    }
}

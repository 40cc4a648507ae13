//! JSON as servers really send it. Invariant: integers of 64 bits stay exact.

use serde_json::Value;

/// Parses JSON; where that fails, once more with a bare `NaN` or `Infinity` read as `null`.
/// Python writes them, and one client's NaN stands in everybody's `/queue` and `/history`.
pub fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text)
        .ok()
        .or_else(|| serde_json::from_str(&without_bare_words(text)?).ok())
}

fn without_bare_words(text: &str) -> Option<String> {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    if !WORDS.iter().any(|word| text.contains(word)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut quoted) = (text, false);
    while let Some(first) = rest.chars().next() {
        if let Some(word) = WORDS.iter().find(|word| !quoted && rest.starts_with(**word)) {
            out.push_str("null");
            rest = &rest[word.len()..];
            continue;
        }
        let escaped = if quoted && first == '\\' { rest[1..].chars().next() } else { None };
        quoted ^= first == '"';
        let taken = first.len_utf8() + escaped.map_or(0, char::len_utf8);
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    Some(out)
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
    fn large_integers_stay_exact() {
        check("18446744073709551615", Some(json!(u64::MAX)));
        assert_eq!(
            parse("18446744073709551615").map(|v| v.to_string()).as_deref(),
            Some("18446744073709551615")
        );
    }
}

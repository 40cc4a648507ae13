//! Inputs that hold keys and passwords, known by their names, as nodes for paid services have them.
//! Invariant: their texts are in nothing that leaves the browser but the prompt itself: no link, no
//! exported result, no saved form, no message to a host page.

use crate::workflow::{FieldKey, Workflow};
use serde_json::Value;

/// The last word of a name that holds a secret, whatever its case.
const LAST: [&str; 9] =
    ["apikey", "token", "pwd", "secret", "authorization", "bearer", "cookie", "cookies", "pat"];
/// A word that means a secret wherever it stands in a name.
const ANYWHERE: [&str; 7] =
    ["apikey", "password", "passwd", "passphrase", "passcode", "credential", "credentials"];

/// Returns whether an input of this name holds a secret: `api_key`, `apiKey_2`, `hf-token` and
/// `password_hash` do; `max_new_tokens`, `token_count`, `keyframe` and a bare `key` do not.
pub fn is_named(input: &str) -> bool {
    let name = words(input);
    let parts: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        // `password2` and `api_key_2` are as secret as the first.
        .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|part| !part.is_empty())
        .collect();
    let is_anywhere = |part: &&str| {
        ANYWHERE.contains(part) || ["apikey", "password"].iter().any(|end| part.ends_with(end))
    };
    if parts.iter().any(is_anywhere) || parts.windows(2).any(|two| two == ["api", "key"]) {
        return true;
    }
    match parts.split_last() {
        // A node's `key` is as often that of a dictionary or of music.
        Some((&"key", before)) => !before.is_empty(),
        Some((last, _)) => LAST.contains(last),
        None => false,
    }
}

/// Returns the name in small letters, with a `_` where a capital begins a word: `accessToken` is
/// `access_token` and `OpenAIKey` is `open_ai_key`.
fn words(input: &str) -> String {
    let mut words = String::with_capacity(input.len() + 4);
    let mut chars = input.chars().peekable();
    let mut before = ' ';
    while let Some(char) = chars.next() {
        let begins = match before {
            'a'..='z' | '0'..='9' => char.is_ascii_uppercase(),
            'A'..='Z' => {
                char.is_ascii_uppercase() && chars.peek().is_some_and(char::is_ascii_lowercase)
            }
            _ => false,
        };
        if begins {
            words.push('_');
        }
        words.push(char.to_ascii_lowercase());
        before = char;
    }
    words
}

/// Empties the texts of secret inputs of a workflow; returns whether there was one.
pub fn clear(flow: &mut Workflow) -> bool {
    let mut changed = Vec::new();
    for (id, node) in flow.nodes() {
        for (name, value) in node.inputs() {
            let mut value = value.clone();
            if clear_value(name, &mut value) {
                changed.push((FieldKey::new(id.as_str(), name), value));
            }
        }
    }
    let is_changed = !changed.is_empty();
    for (key, value) in changed {
        // The key came from this workflow, so its node is there.
        let _known = flow.set(&key, value);
    }
    is_changed
}

/// A list under a secret name is left: it is a link to another node.
fn clear_value(name: &str, value: &mut Value) -> bool {
    match value {
        Value::String(text) if is_named(name) && !text.is_empty() => {
            text.clear();
            true
        }
        Value::Object(members) => members
            .iter_mut()
            .fold(false, |cleared, (name, value)| clear_value(name, value) || cleared),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_told_by_their_names() {
        for name in [
            "api_key",
            "apikey",
            "API_KEY",
            "apiKey",
            "openai-api-key",
            "hf_token",
            "token",
            "access_token",
            "password",
            "dbPassword",
            "accessToken",
            "clientSecret",
            "secretKey",
            "client_secret",
            "Authorization",
            "api_key_2",
            "password1",
            "api_key_openai",
            "OpenAIKey",
            "OPENAI_API_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "login.password (optional)",
            "password_hash",
            "github_pat",
            "session_cookies",
            " api key ",
        ] {
            assert!(is_named(name), "{name}");
        }
        for name in [
            "max_new_tokens",
            "key",
            "keyframe",
            "prompt",
            "seed",
            "tokens",
            "monkey",
            "author",
            "token_count",
            "key_2",
            "keys",
            "",
            "__",
            "pattern",
            "secretary",
            "passes",
            "2",
        ] {
            assert!(!is_named(name), "{name}");
        }
    }

    #[test]
    fn texts_of_secret_inputs_are_emptied_and_nothing_else() {
        let mut flow = Workflow::from_value(json!({
            "1": {"class_type": "Paid", "inputs": {"api_key": "sk-1", "prompt": "api_key", "seed": 5}},
            "2": {"class_type": "B", "inputs": {"token": ["1", 0], "login": {"password": "sk-2", "name": "me"}}},
            "3": {"class_type": "C", "inputs": {"token": 7}},
        }))
        .expect("a workflow");
        assert!(clear(&mut flow));
        let text = flow.to_value().to_string();
        assert!(!text.contains("sk-"), "{text}");
        for kept in
            [r#""prompt":"api_key""#, r#""token":["1",0]"#, r#""name":"me""#, r#""token":7"#]
        {
            assert!(text.contains(kept), "{kept} in {text}");
        }
        assert!(!clear(&mut flow));
    }
}

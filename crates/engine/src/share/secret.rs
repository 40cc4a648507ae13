//! Inputs that hold what is nobody else's business, told by their names, as nodes for paid services
//! have them. Invariant: what is cleared is cleared wherever the file says it again.

use serde_json::Value;

/// What a name is, or ends with behind a `_` or `-`, whatever its case.
const NAMES: [&str; 11] = [
    "apikey",
    "token",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "authorization",
    "bearer",
    "credential",
    "credentials",
    "cookie",
];

/// `api_key`, `apiKey` and `hf-token` are; `max_new_tokens`, `keyframe` and a bare `key` are not.
pub fn is_named(input: &str) -> bool {
    let name = words(input);
    let last = name.rsplit(['_', '-', ' ', '.']).next().unwrap_or(&name);
    match last {
        // A node's `key` is as often that of a dictionary or of music.
        "key" => last.len() < name.len(),
        _ => NAMES.contains(&last) || last.ends_with("apikey") || last.ends_with("password"),
    }
}

/// In small letters, with a `_` where a capital begins a word: `accessToken` is `access_token`.
fn words(input: &str) -> String {
    let mut words = String::with_capacity(input.len() + 4);
    let mut was_small = false;
    for char in input.chars() {
        if char.is_ascii_uppercase() && was_small {
            words.push('_');
        }
        was_small = char.is_ascii_lowercase() || char.is_ascii_digit();
        words.push(char.to_ascii_lowercase());
    }
    words
}

/// Empties such values in a form's file; whether there was one.
pub fn clear(file: &mut Value) -> bool {
    let mut cleared = false;
    let nodes = file.get_mut("prompt").and_then(Value::as_object_mut);
    for node in nodes.into_iter().flat_map(|nodes| nodes.values_mut()) {
        let inputs = node.get_mut("inputs").and_then(Value::as_object_mut);
        for (name, value) in inputs.into_iter().flatten() {
            if is_named(name) && value.as_str().is_some_and(|text| !text.is_empty()) {
                *value = "".into();
                cleared = true;
            }
        }
    }
    let fields = file.get_mut("form").and_then(Value::as_array_mut);
    for field in fields.into_iter().flatten() {
        let is_secret = field.get("input").and_then(Value::as_str).is_some_and(is_named);
        if let Some(field) = field.as_object_mut().filter(|_| is_secret) {
            cleared |= field.remove("default").is_some();
        }
    }
    cleared
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert!(is_named(name), "{name}");
        }
        for name in
            ["max_new_tokens", "key", "keyframe", "prompt", "seed", "tokens", "monkey", "author"]
        {
            assert!(!is_named(name), "{name}");
        }
    }
}

//! The model's name: taken out of a query, checked by shape, put into a JSON body.
//!
//! Invariant: a [`ModelName`] needs no escaping in JSON, in an address or in a header.

use std::fmt;

/// The longest name of a model, and of an adapter behind its `_`.
const LONGEST: usize = 63;

/// A name as kubeai knows them: letters, digits, `.`, `-`, and `_` before an adapter's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelName(String);

impl ModelName {
    /// Checks the shape; nothing is decoded or trimmed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (model, adapter) = match text.split_once('_') {
            Some((model, adapter)) => (model, Some(adapter)),
            None => (text, None),
        };
        let plain = |part: &str| {
            part.len() <= LONGEST
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        let starts_well = model.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        (starts_well && plain(model) && adapter.is_none_or(plain)).then(|| Self(text.to_owned()))
    }

    /// The body that tells kubeai which model a request is for.
    #[must_use]
    pub fn to_body(&self) -> String {
        format!("{{\"model\":\"{self}\"}}")
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a query is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadQuery {
    /// `model` is there twice, so two readers could disagree about it.
    Repeated,
    /// `model` is not a name, or its key is written in disguise.
    NotAName,
}

/// Takes `model` out of a query; the other parameters stay as they were written.
///
/// # Errors
/// See [`BadQuery`].
pub fn split_query(query: Option<&str>) -> Result<(Option<ModelName>, Option<String>), BadQuery> {
    let mut model = None;
    let mut rest = Vec::new();
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !is_model_key(key) {
            rest.push(pair);
        } else if model.is_some() {
            return Err(BadQuery::Repeated);
        } else if key != "model" {
            return Err(BadQuery::NotAName);
        } else {
            model = Some(ModelName::parse(value).ok_or(BadQuery::NotAName)?);
        }
    }
    Ok((model, (!rest.is_empty()).then(|| rest.join("&"))))
}

/// Whether some server would read this key as `model`.
fn is_model_key(key: &str) -> bool {
    let decoded = percent_encoding::percent_decode_str(key).decode_utf8_lossy();
    let bare = decoded.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '+');
    bare.trim_end_matches("[]").eq_ignore_ascii_case("model")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Split<'a> = Result<(Option<&'a str>, Option<&'a str>), BadQuery>;

    #[track_caller]
    fn check(query: &str, expected: Split) {
        let found = split_query(Some(query));
        let expected = expected
            .map(|(model, rest)| (model.and_then(ModelName::parse), rest.map(str::to_owned)));
        assert_eq!(found, expected, "{query:?}");
    }

    #[test]
    fn the_name_moves_and_the_rest_stays() {
        check("", Ok((None, None)));
        check("model=serverless-comfyui", Ok((Some("serverless-comfyui"), None)));
        check("a=1&model=m&b=%20", Ok((Some("m"), Some("a=1&b=%20"))));
        check("filename=x.png&type=output", Ok((None, Some("filename=x.png&type=output"))));
        check("model=llama-3.1_lora-a", Ok((Some("llama-3.1_lora-a"), None)));
        check("models=x&my_model=y", Ok((None, Some("models=x&my_model=y"))));
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("model={}", "a".repeat(64));
        for query in [
            "model",
            "model=",
            "model=-a",
            "model=.a",
            "model=_a",
            "model=a%22",
            "model=%61",
            "model=a\"b",
            "model=a'b",
            "model=a}b",
            "model=a+b",
            "model=a/b",
            "model=a=b",
            "model=a;b",
            "model=..",
            "model=é",
            "mo%64el=a",
            "%6dodel=a",
            "MODEL=a",
            "model[]=a",
            "+model=a",
            "model%00=a",
            long.as_str(),
        ] {
            check(query, Err(BadQuery::NotAName));
        }
        check("model=a&model=a", Err(BadQuery::Repeated));
        check("model=a&mode%6c=b", Err(BadQuery::Repeated));
        check("model=a&x=1&model=b", Err(BadQuery::Repeated));
    }

    #[test]
    fn the_body_is_plain_json() {
        let name = ModelName::parse("serverless-comfyui").unwrap();
        assert_eq!(name.to_body(), r#"{"model":"serverless-comfyui"}"#);
    }
}

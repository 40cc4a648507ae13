//! Which sites may show the page in a frame: `embed_origins` of `config.json`, as the header that
//! browsers obey.
//!
//! Invariant: a list that cannot be read as a whole lets nobody in but this origin.

use axum::http::HeaderValue;
use serde_json::Value;

use crate::share::Origin;

/// The policy that goes with every page; `config`: what is served as `config.json`.
///
/// The rest of the policy stands in the page itself; browsers apply both. Beside it a sentence about
/// a list that cannot be read, for whoever starts the relay.
pub fn policy(config: &[u8]) -> (HeaderValue, Option<String>) {
    match listed(config) {
        Ok(origins) => (header(&origins), None),
        Err(wrong) => (header(""), Some(wrong)),
    }
}

fn header(origins: &str) -> HeaderValue {
    let policy = HeaderValue::from_str(&format!("frame-ancestors 'self'{origins}"));
    policy.unwrap_or(HeaderValue::from_static("frame-ancestors 'self'"))
}

/// Each with a blank before it.
fn listed(config: &[u8]) -> Result<String, String> {
    let config: Value = serde_json::from_slice(config).unwrap_or_default();
    let Some(listed) = config.get("embed_origins").filter(|listed| !listed.is_null()) else {
        return Ok(String::new());
    };
    let entries = listed.as_array().ok_or("embed_origins is not a list")?;
    let wrong = |entry: &Value| format!("{entry} in embed_origins is not an origin");
    let origin = |entry: &Value| -> Option<String> {
        // As the page reads them: blanks around it and one slash behind it are nothing.
        let text = entry.as_str()?.trim();
        let origin: Origin = text.strip_suffix('/').unwrap_or(text).parse().ok()?;
        Some(format!(" {origin}"))
    };
    entries.iter().map(|entry| origin(entry).ok_or_else(|| wrong(entry))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(config: &str, expected: &str, wrong: Option<&str>) {
        let (policy, why) = policy(config.as_bytes());
        let policy = policy.to_str().unwrap().strip_prefix("frame-ancestors 'self'").unwrap();
        assert_eq!((policy, why.as_deref()), (expected, wrong), "{config}");
    }

    #[test]
    fn only_what_is_listed_may_frame_the_page() {
        check("{}", "", None);
        check("not json", "", None);
        check(r#"{"embed_origins": []}"#, "", None);
        check(r#"{"embed_origins": null}"#, "", None);
        check(
            r#"{"embed_origins": ["https://shop.example", " http://[::1]:9000/ "]}"#,
            " https://shop.example http://[::1]:9000",
            None,
        );
        check(r#"{"embed_origins": "*"}"#, "", Some("embed_origins is not a list"));
        for entry in [
            "*",
            "https://",
            "shop.example",
            "ftp://a",
            "https://a b",
            "https://a;b",
            "https://a/b",
        ] {
            let wrong = format!("\"{entry}\" in embed_origins is not an origin");
            let config = format!(r#"{{"embed_origins": ["https://a", "{entry}"]}}"#);
            check(&config, "", Some(&wrong));
        }
        check(r#"{"embed_origins": [7]}"#, "", Some("7 in embed_origins is not an origin"));
    }
}

//! Where relayed requests go, and what kind of server is there.
//!
//! Invariant: an address that parses has a scheme, a host and a path that ends without a slash.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;

/// Which of the two servers an address belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The address ends in `/openai`; every request names a model.
    Kubeai,
    /// ComfyUI itself; there are no models.
    ComfyUi,
}

/// The address behind the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    base: String,
    authority: String,
    kind: Kind,
}

impl Upstream {
    /// What kind of server this is, told by the address alone.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Host and port, for sentences.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The address of a path below `/api/`; `None` when the query cannot be part of one.
    #[must_use]
    pub fn uri(&self, path: &str, query: Option<&str>) -> Option<Uri> {
        let query = query.map(|q| format!("?{q}")).unwrap_or_default();
        format!("{}/api/{path}{query}", self.base).parse().ok()
    }
}

/// An address as it may stand in a sentence: without a user's name and password, and without its
/// query, both of which may be secret.
#[must_use]
pub fn without_secrets(address: &str) -> String {
    // A password may hold anything, so that it is not known where it ends.
    if address.contains('@') {
        return "an address with a name or a password in it".to_owned();
    }
    match address.split_once(['?', '#']) {
        Some((before, _)) => format!("{before}?\u{2026}"),
        None => address.to_owned(),
    }
}

impl FromStr for Upstream {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            format!(
                "{} is not an address the relay can use: {why}. Examples: \
                 https://kubeai.example.com/openai, http://127.0.0.1:8188",
                quoted(text)
            )
        };
        let uri: Uri = text.trim().parse().map_err(|_| wrong("it does not parse"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong("it must begin with http:// or https://"));
        };
        if !["http", "https"].contains(&scheme) {
            return Err(wrong("it must begin with http:// or https://"));
        }
        if authority.as_str().contains('@') {
            return Err(wrong("a password does not belong in it; use --token-env"));
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(wrong("it must end with the path"));
        }
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix("/api").unwrap_or(path);
        let is_kubeai = path.rsplit('/').next() == Some("openai");
        Ok(Self {
            base: format!("{scheme}://{authority}{path}"),
            authority: authority.to_string(),
            kind: if is_kubeai { Kind::Kubeai } else { Kind::ComfyUi },
        })
    }
}

/// What was typed as an address, for a sentence about it.
pub fn quoted(address: &str) -> String {
    let shown = without_secrets(address);
    if address.contains('@') { shown } else { format!("{shown:?}") }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, Kind)>) {
        let found = text.parse::<Upstream>().ok().map(|u| (u.base.clone(), u.kind));
        assert_eq!(found, expected.map(|(base, kind)| (base.to_owned(), kind)), "{text}");
    }

    #[test]
    fn the_address_tells_the_kind() {
        check(
            "https://k.example:22443/openai",
            Some(("https://k.example:22443/openai", Kind::Kubeai)),
        );
        check("https://k.example/openai/", Some(("https://k.example/openai", Kind::Kubeai)));
        check("https://k.example/openai/api", Some(("https://k.example/openai", Kind::Kubeai)));
        check("https://k.example/a/openai", Some(("https://k.example/a/openai", Kind::Kubeai)));
        check("http://127.0.0.1:8188", Some(("http://127.0.0.1:8188", Kind::ComfyUi)));
        check("http://127.0.0.1:8188/", Some(("http://127.0.0.1:8188", Kind::ComfyUi)));
        check("http://h/comfy/api/", Some(("http://h/comfy", Kind::ComfyUi)));
        check("http://h/myopenai", Some(("http://h/myopenai", Kind::ComfyUi)));
        check("http://[::1]:8188", Some(("http://[::1]:8188", Kind::ComfyUi)));
        for text in [
            "",
            "127.0.0.1:8188",
            "k.example/openai",
            "ftp://h/openai",
            "http://",
            "http://u:p@h/openai",
            "http://h/openai?x=1",
            "http://h/#openai",
            "not an address",
        ] {
            check(text, None);
        }
    }

    #[track_caller]
    fn check_shown(address: &str, expected: &str) {
        assert_eq!(without_secrets(address), expected, "{address}");
        let said = address.parse::<Upstream>().unwrap_err();
        assert!(!said.contains("secret"), "{address}: {said}");
    }

    #[test]
    fn what_may_be_secret_is_not_repeated() {
        let with_password = "an address with a name or a password in it";
        check_shown("https://u:secret@h/openai", with_password);
        check_shown("https://u:sec?secret@h/openai", with_password);
        check_shown("u:secret/secret@h", with_password);
        check_shown("https://h/openai?token=secret@x", with_password);
        check_shown("https://h/openai?token=secret", "https://h/openai?\u{2026}");
        check_shown("https://h/openai#secret?x", "https://h/openai?\u{2026}");
        check_shown("h/openai", "h/openai");
    }

    #[test]
    fn paths_are_below_api() {
        let upstream: Upstream = "https://k.example/openai".parse().unwrap();
        let uri = upstream.uri("view", Some("filename=a.png")).unwrap();
        assert_eq!(uri.to_string(), "https://k.example/openai/api/view?filename=a.png");
        assert_eq!(upstream.uri("view", Some("a b")), None);
    }
}

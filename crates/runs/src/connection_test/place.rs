//! How the page relates to the tested server, from the absolute URLs of both.

/// How the page relates to the tested server; determined when the test starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether the browser has a network.
    pub is_online: bool,
    /// Whether both have the same origin, so that all responses are readable.
    pub is_own: bool,
    /// Whether the browser blocks requests: from https, http is allowed to this computer only.
    pub is_insecure: bool,
}

impl Place {
    /// Compares the URLs of page and server, which are absolute, as browsers write them.
    pub fn new(page: &str, server: &str, is_online: bool) -> Self {
        let (page, server) = (origin(page), origin(server));
        let is_insecure = page.0 == "https" && server.0 == "http" && !is_loopback(server.1);
        Self { is_online, is_own: page == server, is_insecure }
    }
}

/// Returns scheme and authority.
fn origin(address: &str) -> (&str, &str) {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    (scheme, rest.split('/').next().unwrap_or_default())
}

fn is_loopback(authority: &str) -> bool {
    let name = authority.rsplit_once(':').map_or(authority, |(name, _)| name);
    name == "localhost"
        || name.ends_with(".localhost")
        || name.starts_with("127.")
        || name == "[::1]"
        || authority == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, server: &str, is_own: bool, is_insecure: bool) {
        let place = Place::new(page, server, true);
        assert_eq!(place, Place { is_online: true, is_own, is_insecure }, "{page} {server}");
    }

    #[test]
    fn places() {
        check("https://p.example/a/", "https://p.example/a/openai", true, false);
        check("https://p.example/", "https://p.example:8443/openai", false, false);
        check("https://p.example/", "https://k.example/openai", false, false);
        check("https://p.example/", "http://p.example/openai", false, true);
        check("https://p.example/", "http://127.0.0.1:8188", false, false);
        check("https://p.example/", "http://localhost:8188", false, false);
        check("https://p.example/", "http://[::1]:8188/", false, false);
        check("https://p.example/", "http://localhost.example:8188", false, true);
        check("http://p.example/", "http://10.0.0.7:8188", false, false);
        check("http://localhost:8080/", "http://127.0.0.1:8080/openai", false, false);
    }
}

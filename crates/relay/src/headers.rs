//! Which headers cross the relay.
//!
//! Invariant: nothing that tells who is browsing or from where goes up, and nothing that would
//! let another site read or keep a reply comes down.

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// About one connection only, so never passed on.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What a browser may say to the server; nginx and Caddy have the same list. Everything else stays
/// here, because it could tell who is browsing: cookies, addresses, and what a login in front of the
/// relay adds (`Authorization`, `Remote-User`, `Cf-Access-Jwt-Assertion` and many more). `Origin` and
/// `Sec-Fetch-*` would make ComfyUI refuse what the relay has already judged.
const UP: &[&str] = &[
    "accept",
    "accept-encoding",
    "content-length",
    "content-type",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "range",
    FROM_SCRIPT,
];

/// What a reply may say to the page; Caddy has the same list. Everything else stays here, because it
/// could set cookies, lead elsewhere, or change what the browser keeps or allows for this origin.
const DOWN: &[&str] = &[
    "accept-ranges",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "retry-after",
    "x-proxy",
];

/// What of a browser's headers goes to the server.
pub fn going_up(incoming: &HeaderMap) -> HeaderMap {
    kept(incoming, |name| UP.contains(&name))
}

/// What of the server's headers goes to the browser, and what every API reply gets.
pub fn coming_down(incoming: &HeaderMap) -> HeaderMap {
    let mut headers = kept(incoming, |name| DOWN.contains(&name));
    guard(&mut headers);
    headers
}

/// An API reply is never stored, never sniffed, and never a page of this origin.
pub fn guard(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
}

fn kept(incoming: &HeaderMap, keep: impl Fn(&str) -> bool) -> HeaderMap {
    let named = named_in_connection(incoming);
    let mut headers = HeaderMap::with_capacity(incoming.len() + 4);
    for (name, value) in incoming {
        let is_hop = HOP_BY_HOP.contains(&name.as_str()) || named.contains(name);
        if !is_hop && keep(name.as_str()) {
            headers.append(name.clone(), value.clone());
        }
    }
    headers
}

fn named_in_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(header::CONNECTION).iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).filter_map(|name| name.trim().parse().ok()).collect()
}

/// What a page of this origin sends, and programs have to. Only a script can set it: an image or a
/// form of another site cannot, and a script of another site has to ask first (OPTIONS).
pub const FROM_SCRIPT: &str = "x-pilotlight";

/// Whether this request comes, or may come, from a page of another site.
///
/// The relay hides `Origin` from the server and may add a token, so it has to decide itself.
/// `Sec-Fetch-Site` is the browser's own statement. Where it is missing (plain http on a network
/// address), `Origin` is compared with the host; and where that is missing too, as with an image of
/// any site, only [`FROM_SCRIPT`] counts.
pub fn is_foreign(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return headers.get(FROM_SCRIPT).is_none_or(|value| value != "1");
    };
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    let origin = origin.to_str().ok().and_then(|o| o.split_once("://")).map(|(_, host)| host);
    origin.is_none() || origin != host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(lines: &[(&str, &str)]) -> HeaderMap {
        let pairs = lines.iter().map(|(name, value)| {
            (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
        });
        pairs.collect()
    }

    #[track_caller]
    fn check_foreign(lines: &[(&str, &str)], expected: bool) {
        assert_eq!(is_foreign(&map(lines)), expected, "{lines:?}");
    }

    #[test]
    fn other_sites_are_told_apart() {
        check_foreign(&[("host", "127.0.0.1:8080")], true);
        check_foreign(&[("host", "127.0.0.1:8080"), ("x-pilotlight", "1")], false);
        check_foreign(&[("host", "127.0.0.1:8080"), ("x-pilotlight", "")], true);
        check_foreign(&[("sec-fetch-site", "cross-site"), ("x-pilotlight", "1")], true);
        check_foreign(&[("origin", "http://h:2"), ("host", "h:1"), ("x-pilotlight", "1")], true);
        check_foreign(&[("sec-fetch-site", "same-origin"), ("origin", "https://x")], false);
        check_foreign(&[("sec-fetch-site", "none")], false);
        check_foreign(&[("sec-fetch-site", "same-site")], true);
        check_foreign(&[("sec-fetch-site", "cross-site")], true);
        check_foreign(&[("origin", "http://h:1"), ("host", "h:1")], false);
        check_foreign(&[("origin", "http://h:2"), ("host", "h:1")], true);
        check_foreign(&[("origin", "null"), ("host", "h:1")], true);
        check_foreign(&[("origin", "http://h:1")], true);
    }

    #[track_caller]
    fn check_down(line: (&str, &str), passes: bool) {
        let down = coming_down(&map(&[line]));
        let value = down.get(line.0).and_then(|value| value.to_str().ok());
        assert_eq!(value == Some(line.1), passes, "{line:?}");
    }

    #[test]
    fn what_a_page_needs_of_a_reply_comes_down() {
        check_down(("content-type", "image/png"), true);
        check_down(("content-range", "bytes 0-3/10"), true);
        check_down(("etag", "\"18ea509793db9263-3983e\""), true);
        check_down(("last-modified", "Sun, 22 Nov 2026 08:26:54 GMT"), true);
        check_down(("retry-after", "9"), true);
        check_down(("cache-control", "max-age=60"), false);
        check_down(("expires", "Sun, 22 Nov 2026 08:26:54 GMT"), false);
        check_down(("set-cookie", "session=1"), false);
        check_down(("access-control-allow-origin", "*"), false);
        check_down(("transfer-encoding", "chunked"), false);
        for name in [
            "x-pilotlight-relay",
            "refresh",
            "location",
            "clear-site-data",
            "strict-transport-security",
            "link",
            "service-worker-allowed",
            "set-cookie2",
            "nel",
            "report-to",
            "sourcemap",
            "server-timing",
            "content-location",
            "www-authenticate",
            "content-security-policy",
            "x-nobody-knows",
        ] {
            check_down((name, "1"), false);
        }
    }

    #[test]
    fn the_connection_header_names_more_to_drop() {
        let up = going_up(&map(&[
            ("connection", "close, X-Mine, Range"),
            ("x-mine", "1"),
            ("range", "bytes=0-3"),
            ("accept", "image/webp"),
        ]));
        assert_eq!(up, map(&[("accept", "image/webp")]));
    }
}

//! Who may ask ComfyUI: the origin check, or the CORS headers that replace it.
//!
//! Invariant: 405, 413 and 500 never carry CORS headers, as measured.

use crate::http::{Reply, Request};
use crate::params::{Params, Version};

/// An answer given before any route is looked at: a refusal, or the answer to OPTIONS.
pub fn gate(request: &Request, params: &Params) -> Option<Reply> {
    if !params.cors && refused(request, params.version) {
        return Some(Reply::empty(403));
    }
    (request.method == "OPTIONS").then(|| Reply::empty(200))
}

/// Puts the CORS headers on an answer, when the flag is set and the answer may carry them.
pub fn dress(reply: &mut Reply, params: &Params) {
    if !params.cors || matches!(reply.status, 405 | 413 | 500) {
        return;
    }
    let origin = if params.cors_origin.is_empty() { "*" } else { &params.cors_origin };
    let methods = if params.version == Version::V0_33_0 {
        "POST, GET, DELETE, PUT, OPTIONS, PATCH"
    } else {
        "POST, GET, DELETE, PUT, OPTIONS"
    };
    for (name, value) in [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", "Content-Type, Authorization"),
        ("Access-Control-Allow-Credentials", "true"),
    ] {
        reply.headers.push((name.to_owned(), value.to_owned()));
    }
}

fn refused(request: &Request, version: Version) -> bool {
    if version == Version::V0_33_0 && request.get_header("Sec-Fetch-Site") == Some("cross-site") {
        return true;
    }
    let (Some(host), Some(origin)) = (request.get_header("Host"), request.get_header("Origin"))
    else {
        return false;
    };
    let host = host.to_ascii_lowercase();
    let origin = origin.to_ascii_lowercase();
    let origin =
        origin.split_once("//").map_or("", |(_, rest)| rest.split('/').next().unwrap_or(""));
    let (host_name, host_port) = split(&host);
    let (origin_name, origin_port) = split(origin);
    if origin.is_empty() || !loopback(host_name) {
        return false;
    }
    let host = if origin_port.is_none() { host_name } else { &host };
    let origin = if host_port.is_none() { origin_name } else { origin };
    host != origin
}

fn split(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, Some(port)),
        _ => (authority, None),
    }
}

fn loopback(name: &str) -> bool {
    name == "localhost" || name == "[::1]" || name.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(version: Version, headers: &[(&str, &str)], cors: bool, expected: Option<u16>) {
        let params = Params { version, cors, ..Params::default() };
        let mut request = Request::new("GET", "/api/queue").header("Host", "127.0.0.1:8288");
        for (name, value) in headers {
            request.headers.retain(|(n, _)| n != name);
            request = request.header(name, value);
        }
        assert_eq!(gate(&request, &params).map(|r| r.status), expected, "{headers:?}");
    }

    #[test]
    fn origins() {
        let new = Version::V0_33_0;
        check(new, &[], false, None);
        check(new, &[("Origin", "http://127.0.0.1:8288")], false, None);
        check(new, &[("Origin", "http://127.0.0.1:5173")], false, Some(403));
        check(new, &[("Origin", "http://127.0.0.1:5173")], true, None);
        check(new, &[("Origin", "http://localhost:8288")], false, Some(403));
        check(new, &[("Origin", "http://127.0.0.1")], false, None);
        check(new, &[("Origin", "null")], false, None);
        check(new, &[("Origin", "file://")], false, None);
        check(
            new,
            &[("Host", "comfy.example:8188"), ("Origin", "https://example.com")],
            false,
            None,
        );
        check(new, &[("Sec-Fetch-Site", "cross-site")], false, Some(403));
        check(new, &[("Sec-Fetch-Site", "cross-site")], true, None);
        check(new, &[("Sec-Fetch-Site", "same-site")], false, None);
        check(Version::V0_3_64, &[("Sec-Fetch-Site", "cross-site")], false, None);
    }
}

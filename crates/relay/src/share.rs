//! Which pages of other origins may use the relay, and the headers that tell their browsers so.
//!
//! Invariant: an origin is listed as a whole or not at all, and only a listed one is ever named in
//! a reply.

use std::fmt;
use std::str::FromStr;

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};

use crate::headers;
use crate::hosts;
use crate::trouble::RELAY_HEADER;
use crate::upstream;

/// What of a reply the page reads besides its status, type and body.
const EXPOSED: &str = "x-pilotlight-relay, retry-after, last-modified";

/// What the page sends besides what every page may.
const ASKED_WITH: &str = "content-type, x-pilotlight";

/// For how many seconds a browser need not ask again; more than 7200 no browser believes.
const ASKED_FOR_S: &str = "7200";

/// An origin as a browser writes it: `https://page.example`, `http://127.0.0.1:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, host) = text.split_once("://").unwrap_or_default();
        // A browser leaves out the port that the scheme has by itself.
        let own_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => "",
        };
        let is_origin = !own_port.is_empty() && hosts::is_authority(host);
        if is_origin && !host.ends_with(own_port) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "{} is not an origin as browsers write it: a scheme, a host in small letters and a \
             port if it is not the usual one, such as https://page.example, without a slash at its \
             end",
            upstream::quoted(text)
        ))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The origin that a request comes from, if it is one of `listed`.
pub fn listed(origins: &[Origin], incoming: &HeaderMap) -> Option<HeaderValue> {
    let mut named = incoming.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (named.next(), named.next()) else {
        return None;
    };
    origins.iter().any(|known| known.0.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// Lets pages of `origin` read a reply.
pub fn let_read(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    put(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}

/// The answer to a browser that asks whether its page may send a request with `methods`.
pub fn permitted(methods: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers::guard(headers);
    put(headers, header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    put(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, ASKED_WITH);
    put(headers, header::ACCESS_CONTROL_MAX_AGE, ASKED_FOR_S);
    put(headers, HeaderName::from_static(RELAY_HEADER), "1");
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_origin(text: &str, good: bool) {
        assert_eq!(text.parse::<Origin>().is_ok(), good, "{text:?}");
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        check_origin("https://page.example", true);
        check_origin("http://127.0.0.1:8080", true);
        check_origin("http://[::1]:8080", true);
        check_origin("https://page.example:8443", true);
        check_origin("http://page.example:443", true);
        check_origin("https://xn--fiq228c.example", true);
        check_origin("https://my_page.example", true);
        check_origin("http://box", true);
        for text in [
            "",
            "*",
            "null",
            "page.example",
            "https://",
            "http://",
            "https://:8443",
            "https://.",
            "https://.example",
            "https://page..example",
            "https://page.example.",
            "https://page.example:",
            "https://page.example:0",
            "https://page.example:08443",
            "https://page.example:65536",
            "https://page.example:443",
            "http://page.example:80",
            "https://[]",
            "https://[::1",
            "https://::1",
            "https:page.example",
            "https:",
            "https://page.example/",
            "https://page.example/a",
            "https://page.example?a",
            "https://Page.example",
            "HTTPS://page.example",
            "https://*.example",
            "https://a@page.example",
            "https://a;b",
            "https://a,b",
            "ftp://page.example",
            "https://a.example https://b.example",
        ] {
            check_origin(text, false);
        }
    }

    #[track_caller]
    fn check_listed(sent: &[&str], expected: bool) {
        let origins = ["https://a.example", "https://b.example:8443"].map(|o| o.parse().unwrap());
        let mut headers = HeaderMap::new();
        for origin in sent {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        assert_eq!(listed(&origins, &headers).is_some(), expected, "{sent:?}");
    }

    #[test]
    fn only_the_whole_origin_counts() {
        check_listed(&["https://a.example"], true);
        check_listed(&["https://b.example:8443"], true);
        check_listed(&[], false);
        check_listed(&["https://b.example"], false);
        check_listed(&["http://a.example"], false);
        check_listed(&["https://a.example.evil"], false);
        check_listed(&["https://a.example", "https://b.example:8443"], false);
        check_listed(&["null"], false);
        check_listed(&[""], false);
    }
}

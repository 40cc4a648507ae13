//! What the extension puts before all of ComfyUI when it is told to: a shared key, a list of
//! origins.
//!
//! Invariant: without either it does nothing; a refusal can be read by every page.

use crate::http::{Reply, Request};
use crate::json::{Json, map};
use crate::params::Params;
use crate::{multipart, parse};

/// What a probe of the pod asks.
const OPEN: [&str; 2] = ["/", "/system_stats"];

/// What the key may be called in JSON, and within how many bytes it must stand there.
const KEY_NAMES: [&str; 2] = ["access_key", "key"];
const JSON_BYTES: usize = 64 * 1024;

/// Within how many bytes the first field of a form must end.
const FORM_BYTES: usize = 4 * 1024;

/// A refusal, or the answer to OPTIONS of a listed page.
pub fn gate(request: &Request, params: &Params) -> Option<Reply> {
    if !params.extension {
        return None;
    }
    if let Some(origin) = request.get_header("Origin")
        && !params.extension_origins.is_empty()
    {
        if !is_listed(origin, params) {
            let why = format!(
                "Pages of {origin} may not ask this server: PILOTLIGHT_ORIGINS does not name them."
            );
            return Some(refusal(403, "origin", &why, None));
        }
        if request.method == "OPTIONS" {
            return Some(Reply::empty(204));
        }
    }
    let is_open = ["GET", "HEAD"].contains(&&*request.method) && OPEN.contains(&&*request.path);
    if is_open {
        return None;
    }
    if !params.extension_origins.is_empty() && is_elsewhere(request) {
        return Some(elsewhere());
    }
    if params.extension_key.is_empty() {
        let is_held = request.method == "GET" && is_held(&request.path);
        return (is_held && is_elsewhere(request)).then(elsewhere);
    }
    let encoding = request.get_header("Content-Encoding").unwrap_or_default();
    if !["", "identity"].contains(&&*encoding.trim().to_ascii_lowercase()) {
        let why = "This server takes no compressed bodies.";
        return Some(refusal(415, "encoding", why, None));
    }
    match given(request) {
        Some(key) if key.trim() == params.extension_key => None,
        Some(key) if !key.trim().is_empty() => {
            Some(refusal(401, "key", "This is not the key of this server.", Some(true)))
        }
        Some(_) | None => {
            let why = "This server wants a key, as \"key\" within the first 64 kB of the JSON body, \
                       or as the first field of a form.";
            Some(refusal(401, "key", why, Some(false)))
        }
    }
}

/// Whether a browser asks for a page of another origin without naming it, as for an image.
fn is_elsewhere(request: &Request) -> bool {
    let site = request.get_header("Sec-Fetch-Site");
    request.get_header("Origin").is_none() && matches!(site, Some("cross-site" | "same-site"))
}

fn elsewhere() -> Reply {
    let why = "Pages of other sites may not ask this server in this way.";
    refusal(403, "origin", why, None)
}

/// Whether it is one of the extension's own routes that hold a request.
fn is_held(path: &str) -> bool {
    let path = path.strip_prefix("/api").unwrap_or(path);
    path == "/pilotlight/awake" || path.starts_with("/pilotlight/wait/")
}

/// The origin of a page that is on the list.
pub fn listed(request: &Request, params: &Params) -> Option<String> {
    let origin = request.get_header("Origin").filter(|origin| is_listed(origin, params))?;
    Some(origin.to_owned())
}

/// Puts the headers of this page in the place of ComfyUI's own, whatever the status.
pub fn dress(reply: &mut Reply, listed: Option<&str>, params: &Params) {
    if !params.extension || params.extension_origins.is_empty() {
        return;
    }
    let is_refusal = reply.headers.iter().any(|header| *header == readable());
    reply.headers.retain(|(name, _)| !name.starts_with("Access-Control-"));
    let mut put = |name: &str, value: &str| reply.headers.push((name.to_owned(), value.to_owned()));
    put("Vary", "Origin");
    match listed {
        Some(origin) => put("Access-Control-Allow-Origin", origin),
        None if is_refusal => put("Access-Control-Allow-Origin", "*"),
        None => {}
    }
}

fn is_listed(origin: &str, params: &Params) -> bool {
    params.extension && params.extension_origins.iter().any(|listed| listed == origin)
}

fn given(request: &Request) -> Option<String> {
    let kind = request.get_header("Content-Type").unwrap_or_default();
    let Some(boundary) = multipart::boundary(kind) else {
        let start = request.body.get(..JSON_BYTES).unwrap_or(&request.body);
        return parse::first_member(start, &KEY_NAMES)?.as_str().map(str::to_owned);
    };
    let parts = multipart::parts(&request.body, &boundary)?;
    let first = parts.first().filter(|part| part.name == "key" && part.filename.is_none())?;
    let marks = "--\r\n".len() + "\r\n--".len() + 2 * boundary.len();
    let is_short = first.head.len() + first.body.len() + marks <= FORM_BYTES;
    is_short.then(|| String::from_utf8_lossy(first.body).into_owned())
}

fn readable() -> (String, String) {
    ("Access-Control-Allow-Origin".to_owned(), "*".to_owned())
}

fn refusal(status: u16, kind: &str, message: &str, given: Option<bool>) -> Reply {
    let mut error =
        map([("type", format!("pilotlight_{kind}").as_str().into()), ("message", message.into())]);
    if let Some(given) = given {
        error.set("given", Json::from(given));
    }
    let body = map([("error", error)]).python();
    let (name, value) = readable();
    Reply::new(status, "application/json; charset=utf-8", body).header(&name, &value)
}

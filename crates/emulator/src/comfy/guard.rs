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
    if params.extension_key.is_empty() || is_open {
        return None;
    }
    match given(request) {
        Some(key) if key.trim() == params.extension_key => None,
        Some(key) if !key.trim().is_empty() => {
            Some(refusal(401, "key", "This is not the key of this server.", Some(true)))
        }
        Some(_) | None => {
            let why = "This server wants a key, as \"key\" in the JSON body or as the field \"key\" \
                       of a form.";
            Some(refusal(401, "key", why, Some(false)))
        }
    }
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
        return parse::python(&request.body)?.get("key")?.as_str().map(str::to_owned);
    };
    let parts = multipart::parts(&request.body, &boundary)?;
    let part = parts.iter().find(|part| part.name == "key")?;
    Some(String::from_utf8_lossy(part.body).into_owned())
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

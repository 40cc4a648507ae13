//! kubeai's request code: finding the model, its errors, what it changes in a request.
//!
//! Invariant: texts are kubeai's own, word for word; the method is never looked at.

use crate::http::{Reply, Request};
use crate::json::Json;
use crate::multipart;
use crate::params::Params;
use crate::parse;

/// What kubeai does with a request.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// It answers itself; the model is what it found, if it got so far.
    Answer { reply: Reply, model: Option<String> },
    /// It sends this to the pod of the model.
    Forward { request: Request, model: String },
}

fn answer(reply: Reply, model: Option<String>) -> Verdict {
    Verdict::Answer { reply, model }
}

/// Reads a request as kubeai does.
pub fn look(request: &Request, params: &Params) -> Verdict {
    let Some(path) = request.path.strip_prefix("/openai") else {
        return answer(unknown_path(), None);
    };
    if path == "/v1/models" {
        return answer(models(request, params), None);
    }
    if !path.starts_with("/api/") {
        return answer(unknown_path(), None);
    }
    match read(request, params) {
        Ok((model, body)) if model == params.model && !model.contains('_') => {
            let headers = request.headers.iter().filter(|(name, _)| !hop(name)).cloned();
            let host = ("Host".to_owned(), "10.42.0.17:8188".to_owned());
            let mut forward = Request {
                headers: headers.chain([host]).collect(),
                body,
                ..Request::new(&request.method, path)
            };
            forward.query.clone_from(&request.query);
            Verdict::Forward { request: forward, model }
        }
        Ok((model, _)) => {
            let reply = failure(404, &format!("model not found: {}", go_quoted(&model)));
            answer(reply, Some(model))
        }
        Err(why) => answer(failure(400, &format!("bad request: {why}")), None),
    }
}

/// An error of kubeai's own.
pub fn failure(status: u16, text: &str) -> Reply {
    let body = format!("{{\"error\":{}}}\n", go_quoted(text));
    Reply::new(status, "text/plain; charset=utf-8", body).header("X-Proxy", "lingo")
}

/// Whether a reply of the pod makes kubeai try again.
pub fn tries_again(status: u16) -> bool {
    matches!(status, 500 | 502 | 503 | 504)
}

/// A reply of the pod on its way back.
pub fn pass_back(reply: Reply) -> Reply {
    reply.header("X-Proxy", "lingo")
}

fn hop(name: &str) -> bool {
    ["host", "connection", "upgrade", "keep-alive", "content-length", "transfer-encoding"]
        .iter()
        .any(|h| name.eq_ignore_ascii_case(h))
}

fn go_quoted(text: &str) -> String {
    Json::from(text).go(true)
}

fn unknown_path() -> Reply {
    Reply::new(404, "text/plain; charset=utf-8", "404 page not found\n")
        .header("X-Content-Type-Options", "nosniff")
}

/// Stock kubeai lists text models only, unless a feature is asked for.
fn models(request: &Request, params: &Params) -> Reply {
    let listed = if request.query.contains("feature=") {
        format!(
            r#"{{"id":{},"created":0,"object":"model","owned_by":"","features":[]}}"#,
            go_quoted(&params.model)
        )
    } else {
        String::new()
    };
    let body = format!("{{\"object\":\"list\",\"data\":[{listed}]}}\n");
    Reply::new(200, "application/json", body).header("X-Proxy", "lingo")
}

/// The model and the body as it goes on.
fn read(request: &Request, params: &Params) -> Result<(String, Vec<u8>), String> {
    let content_type = request.get_header("Content-Type").unwrap_or("");
    if !content_type.is_empty() {
        media_type(content_type).map_err(|why| format!("parse media type: {why}"))?;
    }
    if content_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return form(&request.body, content_type);
    }
    let inner = |why: &str| format!("reading model from body: {why}");
    let value = parse::go(&request.body)
        .map_err(|complaint| inner(&format!("decoding: {}", complaint.0)))?;
    let kind = match &value {
        Json::Map(_) | Json::Null => None,
        Json::List(_) => Some("array"),
        Json::Str(_) | Json::Raw(_) => Some("string"),
        Json::Int(_) | Json::Float(_) => Some("number"),
        Json::Bool(_) => Some("bool"),
    };
    if let Some(kind) = kind {
        return Err(inner(&format!(
            "decoding: json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        )));
    }
    let model = value.get("model").ok_or_else(|| inner("missing 'model' field"))?;
    let model = model.as_str().ok_or_else(|| inner("field 'model' should be a string"))?.to_owned();
    Ok((model, value.go(!params.loses_precision).into_bytes()))
}

fn form(body: &[u8], content_type: &str) -> Result<(String, Vec<u8>), String> {
    let inner = |why: &str| format!("parsing multipart form: {why}");
    let boundary = multipart::boundary(content_type)
        .ok_or_else(|| inner("no multipart boundary param in Content-Type"))?;
    let mut parts =
        multipart::parts(body, &boundary).ok_or_else(|| inner("multipart: NextPart: EOF"))?;
    let model = parts
        .iter()
        .find(|p| p.name == "model")
        .map(|p| String::from_utf8_lossy(p.body).into_owned());
    parts.retain(|p| p.name != "model");
    Ok((model.unwrap_or_default(), multipart::join(&parts, &boundary)))
}

/// Go's `mime.ParseMediaType`, as far as it can complain.
fn media_type(text: &str) -> Result<(), &'static str> {
    let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
    let kind = kind.trim();
    let token = |t: &str| {
        !t.is_empty()
            && t.bytes().all(|b| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&b))
    };
    match kind.split_once('/') {
        _ if kind.is_empty() => return Err("mime: no media type"),
        None if token(kind) => {}
        None => return Err("mime: expected slash after first token"),
        Some((main, sub)) if token(main) && token(sub) => {}
        Some(_) => return Err("mime: expected token after slash"),
    }
    let all: Vec<&str> = parameters.split(';').map(str::trim).collect();
    let last = all.len() - 1;
    for (i, parameter) in all.iter().enumerate() {
        let valid = parameter.split_once('=').is_some_and(|(name, value)| {
            token(name.trim_end())
                && (token(value)
                    || (value.len() > 1 && value.starts_with('"') && value.ends_with('"')))
        });
        let trailing = parameter.is_empty() && i == last;
        if !(valid || trailing) {
            return Err("mime: invalid media parameter");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: &str, body: &str, expected: Result<&str, &str>) {
        let mut request = Request::new("GET", "/openai/api/queue?x=1");
        if !content_type.is_empty() {
            request = request.header("Content-Type", content_type);
        }
        request.body = body.into();
        match (look(&request, &Params::default()), expected) {
            (Verdict::Forward { request, .. }, Ok(text)) => {
                assert_eq!(String::from_utf8_lossy(&request.body), text);
                assert_eq!((request.path.as_str(), request.query.as_str()), ("/api/queue", "x=1"));
            }
            (Verdict::Answer { reply, .. }, Err(text)) => assert_eq!(
                String::from_utf8_lossy(&reply.body),
                format!("{{\"error\":\"{text}\"}}\n")
            ),
            (got, _) => panic!("{got:?}"),
        }
    }

    #[test]
    fn the_model_is_read_from_the_body() {
        let json = "application/json";
        check(
            json,
            r#"{"b":1.0,"model":"serverless-comfyui","a":"<"}"#,
            Ok(r#"{"a":"\u003c","b":1,"model":"serverless-comfyui"}"#),
        );
        check("", r#"{"model":"serverless-comfyui"}"#, Ok(r#"{"model":"serverless-comfyui"}"#));
        check(
            "text/plain;charset=UTF-8",
            r#"{"model":"serverless-comfyui"}"#,
            Ok(r#"{"model":"serverless-comfyui"}"#),
        );
        check(
            json,
            "[]",
            Err(
                "bad request: reading model from body: decoding: json: cannot unmarshal array into Go value of type map[string]interface {}",
            ),
        );
        check(json, "null", Err("bad request: reading model from body: missing 'model' field"));
        check(
            json,
            r#"{"model":"serverless-comfyui_x"}"#,
            Err("model not found: \\\"serverless-comfyui_x\\\""),
        );
        check("a/b; =", "{}", Err("bad request: parse media type: mime: invalid media parameter"));
        check(
            "multipart/form-data",
            "",
            Err("bad request: parsing multipart form: no multipart boundary param in Content-Type"),
        );
    }

    #[track_caller]
    fn answered(target: &str, status: u16, part: &str) {
        let Verdict::Answer { reply, .. } = look(&Request::new("GET", target), &Params::default())
        else {
            panic!("{target}")
        };
        assert_eq!(reply.status, status);
        assert!(String::from_utf8_lossy(&reply.body).contains(part));
    }

    #[test]
    fn other_paths() {
        answered("/openai/v1/models", 200, r#""data":[]"#);
        answered("/openai/v1/models?feature=ImageGeneration", 200, "serverless-comfyui");
        answered("/openai/v2/x", 404, "404 page not found");
        answered("/api/queue", 404, "404 page not found");
    }
}

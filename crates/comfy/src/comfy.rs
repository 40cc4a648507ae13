//! The wire: requests built, replies decoded, over either transport. Invariant: nobody else builds
//! an address or reads a reply's body; `Endpoint` is opaque.
//!
//! `Relay`: reads are GET with the model in the query, which the relay moves into a body.
//! `Direct`: everything is a simple POST (`text/plain` or a form), so the browser never asks first.

mod probe;
mod reply;
mod request;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde_json::Value;

use crate::access::{AccessKey, Barred};
use crate::failure::{ApiError, Fault};
use crate::id::PromptId;
use crate::json;
use crate::refusal::{node_problems, refusals};
use crate::run_status::{Ended, FileRef, Known, StatusReport};
use reply::fault;

pub use probe::{Guard, RelayTrouble, Said, raw, said};
pub use reply::{Accepted, Facts, Reply, Response};
pub use request::{Body, Method, Request, Transport};

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one piece of a path or a query.
fn escape(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// Where the model answers, and how to speak to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    base: String,
    model: Option<String>,
    transport: Transport,
    /// Of a direct one only: a relay has its own way to be let in.
    access: Option<AccessKey>,
}

impl Endpoint {
    /// `base`: an address that ends before `/api`, such as `openai` or `https://host/openai`.
    /// Without a `model` it is a plain ComfyUI.
    pub fn new(base: &str, model: Option<&str>, transport: Transport) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            model: model.filter(|name| !name.is_empty()).map(str::to_owned),
            transport,
            access: None,
        }
    }

    /// The same with this key in the bodies of its requests, or with none. A relay passes reads on
    /// with a body of its own, so it is sent straight to the server only.
    pub fn with_access(self, key: Option<AccessKey>) -> Self {
        Self { access: key, ..self }
    }

    fn access(&self) -> Option<&AccessKey> {
        self.access.as_ref().filter(|_| self.transport == Transport::Direct)
    }

    /// Returns whether requests carry an access key: only directly, never through a relay.
    pub fn has_access_key(&self) -> bool {
        self.access().is_some()
    }

    /// Names what was learnt of this endpoint and model in the browser's store.
    pub fn key(&self) -> String {
        format!("{} {}", self.base, self.model.as_deref().unwrap_or_default())
    }

    /// Returns how the server is reached.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// Returns the address, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Returns the model's name; `None` for a plain ComfyUI.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// A request that wakes the pod and changes nothing.
    pub fn wake_request(&self) -> Request {
        self.read("system_stats", &[])
    }

    /// What the server says of a node class; it wakes a server that sleeps.
    pub fn class(&self, name: &str) -> Request {
        self.read(&format!("object_info/{}", escape(name)), &[])
    }

    /// Returns a request for the entry of a run in the history.
    pub fn history(&self, id: &PromptId) -> Request {
        self.read(&format!("history/{}", escape(id.as_str())), &[])
    }

    /// Returns a request for the queue of the server.
    pub fn queue(&self) -> Request {
        self.read("queue", &[])
    }

    /// The long-poll of the extension: up to 25 s.
    pub fn wait(&self, id: &PromptId, known: Known) -> Request {
        let known = match known {
            Known::Pending { ahead } => format!("pending:{}", u64::from(ahead)),
            Known::Running => "running".to_owned(),
        };
        let path = match self.transport {
            Transport::Relay => format!("pilotlight/wait/{}", escape(id.as_str())),
            Transport::Direct => format!("wait/{}", escape(id.as_str())),
        };
        self.read(&path, &[("known", &known)])
    }

    /// A request that the extension holds for up to 25 s, so that kubeai sees one in flight.
    pub fn awake(&self) -> Request {
        let path = match self.transport {
            Transport::Relay => "pilotlight/awake",
            Transport::Direct => "awake",
        };
        self.read(path, &[])
    }

    /// The prompt id in the query keeps a cache from answering with another pod's picture:
    /// without a volume the file names start again.
    pub fn view(&self, file: &FileRef, id: &PromptId) -> Request {
        let query = [
            ("filename", file.filename.as_str()),
            ("subfolder", &file.subfolder),
            ("type", &file.folder),
            ("rand", id.as_str()),
        ];
        self.read("view", &query)
    }

    /// `workflow`: the graph in API format; `editor`: the same in the editor's format, which servers
    /// write into the files they make. The body may be larger than the first 64 kB, in which
    /// the extension looks for the key, and its names are sorted here and by kubeai: so the key has
    /// a second name, which precedes all others.
    pub fn submit(
        &self,
        id: &PromptId,
        client: &str,
        workflow: Value,
        editor: Option<Value>,
    ) -> Request {
        // Nodes that look for the editor's workflow expect an object, also without one.
        let notes = editor.into_iter().map(|editor| ("workflow", editor)).collect();
        let mut body = vec![
            ("client_id", client.into()),
            ("extra_data", json::object(vec![("extra_pnginfo", json::object(notes))])),
            ("prompt_id", id.as_str().into()),
            ("prompt", workflow),
        ];
        body.extend(self.access().map(|key| ("access_key", key.as_str().into())));
        self.write("prompt", body)
    }

    /// Returns a request that takes a run out of the queue of the server; it stops none that runs.
    pub fn delete(&self, id: &PromptId) -> Request {
        self.write("queue", vec![("delete", Value::Array(vec![id.as_str().into()]))])
    }

    /// Without an id the server would stop whoever is running.
    pub fn interrupt(&self, id: &PromptId) -> Request {
        self.write("interrupt", vec![("prompt_id", id.as_str().into())])
    }

    /// The key is the first field: the extension reads no further without it.
    pub fn upload(&self, file_name: &str) -> Request {
        let key = self.access().map(|key| ("key", key.as_str().to_owned()));
        let model = self.model.as_ref().map(|model| ("model", model.clone()));
        let fields = key.into_iter().chain(model).chain([("type", "input".to_owned())]).collect();
        let body = Body::Upload { fields, file_name: file_name.to_owned() };
        Request { method: Method::Post, url: format!("{}/api/upload/image", self.base), body }
    }

    fn read(&self, path: &str, query: &[(&str, &str)]) -> Request {
        let model = match self.transport {
            Transport::Relay => self.model.as_deref(),
            Transport::Direct => None,
        };
        let mut tail = String::new();
        let model = model.map(|name| ("model", name));
        for (key, value) in query.iter().chain(&model) {
            tail.push(if tail.is_empty() { '?' } else { '&' });
            tail.push_str(key);
            tail.push('=');
            tail.extend(escape(value));
        }
        match self.transport {
            Transport::Relay => Request {
                method: Method::Get,
                url: format!("{}/api/{path}{tail}", self.base),
                body: Body::Empty,
            },
            Transport::Direct => Request {
                method: Method::Post,
                url: format!("{}/api/pilotlight/{path}{tail}", self.base),
                body: Body::Plain(self.with_model(Vec::new())),
            },
        }
    }

    fn write(&self, path: &str, body: Vec<(&str, Value)>) -> Request {
        let text = self.with_model(body);
        Request {
            method: Method::Post,
            url: format!("{}/api/{path}", self.base),
            body: match self.transport {
                Transport::Relay => Body::Json(text),
                Transport::Direct => Body::Plain(text),
            },
        }
    }

    fn with_model(&self, mut fields: Vec<(&str, Value)>) -> String {
        if let Some(model) = &self.model {
            fields.push(("model", model.as_str().into()));
        }
        fields.extend(self.access().map(|key| ("key", key.as_str().into())));
        json::text(&json::object(fields))
    }
}

/// Reads the reply to `system_stats`.
///
/// # Errors
/// Why it is not what ComfyUI answers, or that there was none.
pub fn facts(response: &Response) -> Result<Facts, Fault> {
    let body = body(response)?;
    let system = body.get("system").ok_or_else(|| garbled(response))?;
    let device = body.get("devices").and_then(|devices| devices.get(0));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    Ok(Facts {
        version: text(system.get("comfyui_version")),
        device: text(device.and_then(|d| d.get("name"))),
        vram_total_bytes: device.and_then(|d| d.get("vram_total")).and_then(Value::as_u64),
    })
}

/// The description of a class as the server wrote it, since the order of its inputs means
/// something; `{}` for a class it does not know.
///
/// # Errors
/// Why the reply is no description, or that there was none.
pub fn class(response: &Response) -> Result<String, Fault> {
    let body = body(response)?;
    let text = response.as_ref().ok().and_then(|reply| std::str::from_utf8(&reply.body).ok());
    text.filter(|_| body.is_object()).map(str::to_owned).ok_or_else(|| garbled(response))
}

/// Reads the reply to a prompt.
///
/// # Errors
/// Why the server did not take the prompt, or that there was no reply.
pub fn accepted(response: &Response) -> Result<Accepted, Fault> {
    let body = body(response).map_err(|mut fault| {
        // ComfyUI's 400 names its error as an object, kubeai's and the relay's as a text.
        let said = response.as_ref().ok().and_then(parsed);
        if let Some(body) = said.filter(|body| body.get("error").is_some_and(Value::is_object))
            && fault.error == ApiError::NotUnderstood(400)
        {
            fault.error = ApiError::Refused;
            fault.problems = refusals(&body);
        }
        fault
    })?;
    let id = body.get("prompt_id").and_then(Value::as_str).and_then(PromptId::named);
    let prompt_id = id.ok_or_else(|| garbled(response))?;
    Ok(Accepted { prompt_id, problems: node_problems(&body) })
}

/// Reads what the history says of a run.
///
/// # Errors
/// Why the reply says nothing of it.
pub fn history(response: &Response, id: &PromptId) -> Result<StatusReport, Fault> {
    let body = body(response)?;
    let entries = body.as_object().ok_or_else(|| garbled(response))?;
    match entries.get(id.as_str()) {
        None => Ok(StatusReport::NotInHistory),
        Some(entry) => Ended::from_history(entry)
            .map(|ended| StatusReport::Ended(Box::new(ended)))
            .ok_or_else(|| garbled(response)),
    }
}

/// Reads what the queue says of a run, with how many stand before it.
///
/// # Errors
/// Why the reply says nothing of it.
pub fn queue(response: &Response, id: &PromptId) -> Result<StatusReport, Fault> {
    let body = body(response)?;
    let list = |key: &str| body.get(key).and_then(Value::as_array).ok_or_else(|| garbled(response));
    let (running, pending) = (list("queue_running")?, list("queue_pending")?);
    let named = |item: &Value| item.get(1).and_then(Value::as_str) == Some(id.as_str());
    if running.iter().any(named) {
        return Ok(StatusReport::Running);
    }
    let number = |item: &Value| item.get(0).and_then(Value::as_f64);
    let Some(own) = pending.iter().find(|item| named(item)).and_then(number) else {
        return Ok(StatusReport::NotInQueue);
    };
    let before = pending.iter().filter_map(number).filter(|other| *other < own).count();
    Ok(StatusReport::Pending { ahead: (before + running.len()) as u32 })
}

/// Reads what the long-poll of the extension says of a run.
///
/// # Errors
/// Why the reply says nothing of it.
pub fn wait(response: &Response, id: &PromptId) -> Result<StatusReport, Fault> {
    if let Ok(reply) = response
        && matches!(reply.status, 404 | 405)
    {
        return Ok(StatusReport::NoLongPoll);
    }
    let body = body(response)?;
    let Some(state) = body.get("pilotlight") else {
        let seen = history(response, id)?;
        let nowhere = matches!(seen, StatusReport::NotInHistory);
        return Ok(if nowhere { StatusReport::NotInQueue } else { seen });
    };
    match state.get("state").and_then(Value::as_str) {
        Some("running") => Ok(StatusReport::Running),
        Some("pending") => {
            let ahead = state.get("ahead").and_then(Value::as_u64).unwrap_or(0);
            Ok(StatusReport::Pending { ahead: u32::try_from(ahead).unwrap_or(u32::MAX) })
        }
        _ => Err(garbled(response)),
    }
}

/// Whether the server held the request: `Ok(false)` when it has no such route, as an extension of
/// before has not.
///
/// # Errors
/// Why the server did not hold it, or that there was no reply.
pub fn held(response: &Response) -> Result<bool, Fault> {
    match response {
        Ok(reply) if matches!(reply.status, 404 | 405) => Ok(false),
        _ if body(response)?.is_object() => Ok(true),
        _ => Err(garbled(response)),
    }
}

/// The name under which the server keeps the picture; it may differ from the one sent.
///
/// # Errors
/// Why the server did not take the picture, or that there was no reply.
pub fn uploaded(response: &Response) -> Result<String, Fault> {
    let body = body(response)?;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let name = text("name").filter(|name| !name.is_empty()).ok_or_else(|| garbled(response))?;
    Ok(match text("subfolder").unwrap_or_default() {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    })
}

/// `queue` and `interrupt` answer 200 with an empty body whatever happened.
///
/// # Errors
/// Why the server did not do it, or that there was no reply.
pub fn stopped(response: &Response) -> Result<(), Fault> {
    status(response)
}

/// Whether the bytes of a file came: `Ok(false)` when the file is gone.
///
/// # Errors
/// Why no bytes came, other than that the file is gone.
pub fn viewed(response: &Response) -> Result<bool, Fault> {
    match response {
        Ok(reply) if reply.status == 404 && !reply.from_relay => Ok(false),
        _ => status(response).map(|()| true),
    }
}

/// `Last-Modified` is rounded up to a whole second, and file systems have coarse clocks.
const DATE_MARGIN_MS: u64 = 2_000;

/// Whether a file is younger than the run that names it, so that it is another run's: without a
/// volume the file names start again with each pod. What has no date is taken for the run's own.
pub fn is_anothers(response: &Response, file: &FileRef) -> bool {
    let modified_ms = response.as_ref().ok().and_then(|reply| reply.modified_ms);
    match (modified_ms, file.ended_ms) {
        (Some(modified), Some(ended)) => modified > ended.saturating_add(DATE_MARGIN_MS),
        (_, _) => false,
    }
}

fn status(response: &Response) -> Result<(), Fault> {
    let reply = response.as_ref().map_err(|error| Fault::new(*error))?;
    let error = match reply.status {
        200..=299 => return Ok(()),
        401 | 403 => Barred::read(&reply.body).map_or(ApiError::Unauthorized, ApiError::Barred),
        404 => ApiError::NoSuchModel,
        413 => ApiError::TooLarge,
        429 => ApiError::Busy,
        500..=599 => ApiError::Unavailable(reply.status),
        other => ApiError::NotUnderstood(other),
    };
    Err(fault(error, reply))
}

fn body(response: &Response) -> Result<Value, Fault> {
    status(response)?;
    response.as_ref().ok().and_then(parsed).ok_or_else(|| garbled(response))
}

fn parsed(reply: &Reply) -> Option<Value> {
    let mut value = json::parse(std::str::from_utf8(&reply.body).ok()?)?;
    // What came of a run is left as it is; what is said of a failure is shown.
    if let Some(key) = reply.key.as_ref().filter(|_| !matches!(reply.status, 200..=299)) {
        key.hide_in(&mut value);
    }
    Some(value)
}

fn garbled(response: &Response) -> Fault {
    match response {
        Ok(reply) => fault(ApiError::Garbled, reply),
        Err(error) => Fault::new(*error),
    }
}

#[cfg(test)]
#[path = "comfy_tests.rs"]
mod tests;

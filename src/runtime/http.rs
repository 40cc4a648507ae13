//! Sends requests to the server. Invariant: every failure is returned as a value, and requests that
//! are no longer needed are aborted.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Request as Sent, RequestBuilder, Response as Received};
use gloo_timers::callback::Timeout;
use js_sys::Array;
use leptos::prelude::window;
use pilotlight_comfy::comfy::{Body, Method, Reply, Request, Response};
use pilotlight_comfy::failure::ApiError;
use pilotlight_comfy::time;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Blob, FormData, RequestCache, RequestRedirect};

use crate::access_key;
use crate::browser;
use crate::runtime::stream;

/// A header that only scripts can set, by which the relay recognizes the page's own requests. Over
/// plain http from another machine, browsers send nothing else that names the requesting site.
pub const FROM_SCRIPT: (&str, &str) = ("x-pilotlight", "1");

/// Returns whether an address is in the page's own origin. To other origins the header above would
/// cost a preflight request; there the browser sends `Origin`.
pub fn is_own(url: &str) -> bool {
    // In a frame without an origin of its own, it is `null`.
    let origin = window().origin();
    browser::resolved(url).strip_prefix(&origin).is_some_and(|rest| rest.starts_with('/'))
}

/// An abort controller that aborts its requests when it is dropped.
pub struct Line(Option<AbortController>);

impl Line {
    pub fn open() -> Self {
        Self(AbortController::new().ok())
    }

    pub fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }

    pub fn abort(&self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.abort();
    }
}

/// Options of a request: it is aborted by `signal`, or after `limit_ms`.
pub struct Call {
    pub signal: Option<AbortSignal>,
    pub limit_ms: u64,
}

impl Call {
    /// Sends a request and returns the reply with its whole body.
    pub async fn send(&self, request: &Request, file: Option<&Blob>) -> Response {
        let (head, body) = self.exchange(request, file, false).await;
        let Got::Bytes(body) = body else { return head };
        head.map(|head| Reply { body, ..head })
    }

    /// Sends a request and returns the reply and its body as a blob, which may stay on the disk.
    pub async fn fetch(&self, request: &Request) -> (Response, Option<Blob>) {
        let (head, body) = self.exchange(request, None, true).await;
        match body {
            Got::File(blob) => (head, Some(blob)),
            Got::Bytes(_) => (head, None),
        }
    }

    async fn exchange(
        &self,
        request: &Request,
        file: Option<&Blob>,
        as_file: bool,
    ) -> (Response, Got) {
        let line = Rc::new(Line::open());
        let late = Rc::new(Cell::new(false));
        let limit_ms = u32::try_from(self.limit_ms).unwrap_or(u32::MAX).min(i32::MAX as u32);
        let _timer = Timeout::new(limit_ms, {
            let (line, late) = (line.clone(), late.clone());
            move || {
                late.set(true);
                line.abort();
            }
        });
        let signal = both(self.signal.as_ref(), line.signal());
        match exchange(build(request, file, signal), as_file).await {
            Some((head, body)) => (Ok(head), body),
            None if late.get() => (Err(ApiError::TimedOut), Got::Bytes(Vec::new())),
            None => (Err(ApiError::Unanswered), Got::Bytes(Vec::new())),
        }
    }
}

enum Got {
    Bytes(Vec<u8>),
    File(Blob),
}

async fn exchange(sent: Option<Sent>, as_file: bool) -> Option<(Reply, Got)> {
    let response = sent?.send().await.ok()?;
    let head = reply(&response);
    let raw: web_sys::Response = response.into();
    if !as_file {
        return Some((head, Got::Bytes(read(&raw).await?)));
    }
    let blob = JsFuture::from(raw.blob().ok()?).await.ok()?;
    Some((head, Got::File(blob.dyn_into().ok()?)))
}

/// The largest reply that is read. Descriptions of a class or a run have a few megabytes at most;
/// an endless reply would fill the memory.
const MAX_REPLY_BYTES: usize = 64 << 20;

/// Reads the body of a reply; `None` if it breaks off or is too long.
pub async fn read(response: &web_sys::Response) -> Option<Vec<u8>> {
    match response.body() {
        Some(body) => stream::bytes(&body, MAX_REPLY_BYTES, || ()).await.ok(),
        None => Some(Vec::new()),
    }
}

/// Returns the reply without its body.
pub fn reply(response: &Received) -> Reply {
    let header = |name: &str| response.headers().get(name);
    Reply {
        status: response.status(),
        retry_after_s: header("retry-after").and_then(|seconds| seconds.trim().parse().ok()),
        from_relay: header("x-pilotlight-relay").is_some(),
        modified_ms: header("last-modified").and_then(|date| time::http_date_ms(&date)),
        body: Vec::new(),
        key: access_key::kept(),
    }
}

fn build(request: &Request, file: Option<&Blob>, signal: Option<AbortSignal>) -> Option<Sent> {
    let builder = builder(request, signal);
    // A key in the body must not follow a redirect to another server.
    let builder = match request.holds_key() {
        true => builder.redirect(RequestRedirect::Error),
        false => builder,
    };
    with_body(builder, request, file)
}

/// Returns a request without its body.
pub fn builder(request: &Request, signal: Option<AbortSignal>) -> RequestBuilder {
    let method = match request.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
    };
    let builder = RequestBuilder::new(&request.url)
        .method(method)
        .cache(RequestCache::NoStore)
        .abort_signal(signal.as_ref());
    match is_own(&request.url) {
        true => builder.header(FROM_SCRIPT.0, FROM_SCRIPT.1),
        false => builder,
    }
}

/// Adds the body to a request. `file` is the file of an upload.
pub fn with_body(builder: RequestBuilder, request: &Request, file: Option<&Blob>) -> Option<Sent> {
    match &request.body {
        Body::Empty => builder.build().ok(),
        Body::Json(text) => {
            builder.header("content-type", "application/json").body(JsValue::from_str(text)).ok()
        }
        // The browser adds the content type text/plain.
        Body::Plain(text) => builder.body(JsValue::from_str(text)).ok(),
        Body::Upload { fields, file_name } => {
            let form = FormData::new().ok()?;
            for (name, value) in fields {
                form.append_with_str(name, value).ok()?;
            }
            form.append_with_blob_and_filename("image", file?, file_name).ok()?;
            builder.body(form).ok()
        }
    }
}

/// Returns a signal that is aborted when either of two is. Without `AbortSignal.any` (old browsers)
/// it is the second one; replies to superseded requests are ignored anyway.
pub fn both(first: Option<&AbortSignal>, second: Option<AbortSignal>) -> Option<AbortSignal> {
    let (Some(first), Some(second)) = (first, second.clone()) else { return second };
    any_signal(&Array::of2(first, &second)).ok().or(Some(second))
}

#[wasm_bindgen]
extern "C" {
    /// `AbortSignal.any`; throws if the browser lacks it, where the one of `web-sys` would panic.
    #[wasm_bindgen(catch, js_namespace = AbortSignal, js_name = any)]
    fn any_signal(signals: &Array) -> Result<AbortSignal, JsValue>;
}

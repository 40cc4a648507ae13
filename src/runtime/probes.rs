//! Probes, sent by the browser. Invariant: no redirect is followed unseen but where nothing can be
//! read anyway, and a probe that nobody waits for any more is aborted.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pilotlight_comfy::comfy::{Body, Method, Reply, Request};
use pilotlight_comfy::failure::ApiError;
use pilotlight_runs::chain::{Echo, Probe};
use pilotlight_session::{Event, RequestId};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::app::Page;
use crate::features::server::access_key;
use crate::js;
use crate::runtime::http;
use crate::runtime::http::Line;
use crate::runtime::task;
use crate::runtime::{requests, tell};

/// Sends a probe. Aborted with the request of its id, or when nothing came within `limit_ms`.
pub(super) fn send(page: Page, id: RequestId, probe: Probe, request: Request, limit_ms: u64) {
    let line = Line::open();
    let signal = line.signal();
    requests::add(id, line);
    task::spawn(async move {
        let echo = ask(probe, &request, signal, limit_ms).await;
        if requests::end(id) {
            tell(page, Event::Probed { id, echo });
        }
    });
}

async fn ask(probe: Probe, request: &Request, signal: Option<AbortSignal>, limit_ms: u64) -> Echo {
    let late = Rc::new(Cell::new(false));
    let limit_ms = u32::try_from(limit_ms).unwrap_or(u32::MAX).min(i32::MAX as u32);
    let line = Rc::new(Line::open());
    let _timer = Timeout::new(limit_ms, {
        let (late, line) = (late.clone(), line.clone());
        move || {
            late.set(true);
            line.abort();
        }
    });
    let init = init(probe, request);
    js::set(&init, "signal", JsValue::from(http::both(signal.as_ref(), line.signal())));
    let sent = js::call(&js_sys::global(), "fetch", &[request.url.as_str().into(), init]);
    let echo = match sent {
        Some(sent) => echo(sent).await,
        None => None,
    };
    let error = if late.get() { ApiError::TimedOut } else { ApiError::Unanswered };
    echo.unwrap_or(Echo::Heard(Err(error)))
}

fn init(probe: Probe, request: &Request) -> JsValue {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let is_reach = probe == Probe::Reach;
    let init = js::object([
        ("method", method.into()),
        ("cache", "no-store".into()),
        // Where only the answer counts browsers refuse to stop at a redirect.
        ("redirect", if is_reach { "follow" } else { "manual" }.into()),
        ("mode", if is_reach { "no-cors" } else { "cors" }.into()),
    ]);
    let headers = js::object([]);
    if http::is_own(&request.url) {
        js::set(&headers, http::FROM_SCRIPT.0, http::FROM_SCRIPT.1);
    }
    match &request.body {
        Body::Empty | Body::Upload { .. } => {}
        Body::Json(text) => {
            js::set(&headers, "content-type", "application/json");
            js::set(&init, "body", text.as_str());
        }
        Body::Plain(text) => js::set(&init, "body", text.as_str()),
    }
    js::set(&init, "headers", headers);
    init
}

async fn echo(sent: JsValue) -> Option<Echo> {
    let response = js::wait(sent).await?;
    match js::get(&response, "type").as_string().as_deref() {
        Some("opaqueredirect") => return Some(Echo::Redirected),
        Some("opaque") => return Some(Echo::Opaque),
        Some(_) | None => {}
    }
    let headers = js::get(&response, "headers");
    let header = |name: &str| js::call(&headers, "get", &[name.into()])?.as_string();
    let body = http::read(&response).await?;
    Some(Echo::Heard(Ok(Reply {
        status: js::whole(&js::get(&response, "status")) as u16,
        retry_after_s: header("retry-after").and_then(|seconds| seconds.trim().parse().ok()),
        from_relay: header("x-pilotlight-relay").is_some(),
        modified_ms: None,
        body,
        key: access_key::kept(),
    })))
}

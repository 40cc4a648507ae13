//! Probes, sent by the browser. Invariant: no redirect is followed unseen but where nothing can be
//! read anyway, and a probe that nobody waits for any more is aborted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pilotlight_engine::chain::{Echo, Probe};
use pilotlight_engine::comfy::{Body, Method, Reply, Request};
use pilotlight_engine::failure::ApiError;
use wasm_bindgen::JsValue;

use crate::js;
use crate::later::http::{self, Line};

/// A line that ends with whoever holds it, or with its time.
pub type Held = Rc<RefCell<Option<Line>>>;

/// Sends one, and tells what came back.
pub async fn ask(probe: Probe, request: &Request, line: Held, limit_ms: u64) -> Echo {
    let late = Rc::new(Cell::new(false));
    let limit_ms = u32::try_from(limit_ms).unwrap_or(u32::MAX).min(i32::MAX as u32);
    let _timer = Timeout::new(limit_ms, {
        let (late, line) = (late.clone(), line.clone());
        move || {
            late.set(true);
            line.take();
        }
    });
    let signal = line.borrow().as_ref().and_then(Line::signal);
    let init = init(probe, request);
    js::set(&init, "signal", JsValue::from(signal));
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
    let bytes = js::wait(js::call(&response, "arrayBuffer", &[])?).await?;
    Some(Echo::Heard(Ok(Reply {
        status: js::whole(&js::get(&response, "status")) as u16,
        retry_after_s: header("retry-after").and_then(|seconds| seconds.trim().parse().ok()),
        from_relay: header("x-pilotlight-relay").is_some(),
        modified_ms: None,
        body: js_sys::Uint8Array::new(&bytes).to_vec(),
    })))
}

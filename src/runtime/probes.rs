//! Requests of the connection test. Invariant: redirects are reported instead of followed, except
//! where the response is unreadable anyway; superseded requests are aborted.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pilotlight_comfy::comfy::{Reply, Request};
use pilotlight_comfy::failure::ApiError;
use pilotlight_runs::connection_test::{Echo, Probe};
use pilotlight_session::{Event, RequestId};
use web_sys::{AbortSignal, RequestMode, RequestRedirect, ResponseType};

use crate::app::Page;
use crate::runtime::http;
use crate::runtime::http::Line;
use crate::runtime::task;
use crate::runtime::{requests, tell};

/// Sends a request of the connection test. It is aborted by its id, or after `limit_ms`.
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
    let signal = http::both(signal.as_ref(), line.signal());
    let echo = echo(probe, request, signal).await;
    let error = if late.get() { ApiError::TimedOut } else { ApiError::Unanswered };
    echo.unwrap_or(Echo::Response(Err(error)))
}

async fn echo(probe: Probe, request: &Request, signal: Option<AbortSignal>) -> Option<Echo> {
    // Browsers follow redirects of `no-cors` requests, whose responses are unreadable.
    let (mode, redirect) = match probe == Probe::Reach {
        true => (RequestMode::NoCors, RequestRedirect::Follow),
        false => (RequestMode::Cors, RequestRedirect::Manual),
    };
    let builder = http::builder(request, signal).mode(mode).redirect(redirect);
    let response = http::with_body(builder, request, None)?.send().await.ok()?;
    let head = http::reply(&response);
    let raw = web_sys::Response::from(response);
    let kind = raw.type_();
    if kind == ResponseType::Opaqueredirect {
        return Some(Echo::Redirected);
    }
    if kind == ResponseType::Opaque {
        return Some(Echo::Opaque);
    }
    Some(Echo::Response(Ok(Reply { body: http::read(&raw).await?, ..head })))
}

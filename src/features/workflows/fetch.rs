//! Fetches the file at an address. Invariant: it is requested once, never from the server that runs
//! workflows, without anything that identifies this browser to another site, and not read beyond
//! the size limit for files.

use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

use gloo_net::http::RequestBuilder;
use gloo_timers::callback::Timeout;
use pilotlight_forms::open::{MAX_FILE_BYTES, Unlinked, Unopened, link};
use web_sys::RequestCache;

use crate::app::Page;
use crate::browser;
use crate::runtime::http::Line;
use crate::runtime::stream;

/// After this time without any data, the request is aborted.
const SILENCE_MS: u32 = 60_000;

/// Why a file was not fetched.
pub enum Unfetched {
    Unlinked(Unlinked),
    Unopened(Unopened),
}

impl From<Unlinked> for Unfetched {
    fn from(why: Unlinked) -> Self {
        Self::Unlinked(why)
    }
}

/// Returns the name and the bytes of the file at this address, which may be relative to the page.
///
/// By default, browsers send cookies to the page's own site only, and `index.html` forbids sending
/// a referrer to other sites.
pub async fn fetch(page: Page, address: &str) -> Result<(String, Vec<u8>), Unfetched> {
    let resolved = browser::resolved(address);
    let server =
        page.endpoint.get_untracked().map(|endpoint| browser::resolved(&server(endpoint.base())));
    link::judge(&resolved, &server.unwrap_or_default())?;
    let line = Rc::new(RefCell::new(Some(Line::open())));
    let signal = line.borrow().as_ref().and_then(Line::signal);
    let request =
        RequestBuilder::new(&resolved).cache(RequestCache::NoCache).abort_signal(signal.as_ref());
    let foreign = !link::is_same_site(&resolved, &browser::resolved("."));
    let unanswered = || Unlinked::Unanswered { foreign };
    let timer = timer(&line);
    let response = request.send().await.map_err(|_| unanswered())?;
    drop(timer);
    if !response.ok() {
        return Err(Unlinked::Status(response.status()).into());
    }
    let length = response.headers().get("content-length").and_then(|text| text.parse().ok());
    if length.is_some_and(|length: u64| length > MAX_FILE_BYTES as u64) {
        return Err(too_large());
    }
    let name = link::file_name(&resolved);
    Ok((name, whole(&response.into(), &line).await?))
}

/// Returns the address below which everything belongs to the server: its own, or the folder `api`
/// in it if the page itself is below its address.
fn server(base: &str) -> String {
    let base = base.trim_end_matches('/');
    let own = browser::resolved(".");
    match own.starts_with(&browser::resolved(&[base, "/"].concat())) {
        true => [base, "/api"].concat(),
        false => base.to_owned(),
    }
}

/// Reads the body in pieces: the length that a host states may be wrong.
async fn whole(
    response: &web_sys::Response,
    line: &Rc<RefCell<Option<Line>>>,
) -> Result<Vec<u8>, Unfetched> {
    // A response such as 204 has no body.
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let bytes = stream::bytes(&body, MAX_FILE_BYTES, || timer(line)).await;
    bytes.map_err(|unread| match unread {
        stream::Unread::Broken => Unfetched::Unlinked(Unlinked::BrokenOff),
        stream::Unread::TooLong => too_large(),
    })
}

fn too_large() -> Unfetched {
    Unfetched::Unopened(Unopened::TooLarge { limit_mb: MAX_FILE_BYTES >> 20 })
}

/// Aborts the request unless the timer is dropped in time.
fn timer(line: &Rc<RefCell<Option<Line>>>) -> Timeout {
    let line = line.clone();
    Timeout::new(SILENCE_MS, move || drop(line.take()))
}

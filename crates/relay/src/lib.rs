//! Serves the built page and relays an allow-list of requests to kubeai or to a plain ComfyUI.
//!
//! Invariant: what is not in the table of [`allow`] never leaves the machine, and no body, in
//! either direction, is ever held in memory as a whole.

pub mod allow;
mod ancestors;
mod client;
mod connections;
mod forward;
mod headers;
pub mod hosts;
mod line;
pub mod model;
mod open_files;
pub mod options;
mod page_config;
mod pages;
mod segment;
pub mod share;
mod trouble;
mod upload;
pub mod upstream;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use rustls::pki_types::CertificateDer;

pub use crate::connections::{Limits, serve};
use crate::hosts::Hosts;
use crate::model::ModelName;
pub use crate::open_files::allow_open_files;
use crate::share::Origin;
pub use crate::trouble::RELAY_HEADER;
pub use crate::upload::MAX_BODY_BYTES;
use crate::upstream::Upstream;

/// Everything the relay needs to know, fixed for its life.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The built page.
    pub dist: PathBuf,
    /// Where requests under `/openai/api/` go.
    pub upstream: Upstream,
    /// Used for a read that names no model itself.
    pub model: Option<ModelName>,
    /// Shown by the page; goes into the `config.json` made here.
    pub title: Option<String>,
    /// Served as `config.json` instead of the one in `dist`.
    pub config_file: Option<PathBuf>,
    /// The whole `Authorization` value, added to every relayed request.
    pub authorization: Option<HeaderValue>,
    /// Whose pages may use the relay besides its own.
    pub allow_origins: Vec<Origin>,
    /// Certificates trusted besides the system's and Mozilla's.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// The names that the relay answers to besides loopback names and IP addresses.
    pub hosts: Hosts,
    /// What bounds connections and uploads.
    pub limits: Limits,
}

/// The relay as a service.
///
/// # Errors
/// A sentence for the person who started it: a `config.json` that cannot be read, or no usable
/// TLS set-up.
pub fn router(settings: Settings) -> Result<Router, String> {
    let config = page_config::render(&settings)?;
    let served = config.clone().or_else(|| page_config::in_dist(&settings.dist));
    let (policy, wrong) = ancestors::policy(&served.unwrap_or_default());
    if let Some(wrong) = wrong {
        eprintln!("no other site may show the page in a frame: {wrong}");
    }
    let pages = pages::router(&settings.dist, config, policy);
    let answers = Answers { to: settings.hosts.clone(), readable: settings.allow_origins.clone() };
    let forwarder = Arc::new(forward::Forwarder::new(settings)?);
    let relay = any(forward::handle).with_state(forwarder);
    Ok(pages
        .route("/openai", relay.clone())
        .route("/openai/", relay.clone())
        .route("/openai/{*path}", relay)
        .layer(middleware::from_fn_with_state(Arc::new(answers), only_known_hosts)))
}

/// Whether a path is one of the API, not of a page file.
fn is_api(path: &str) -> bool {
    path.strip_prefix("/openai").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// To which names the relay answers, and which pages may read that it does not.
struct Answers {
    to: Hosts,
    readable: Vec<Origin>,
}

async fn only_known_hosts(
    State(answers): State<Arc<Answers>>,
    request: Request,
    next: Next,
) -> Response {
    let checked = answers.to.check(request.version(), request.uri(), request.headers());
    let Err(trouble) = checked else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    upload::drain(&parts.headers, body);
    let mut response = trouble.into_response();
    if let Some(origin) = share::listed(&answers.readable, &parts.headers) {
        share::let_read(response.headers_mut(), origin);
    }
    response
}

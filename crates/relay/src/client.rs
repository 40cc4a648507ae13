//! The HTTP client: connections to the server, kept open between requests.
//!
//! Invariant: only the connecting has a time-out. How long an answer takes is not judged here.

use std::time::Duration;

use axum::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

pub type HttpsClient = Client<HttpsConnector<HttpConnector>, Body>;

use crate::connections::MAX_BUFFER_BYTES;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than any server's own, so that a request seldom meets a connection just closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Keeps a connection alive through address translators while an answer is held back.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// # Errors
/// When there is no TLS provider.
pub fn new(extra_roots: &[CertificateDer<'static>]) -> Result<HttpsClient, String> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    tcp.set_keepalive(Some(KEEP_ALIVE));
    tcp.set_keepalive_interval(Some(KEEP_ALIVE));
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(tls(extra_roots)?)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http1_max_buf_size(MAX_BUFFER_BYTES)
        .build(https))
}

fn tls(extra_roots: &[CertificateDer<'static>]) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // A company's own authority is usually installed in the system; its absence is no error.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(extra_roots.iter().cloned());
    let provider = rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

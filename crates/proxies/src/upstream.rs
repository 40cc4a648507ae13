//! The server behind a proxy: it records what arrives, and answers, holds and streams as its
//! addresses say.
//!
//! Invariant: it keeps no large body, only its length and a sum of its bytes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::serve::Listener;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Outcome;

/// The picture that is made in pieces.
pub const PICTURE_BYTES: usize = 100 * 1024 * 1024;
const PIECE_BYTES: usize = 256 * 1024;
/// Longer than the 60 s that proxies wait unless they are told otherwise, and than a common 90 s.
pub const HOLD: Duration = Duration::from_secs(95);
/// As much of a body as is kept.
const KEPT_BYTES: usize = 4096;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub target: String,
    /// Names in small letters.
    pub headers: BTreeMap<String, String>,
    /// The beginning of its body.
    pub body: String,
    pub length: usize,
    pub sum: u64,
    /// The whole body came.
    pub is_whole: bool,
}

/// What arrived, and what a test tells it.
#[derive(Debug, Default)]
pub struct Record {
    seen: Mutex<Vec<Seen>>,
    /// Lets all but the first piece of a picture go.
    pub go_on: Notify,
    /// A request that is held for ever has arrived.
    pub arrived: Notify,
    /// A request that is held for ever was left.
    pub left: Notify,
    /// The first piece of an upload has arrived.
    pub begun: Notify,
    /// When each event of a stream was sent.
    pub events: Mutex<Vec<Instant>>,
}

/// A server that runs as long as this value lives.
#[derive(Debug)]
pub struct Upstream {
    /// As in `PILOTLIGHT_UPSTREAM_HOST`.
    pub host: String,
    pub record: Arc<Record>,
    /// What is to be trusted, when it speaks TLS.
    pub certificate: Option<String>,
    work: Vec<JoinHandle<()>>,
}

impl Upstream {
    /// # Errors
    /// When there is no port.
    pub async fn start() -> Outcome<Self> {
        let record = Arc::<Record>::default();
        let (listener, port) = listen("127.0.0.1:0").await?;
        let work = vec![serve(listener, &record)];
        Ok(Self { host: format!("127.0.0.1:{port}"), record, certificate: None, work })
    }

    /// The same with TLS and a certificate that nobody has signed, for `name`; it is reached as
    /// `localhost`.
    ///
    /// # Errors
    /// When there is no port, or no certificate.
    pub async fn start_tls(name: &str) -> Outcome<Self> {
        let record = Arc::<Record>::default();
        let made = generate_simple_self_signed(vec![name.to_owned()]).map_err(|e| e.to_string())?;
        let acceptor = acceptor(&made)?;
        let (listener, port) = listen("127.0.0.1:0").await?;
        let mut work = vec![serve(Tls { listener, acceptor: acceptor.clone() }, &record)];
        // `localhost` has two addresses on most machines; who has none of the second asks the first.
        if let Ok((listener, _)) = listen(&format!("[::1]:{port}")).await {
            work.push(serve(Tls { listener, acceptor }, &record));
        }
        let certificate = Some(made.cert.pem());
        Ok(Self { host: format!("localhost:{port}"), record, certificate, work })
    }

    /// Answers every request with these bytes, whatever they are, and ends the connection.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start_raw(answer: String) -> Outcome<Self> {
        let (listener, port) = listen("127.0.0.1:0").await?;
        let answer: Arc<str> = answer.into();
        let work = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(say(stream, Arc::clone(&answer)));
            }
        });
        let host = format!("127.0.0.1:{port}");
        Ok(Self { host, record: Arc::default(), certificate: None, work: vec![work] })
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.record.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes what has arrived since this was last asked.
    pub fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.record.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        for work in &self.work {
            work.abort();
        }
    }
}

/// The sum that a [`Seen`] carries: FNV-1a.
pub fn sum(bytes: &[u8]) -> u64 {
    added(0xcbf2_9ce4_8422_2325, bytes)
}

fn added(sum: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(sum, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

async fn listen(address: &str) -> Outcome<(TcpListener, u16)> {
    let listener = TcpListener::bind(address).await.map_err(|e| format!("{address}: {e}"))?;
    let port = listener.local_addr().map_err(|e| e.to_string())?.port();
    Ok((listener, port))
}

fn serve<L>(listener: L, record: &Arc<Record>) -> JoinHandle<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let router = Router::new().fallback(answer).with_state(Arc::clone(record));
    tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
    })
}

fn acceptor(made: &CertifiedKey<rcgen::KeyPair>) -> Outcome<TlsAcceptor> {
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|c| c.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key));
    Ok(TlsAcceptor::from(Arc::new(config.map_err(|error| error.to_string())?)))
}

async fn say(mut stream: TcpStream, answer: Arc<str>) {
    let mut asked = Vec::new();
    // The body of a read is in JSON, and nothing follows it.
    while !asked.ends_with(b"}") {
        match stream.read_buf(&mut asked).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    // How the connection ends is the other side's affair.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            // Who does not trust the certificate goes away; the next one is asked.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

async fn answer(State(record): State<Arc<Record>>, request: Request<Body>) -> Response<Body> {
    let target = request.uri().to_string();
    let seen = see(&record, request).await;
    let echoed = serde_json::json!({ "length": seen.length, "sum": seen.sum.to_string() });
    if !seen.is_whole {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let named = |name: &str| target.contains(&format!("filename={name}"));
    if named("large") {
        return Response::new(picture(record));
    }
    if named("moved") {
        let to = [(header::LOCATION, "https://login.example/"), (header::REFRESH, "0;url=/x")];
        return (StatusCode::FOUND, to).into_response();
    }
    if target.contains("/events/live") {
        let mut response = Response::new(events(record));
        let media = HeaderValue::from_static("text/event-stream");
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        return response;
    }
    if target.contains("/wait/95") {
        tokio::time::sleep(HOLD).await;
    }
    if target.contains("/wait/forever") {
        let _guard = Leaving(Arc::clone(&record));
        record.arrived.notify_one();
        std::future::pending::<()>().await;
    }
    let status = target.split_once("filename=status-").and_then(|(_, rest)| rest.get(..3));
    let status = status.and_then(|status| status.parse().ok()).unwrap_or(StatusCode::OK);
    let mut response = (status, echoed.to_string()).into_response();
    // What a relay replaces by its own.
    let replaced = ["cache-control", "content-security-policy", "x-content-type-options"];
    for name in NOT_DOWN.iter().chain(&replaced) {
        response.headers_mut().insert(*name, HeaderValue::from_static("from-the-server"));
    }
    for (name, value) in SAID {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response
}

/// What a server may say that is not for browsers, with some that is.
const SAID: &[(&str, &str)] = &[
    ("content-type", "text/plain"),
    ("retry-after", "7"),
    ("last-modified", "Sun, 22 Nov 2026 08:26:54 GMT"),
    ("etag", "\"abc\""),
    ("x-proxy", "lingo"),
    ("content-disposition", "inline"),
    ("x-accel-redirect", "/index.html"),
    ("x-unheard-of", "1"),
];

/// What a server may say and no browser may hear.
pub const NOT_DOWN: &[&str] = &[
    "accept-ch",
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "alt-svc",
    "clear-site-data",
    "content-location",
    "cross-origin-resource-policy",
    "expires",
    "link",
    "location",
    "nel",
    "origin-trial",
    "permissions-policy",
    "pragma",
    "proxy-authenticate",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "server-timing",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "sourcemap",
    "speculation-rules",
    "strict-transport-security",
    "timing-allow-origin",
    "via",
    "www-authenticate",
    "x-accel-redirect",
    "x-frame-options",
    "x-pilotlight-relay",
    "x-powered-by",
    "x-sourcemap",
];

async fn see(record: &Record, request: Request<Body>) -> Seen {
    let (parts, mut body) = request.into_parts();
    let headers = parts.headers.iter().map(|(name, value)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    let (mut kept, mut length, mut total) = (Vec::new(), 0, sum(&[]));
    let mut is_whole = true;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            is_whole = false;
            break;
        };
        let Some(data) = frame.data_ref() else { continue };
        if length == 0 && !data.is_empty() {
            record.begun.notify_one();
        }
        length += data.len();
        total = added(total, data);
        let room = KEPT_BYTES.saturating_sub(kept.len()).min(data.len());
        kept.extend_from_slice(&data[..room]);
    }
    let seen = Seen {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers,
        body: String::from_utf8_lossy(&kept).into_owned(),
        length,
        sum: total,
        is_whole,
    };
    record.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen.clone());
    seen
}

/// A first piece at once, the others when the test says so.
fn picture(record: Arc<Record>) -> Body {
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
    tokio::spawn(async move {
        let piece = Bytes::from(vec![7; PIECE_BYTES]);
        let _ = sender.send_data(piece.clone()).await;
        record.go_on.notified().await;
        for _ in 1..PICTURE_BYTES / PIECE_BYTES {
            if sender.send_data(piece.clone()).await.is_err() {
                return;
            }
        }
    });
    Body::new(body)
}

/// How many events a stream has.
pub const EVENTS: usize = 6;
/// The time between two events.
const EVENT_PAUSE: Duration = Duration::from_millis(150);

/// An event stream whose events are sent one after another.
fn events(record: Arc<Record>) -> Body {
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
    tokio::spawn(async move {
        for number in 0..EVENTS {
            tokio::time::sleep(EVENT_PAUSE).await;
            let now = Instant::now();
            record.events.lock().unwrap_or_else(PoisonError::into_inner).push(now);
            let event = format!("event: progress\ndata: {{\"number\":{number}}}\n\n");
            if sender.send_data(event.into()).await.is_err() {
                return;
            }
        }
    });
    Body::new(body)
}

struct Leaving(Arc<Record>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.left.notify_one();
    }
}

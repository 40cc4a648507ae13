//! A recording server on loopback, a relay in front of it, and a client that can be rude.
//!
//! Invariant: every test has its own pair on free ports, so none sees another's requests.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its own part of it")]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use pilotlight_relay::hosts::Hosts;
use pilotlight_relay::{Limits, Settings};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// One request as it arrived at the server.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: Method,
    pub path_and_query: String,
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

/// What the server saw, and what a test tells it.
#[derive(Default)]
pub struct Record {
    pub seen: Mutex<Vec<Seen>>,
    /// Lets the second half of `view?filename=halves` go.
    pub go_on: Notify,
    /// Woken when a request of `wait/forever` is dropped.
    pub left: Notify,
    /// Woken when a request of `wait/forever` has arrived.
    pub arrived: Notify,
}

pub struct World {
    pub relay: SocketAddr,
    pub upstream: SocketAddr,
    pub record: Arc<Record>,
    /// Holds `dist`, and a `secret.txt` beside it.
    pub folder: TempDir,
}

impl World {
    /// A server and a relay; `base` is the path of the upstream's address, such as `/openai`.
    pub async fn new(base: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let record = Arc::new(Record::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&record));
        let upstream = listen(router, Limits::default()).await;
        let folder = folder();
        let mut settings =
            settings(&folder.path().join("dist"), &format!("http://{upstream}{base}"));
        change(&mut settings);
        let limits = settings.limits;
        let relay = listen(pilotlight_relay::router(settings).unwrap(), limits).await;
        Self { relay, upstream, record, folder }
    }

    pub async fn kubeai() -> Self {
        Self::new("/openai", |_| {}).await
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.record.seen.lock().unwrap().clone()
    }

    pub fn last_seen(&self) -> Seen {
        self.seen().pop().expect("a request reached the server")
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Reply {
        self.send(Method::POST, path, &[], body.into()).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Reply {
        let (parts, body) = self.open(method, path, headers, body).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Like [`Self::send`], with the reply's body still arriving.
    pub async fn open(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Response<Body> {
        let uri = format!("http://{}{path}", self.relay);
        // As a program has to that is no browser.
        let mut request = Request::builder().method(method).uri(uri).header("x-pilotlight", "1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        client.request(request).await.unwrap().map(Body::new)
    }

    /// Sends bytes as they are and reads what comes back.
    pub async fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.relay).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        tokio::time::timeout(Duration::from_secs(5), read).await.unwrap().unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The sentence of a reply that the relay made itself.
    #[track_caller]
    pub fn trouble(&self) -> String {
        assert_eq!(self.header("x-pilotlight-relay"), Some("1"), "{:?}", self.body);
        assert_eq!(self.header("content-type"), Some("application/json"));
        let json: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        json["error"].as_str().unwrap().to_owned()
    }
}

pub fn settings(dist: &Path, upstream: &str) -> Settings {
    Settings {
        dist: dist.to_owned(),
        upstream: upstream.parse().unwrap(),
        model: None,
        title: None,
        config_file: None,
        authorization: None,
        allow_origins: Vec::new(),
        extra_roots: Vec::new(),
        hosts: Hosts::default(),
        limits: Limits::default(),
    }
}

pub async fn listen(router: Router, limits: Limits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(pilotlight_relay::serve(listener, router, limits, std::future::pending::<()>()));
    address
}

/// A body that arrives in `count` pieces, its length unknown.
pub fn pieces(piece: Bytes, count: usize) -> Body {
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
    tokio::spawn(async move {
        for _ in 0..count {
            if sender.send_data(piece.clone()).await.is_err() {
                return;
            }
        }
    });
    Body::new(body)
}

/// A built page in small.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join("dist").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("index.html", "<!doctype html><title>page</title>");
    write("config.json", r#"{"endpoint":"elsewhere","model":"old","title":"T","keep":1}"#);
    write("pilotlight-0123456789abcdef.js", "export default 1; // plain");
    write("pilotlight-0123456789abcdef.js.br", "packed by brotli");
    write("pilotlight-0123456789abcdef.js.gz", "packed by gzip");
    write("pilotlight-0123456789abcdef_bg.wasm", "\0asm");
    write("base-0123456789abcdef.css", "a{}");
    write("icons/icon.svg", "<svg/>");
    write("site.webmanifest", "{}");
    write("workflows/a.json", "{}");
    write("../secret.txt", "secret");
    folder
}

async fn answer(State(record): State<Arc<Record>>, request: Request<Body>) -> Response<Body> {
    let (parts, mut body) = request.into_parts();
    let uri = parts.uri.to_string();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
    }
    let headers = parts.headers.iter().map(|(name, value)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    record.seen.lock().unwrap().push(Seen {
        method: parts.method,
        path_and_query: uri.clone(),
        headers: headers.collect(),
        body: bytes.into(),
    });
    if uri.contains("filename=halves") {
        return Response::new(halves(record));
    }
    if uri.contains("filename=moved") {
        return (StatusCode::FOUND, [(header::LOCATION, "https://login.example/?token=t0ken")])
            .into_response();
    }
    if uri.contains("wait/slow") {
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    if uri.contains("wait/forever") {
        let _guard = Leaving(Arc::clone(&record));
        record.arrived.notify_one();
        std::future::pending::<()>().await;
    }
    let headers = [
        ("content-type", "text/plain"),
        ("set-cookie", "a=b"),
        ("access-control-allow-origin", "*"),
        ("cache-control", "public, max-age=60"),
        ("x-pilotlight-relay", "1"),
        ("x-proxy", "lingo"),
    ];
    let status = if uri.contains("filename=gone") { StatusCode::NOT_FOUND } else { StatusCode::OK };
    (status, headers, "from the server").into_response()
}

/// A first piece at once, a second when the test says so.
fn halves(record: Arc<Record>) -> Body {
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
    tokio::spawn(async move {
        let _ = sender.send_data(Bytes::from(vec![1; 300_000])).await;
        record.go_on.notified().await;
        let _ = sender.send_data(Bytes::from(vec![2; 300_000])).await;
    });
    Body::new(body)
}

struct Leaving(Arc<Record>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.left.notify_one();
    }
}

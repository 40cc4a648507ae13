//! The face of the world: connections in, answers out, in real time.
//!
//! Invariant: a client that leaves abandons its ticket; a reset reaches the client as a connection
//! that ends without a byte, a cut reply as one that ends in the middle.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use pilotlight_emulator::json::Json;
use pilotlight_emulator::{Answer, Reply, Request, Ticket, World, parse};
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::time::Sleep;

type Outgoing = hyper::Response<BoxBody<Bytes, io::Error>>;

/// The world with its clock and the clients that wait.
pub struct Face {
    inner: Mutex<Inner>,
    woken: Notify,
}

struct Inner {
    world: World,
    waiting: HashMap<Ticket, oneshot::Sender<Answer>>,
    /// Since when, at which time of the world, and how fast.
    since: Instant,
    at_ms: u64,
    speed: f64,
}

impl Inner {
    fn now(&self) -> u64 {
        self.at_ms + (self.since.elapsed().as_secs_f64() * 1000.0 * self.speed) as u64
    }

    fn deliver(&mut self) {
        let now = self.now();
        for (ticket, answer) in self.world.advance(now) {
            if let Some(client) = self.waiting.remove(&ticket) {
                // A client that has just left does not want it any more.
                let _ = client.send(answer);
            }
        }
    }
}

impl Face {
    /// A face for `world`, whose time passes `speed` times as fast as ours.
    pub fn new(world: World, speed: f64) -> Self {
        let (since, at_ms) = (Instant::now(), world.now_ms());
        Self {
            inner: Mutex::new(Inner { world, waiting: HashMap::new(), since, at_ms, speed }),
            woken: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the world's time pass.
pub async fn drive(face: Arc<Face>) {
    loop {
        let pause = {
            let mut inner = face.lock();
            inner.deliver();
            let ahead = inner.world.next_at().map(|at| at.saturating_sub(inner.now()));
            ahead.map(|ms| Duration::from_secs_f64(ms as f64 / 1000.0 / inner.speed))
        };
        tokio::select! {
            () = tokio::time::sleep(pause.unwrap_or(Duration::from_secs(3600))) => {}
            () = face.woken.notified() => {}
        }
    }
}

/// Takes connections for ever.
pub async fn accept(listener: TcpListener, face: Arc<Face>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        // Without it small answers may wait for 40 ms; a socket that refuses it is served all the same.
        let _ = stream.set_nodelay(true);
        let face = face.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, face.clone()));
            // How a connection ended is in the log of the world.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(request: hyper::Request<Incoming>, face: Arc<Face>) -> Result<Outgoing, io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = parts.uri.path().to_owned();
    if let Some(what) = path.strip_prefix("/__emulator/") {
        return Ok(response(control(parts.method.as_str(), what, &body, &face)));
    }
    let headers = parts.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let request = Request {
        method: parts.method.as_str().to_owned(),
        path,
        query: parts.uri.query().unwrap_or("").to_owned(),
        headers: headers.collect(),
        body: body.to_vec(),
    };
    let (client, waiting) = oneshot::channel();
    let ticket = {
        let mut inner = face.lock();
        let now = inner.now();
        let ticket = inner.world.handle(request, now);
        inner.waiting.insert(ticket, client);
        inner.deliver();
        ticket
    };
    face.woken.notify_one();
    let mut leaving = Leaving { face, ticket: Some(ticket) };
    let answer = waiting.await.unwrap_or(Answer::Reset);
    leaving.ticket = None;
    match answer {
        Answer::Reply(reply) => Ok(response(reply)),
        Answer::Reset => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        Answer::Cut { reply, length } => Ok(cut(reply, length)),
    }
}

/// Abandons a ticket when its client leaves before the answer.
struct Leaving {
    face: Arc<Face>,
    ticket: Option<Ticket>,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let mut inner = self.face.lock();
            let now = inner.now();
            inner.waiting.remove(&ticket);
            inner.world.abandon(ticket, now);
            drop(inner);
            self.face.woken.notify_one();
        }
    }
}

fn control(method: &str, what: &str, body: &[u8], face: &Face) -> Reply {
    let mut inner = face.lock();
    inner.deliver();
    let json = |body: Json| Reply::new(200, "application/json", body.python());
    match (method, what) {
        ("GET", "log") => json(inner.world.journal().log_json()),
        ("GET", "state") => {
            let mut state = inner.world.state_json();
            state.set("speed", Json::Float(inner.speed));
            json(state)
        }
        ("POST", "set") => match set(&mut inner, body) {
            Ok(()) => {
                inner.deliver();
                face.woken.notify_one();
                json(Json::Map(Vec::new()))
            }
            Err(why) => Reply::new(400, "text/plain; charset=utf-8", why),
        },
        _ => Reply::new(
            404,
            "text/plain; charset=utf-8",
            "There are GET /__emulator/log, GET /__emulator/state and POST /__emulator/set.",
        ),
    }
}

/// Sets the speed here and everything else in the world.
fn set(inner: &mut Inner, body: &[u8]) -> Result<(), String> {
    let now = inner.now();
    let speed = parse::go(body).ok().and_then(|wanted| wanted.get("speed").cloned());
    let Some(speed) = speed else { return inner.world.set(body, now) };
    let speed = speed
        .as_f64()
        .filter(|s| (0.01..=100_000.0).contains(s))
        .ok_or("speed must be a number from 0.01 to 100000.")?;
    if let Ok(Json::Map(pairs)) = parse::go(body) {
        let rest = Json::Map(pairs.into_iter().filter(|(key, _)| key != "speed").collect());
        inner.world.set(rest.go(true).as_bytes(), now)?;
    }
    (inner.since, inner.at_ms, inner.speed) = (Instant::now(), now, speed);
    Ok(())
}

fn head(reply: &Reply) -> hyper::Response<()> {
    let mut response = hyper::Response::new(());
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status)
        .unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &reply.headers {
        let name = hyper::header::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn response(reply: Reply) -> Outgoing {
    let head = head(&reply);
    head.map(|()| {
        Full::new(Bytes::from(reply.body)).map_err(|never: Infallible| match never {}).boxed()
    })
}

fn cut(reply: Reply, length: usize) -> Outgoing {
    let mut head = head(&reply);
    head.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    head.map(|()| {
        Halved {
            data: Some(Bytes::from(reply.body)),
            pause: Box::pin(tokio::time::sleep(Duration::from_millis(20))),
        }
        .boxed()
    })
}

/// A body that breaks off, after a moment in which what there was of it is sent.
struct Halved {
    data: Option<Bytes>,
    pause: Pin<Box<Sleep>>,
}

impl Body for Halved {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        self.pause
            .as_mut()
            .poll(context)
            .map(|()| Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
    }
}

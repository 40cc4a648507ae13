//! The connections of browsers: how many there are at once, and how long each may be idle.
//!
//! A connection either waits for a request or works on one. Waiting is limited in time. Work is not,
//! because a request is held for as long as a GPU takes to start. When there are too many
//! connections, the one that has waited longest is closed to make room, so clients that only hold
//! connections open lock nobody out.
//!
//! Invariant: a connection with a request in flight is closed only when its client stops reading the
//! reply; nothing but the number of connections and a bounded buffer for each grows with clients.

use std::collections::HashMap;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tower::ServiceExt;

use crate::trouble::Trouble;

/// The first line and the headers of a request together; more is answered with 431.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// What is read or written at once, and so what a connection, to a browser or to the server, can hold
/// in memory in each direction.
pub const MAX_BUFFER_BYTES: usize = 64 * 1024;
/// So many refusals are written at a time; beyond that a connection is closed without a word.
const MAX_REFUSALS: usize = 64;
const REFUSAL_TIME: Duration = Duration::from_secs(1);
/// How long to wait when the system gives no connection, such as without file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const NEVER: u64 = u64::MAX;

/// How many connections there are at once, and how long each may keep the relay waiting.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// From the first byte of a request (of the first one: from the connection on) to the end of
    /// its headers.
    pub head: Duration,
    /// From a reply to the next request on the same connection.
    pub idle: Duration,
    /// How long the body of a request may bring nothing.
    pub body: Duration,
    /// How long a client may read nothing of a reply.
    pub unread: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            body: Duration::from_secs(60),
            unread: Duration::from_secs(300),
        }
    }
}

/// Serves until `stop` is ready; requests in flight are then dropped, and their upstream requests
/// with them.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let connections = Arc::new(Connections::new(limits));
    tokio::select! {
        () = accept(&connections, &listener, &router) => {}
        () = close_late(&connections) => {}
        () = stop => {}
    }
    connections.close_all();
}

async fn accept(connections: &Arc<Connections>, listener: &TcpListener, router: &Router) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) if connections.has_room() => connections.admit(stream, router.clone()),
            Ok((stream, _)) => connections.refuse(stream),
            // The client left before it was accepted.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => {
                connections.close_longest_waiting();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Closes what has waited too long. One task does it for all connections.
async fn close_late(connections: &Connections) {
    let Limits { head, idle, unread, .. } = connections.limits;
    let pause = (head.min(idle).min(unread) / 10).min(Duration::from_secs(1));
    loop {
        tokio::time::sleep(pause).await;
        let now = connections.now();
        connections
            .lines()
            .values()
            .filter(|line| line.is_late(now, &connections.limits))
            .for_each(|line| line.close());
    }
}

struct Connections {
    limits: Limits,
    started: Instant,
    lines: Mutex<HashMap<u64, Arc<Line>>>,
    next_id: AtomicU64,
    refusals: AtomicUsize,
}

impl Connections {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            started: Instant::now(),
            lines: Mutex::default(),
            next_id: AtomicU64::new(0),
            refusals: AtomicUsize::new(0),
        }
    }

    /// Milliseconds since the start.
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(NEVER)
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<u64, Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_room(&self) -> bool {
        self.lines().len() < self.limits.connections || self.close_longest_waiting()
    }

    fn close_longest_waiting(&self) -> bool {
        let mut lines = self.lines();
        let waiting = lines.iter().filter_map(|(id, line)| Some((line.waits_since()?, *id)));
        let Some(line) = waiting.min().and_then(|(_, id)| lines.remove(&id)) else {
            return false;
        };
        line.close();
        true
    }

    fn close_all(&self) {
        self.lines().values().for_each(|line| line.close());
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, router: Router) {
        let line = Arc::new(Line::new(self.now()));
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        self.lines().insert(id, Arc::clone(&line));
        let seat = Seat { connections: Arc::clone(self), id };
        let watched = Watched { stream, line: Arc::clone(&line), connections: Arc::clone(self) };
        let task = tokio::spawn(async move {
            let _seat = seat;
            talk(watched, router).await;
        });
        // Set once, here.
        let _ = line.task.set(task.abort_handle());
    }

    /// Says that there is no room.
    fn refuse(self: &Arc<Self>, mut stream: TcpStream) {
        if self.refusals.fetch_add(1, Ordering::Relaxed) >= MAX_REFUSALS {
            self.refusals.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let connections = Arc::clone(self);
        tokio::spawn(async move {
            let refusing = async {
                stream.write_all(&Trouble::Busy.to_http()).await?;
                stream.shutdown().await?;
                // Closing before the client has finished would reset what was just written.
                while stream.read(&mut [0; 1024]).await? > 0 {}
                io::Result::Ok(())
            };
            // Whether the client reads it is its own affair.
            let _ = tokio::time::timeout(REFUSAL_TIME, refusing).await;
            connections.refusals.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

/// The place of a connection, free again when the connection ends.
struct Seat {
    connections: Arc<Connections>,
    id: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connections.lines().remove(&self.id);
    }
}

async fn talk(watched: Watched, router: Router) {
    // Without it a small reply can wait 40 ms for an acknowledgement; a failure costs only that.
    let _ = watched.stream.set_nodelay(true);
    // Buffers are made when there is something to put into them.
    if watched.stream.readable().await.is_err() {
        return;
    }
    let (line, connections) = (Arc::clone(&watched.line), Arc::clone(&watched.connections));
    let service = service_fn(move |request: Request<Incoming>| {
        let work = Work::begin(&line, &connections);
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let response: Response<Body> = answer.await?;
            let answered = response.map(|body| Answer { body, _work: work });
            Ok::<_, std::convert::Infallible>(answered)
        }
    });
    let mut http = http1::Builder::new();
    // Time is limited by `close_late`, which tells an idle connection from a slow one.
    http.header_read_timeout(None).max_header_size(MAX_HEAD_BYTES).max_buf_size(MAX_BUFFER_BYTES);
    // How a connection ends is the client's affair.
    let _ = http.serve_connection(TokioIo::new(watched), service).await;
}

/// What is known of one connection. Written by its own task, read by [`close_late`].
#[derive(Debug)]
struct Line {
    state: AtomicU8,
    /// When the state began, in milliseconds.
    since: AtomicU64,
    /// Since when the client takes nothing of a reply; [`NEVER`] while it does.
    unread_since: AtomicU64,
    task: OnceLock<AbortHandle>,
}

/// A request has begun to arrive, or the first one is waited for.
const HEAD: u8 = 0;
const IDLE: u8 = 1;
const WORK: u8 = 2;

impl Line {
    fn new(now: u64) -> Self {
        Self {
            state: AtomicU8::new(HEAD),
            since: AtomicU64::new(now),
            unread_since: AtomicU64::new(NEVER),
            task: OnceLock::new(),
        }
    }

    fn begin(&self, state: u8, now: u64) {
        self.since.store(now, Ordering::Relaxed);
        self.state.store(state, Ordering::Release);
    }

    fn is(&self, state: u8) -> bool {
        self.state.load(Ordering::Acquire) == state
    }

    fn is_late(&self, now: u64, limits: &Limits) -> bool {
        let exceeds = |since: u64, limit: Duration| {
            now.checked_sub(since).is_some_and(|ms| u128::from(ms) >= limit.as_millis())
        };
        let limit = if self.is(HEAD) { limits.head } else { limits.idle };
        let is_waiting = !self.is(WORK);
        is_waiting && exceeds(self.since.load(Ordering::Relaxed), limit)
            || exceeds(self.unread_since.load(Ordering::Relaxed), limits.unread)
    }

    /// `None` while a request is in flight or the end of a reply still on its way.
    fn waits_since(&self) -> Option<u64> {
        let is_waiting = !self.is(WORK) && self.unread_since.load(Ordering::Relaxed) == NEVER;
        is_waiting.then(|| self.since.load(Ordering::Relaxed))
    }

    fn close(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

/// A request in flight: from the end of its headers to the end of its reply.
struct Work {
    line: Arc<Line>,
    connections: Arc<Connections>,
}

impl Work {
    fn begin(line: &Arc<Line>, connections: &Arc<Connections>) -> Self {
        line.begin(WORK, connections.now());
        Self { line: Arc::clone(line), connections: Arc::clone(connections) }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.line.begin(IDLE, self.connections.now());
    }
}

/// The body of a reply, with which a request's work ends.
struct Answer {
    body: Body,
    _work: Work,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection that notes when something is read and when nothing can be written.
struct Watched {
    stream: TcpStream,
    line: Arc<Line>,
    connections: Arc<Connections>,
}

impl Watched {
    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let unread_since = &self.line.unread_since;
        if written.is_ready() {
            unread_since.store(NEVER, Ordering::Relaxed);
        } else if unread_since.load(Ordering::Relaxed) == NEVER {
            unread_since.store(self.connections.now(), Ordering::Relaxed);
        }
        written
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before && self.line.is(IDLE) {
            self.line.begin(HEAD, self.connections.now());
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

//! The connections of browsers: how many there are at once, and how long each may be idle.
//!
//! A connection either waits for a request or works on one. Waiting is limited in time. Work is not,
//! because a request is held for as long as a GPU takes to start. When there are too many
//! connections, one whose client does not read a page file or a refusal, or else the one that has
//! waited longest, is closed to make room, so clients that only hold connections open lock nobody out.
//!
//! Invariant: a connection with a request in flight is closed only when its client has left or stops
//! reading the reply; nothing but the number of connections and a bounded buffer for each grows with
//! clients.

use std::collections::HashMap;
use std::io::{self, IoSlice};
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::line::{HEAD, IDLE, Line, NEVER, PROGRESS_BYTES, WORK, has_passed};
use crate::trouble::{RELAY_HEADER, Trouble};

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
/// When a client that says nothing is asked by the system whether it is still there, how often, and
/// how many answers it may owe: its machine may have gone without a word.
const KEEP_ALIVE_TIME: Duration = Duration::from_secs(60);
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(10);
#[cfg(unix)]
const KEEP_ALIVE_PROBES: u32 = 3;

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
    /// How long a client may read next to nothing of a page file, or of refusals.
    pub unread_file: Duration,
    /// After how long of that its connection is the first to be closed where there are too many.
    pub makes_room: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            body: Duration::from_secs(60),
            unread: Duration::from_secs(300),
            unread_file: Duration::from_secs(60),
            makes_room: Duration::from_secs(10),
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
                connections.make_room();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Closes what has waited too long, and what its client has left. One task does it for all
/// connections.
async fn close_late(connections: &Connections) {
    let Limits { head, idle, unread, unread_file, .. } = connections.limits;
    let shortest = head.min(idle).min(unread).min(unread_file);
    let pause = (shortest / 10).min(Duration::from_secs(1));
    loop {
        tokio::time::sleep(pause).await;
        let now = connections.now();
        connections
            .lines()
            .values()
            .filter(|line| line.is_late(now, &connections.limits) || line.is_left())
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
        self.lines().len() < self.limits.connections || self.make_room()
    }

    /// Closes the connection whose client has read next to nothing of the relay's own answers for
    /// longest, or else the one that has waited longest for a request.
    fn make_room(&self) -> bool {
        let now = self.now();
        let mut lines = self.lines();
        let unread = lines.iter().filter_map(|(id, line)| Some((line.slow_since()?, *id)));
        let unread =
            unread.min().filter(|(since, _)| has_passed(*since, now, self.limits.makes_room));
        let waiting =
            || lines.iter().filter_map(|(id, line)| Some((line.waits_since()?, *id))).min();
        let Some(line) = unread.or_else(waiting).and_then(|(_, id)| lines.remove(&id)) else {
            return false;
        };
        line.close();
        true
    }

    fn close_all(&self) {
        self.lines().values().for_each(|line| line.close());
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, router: Router) {
        // A failure costs only that a client that is gone is noticed later.
        let _ = keep_alive(&stream);
        let line = Arc::new(Line::new(stream, self.now()));
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        self.lines().insert(id, Arc::clone(&line));
        let seat = Seat { connections: Arc::clone(self), id };
        let watched = Watched { line: Arc::clone(&line), connections: Arc::clone(self) };
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

fn keep_alive(stream: &TcpStream) -> io::Result<()> {
    let asking = TcpKeepalive::new().with_time(KEEP_ALIVE_TIME).with_interval(KEEP_ALIVE_INTERVAL);
    #[cfg(unix)]
    let asking = asking.with_retries(KEEP_ALIVE_PROBES);
    SockRef::from(stream).set_tcp_keepalive(&asking)
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
    let _ = watched.line.stream.set_nodelay(true);
    // Buffers are made when there is something to put into them.
    if watched.line.stream.readable().await.is_err() {
        return;
    }
    let (line, connections) = (Arc::clone(&watched.line), Arc::clone(&watched.connections));
    let service = service_fn(move |request: Request<Incoming>| {
        let work = Work::begin(&line, &connections);
        let is_file = !crate::is_api(request.uri().path());
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let response: Response<Body> = answer.await?;
            work.answers(is_file || response.headers().contains_key(RELAY_HEADER));
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

    fn answers(&self, is_own: bool) {
        self.line.answers(is_own, self.connections.now());
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
    line: Arc<Line>,
    connections: Arc<Connections>,
}

impl Watched {
    fn try_writing(
        &self,
        cx: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.line.stream.poll_write_ready(cx))?;
            match write(&self.line.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let unread_since = &self.line.unread_since;
        if let Poll::Ready(Ok(count)) = written {
            let before = self.line.taken.fetch_add(count as u64, Ordering::Relaxed);
            if before + count as u64 >= PROGRESS_BYTES {
                self.line.progressed(self.connections.now());
            }
        }
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
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = loop {
            ready!(self.line.stream.poll_read_ready(cx))?;
            match self.line.stream.try_read_buf(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => break read?,
            }
        };
        if read > 0 && self.line.is(IDLE) {
            self.line.begin(HEAD, self.connections.now());
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.try_writing(cx, |stream| stream.try_write(bytes));
        self.noted(written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.try_writing(cx, |stream| stream.try_write_vectored(pieces));
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// Nothing is kept back here.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(SockRef::from(&self.line.stream).shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_client_whose_machine_is_gone_is_asked_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(Connections::new(Limits::default()));
        let _client = TcpStream::connect(address).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        connections.admit(stream, Router::new());
        let line = connections.lines().values().next().cloned().unwrap();
        let socket = SockRef::from(&line.stream);
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(60));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(10));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
    }
}

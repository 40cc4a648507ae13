//! The body of a request on its way up: bounded in size, and in how long it may take.
//!
//! Invariant: only time that is spent waiting for the client counts, because a server that takes an
//! upload slowly is no fault of the client.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{self, HeaderMap};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::trouble::Trouble;

/// The largest request body: above ComfyUI's own limit of 100 MiB, so that its answer is seen.
pub const MAX_BODY_BYTES: u64 = 128 * 1024 * 1024;
/// On average, once the first limit of time has passed: far below any network that people use.
const MIN_BYTES_PER_S: u64 = 1024;
/// How long a refused body is read on, so that the browser sees the answer, not a reset.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// Why a body was cut off, for whoever only sees that it was.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    too_large: Arc<AtomicBool>,
    late: Arc<AtomicBool>,
    unreadable: Arc<AtomicBool>,
}

impl Cut {
    pub fn why(&self) -> Option<Trouble> {
        let is = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        if is(&self.too_large) {
            Some(Trouble::TooLarge)
        } else if is(&self.late) {
            Some(Trouble::Late)
        } else {
            is(&self.unreadable).then_some(Trouble::Unreadable)
        }
    }
}

/// Ends with an error once more than [`MAX_BODY_BYTES`] went through, or when nothing came for
/// `silence`.
pub fn limited(body: Body, silence: Duration, cut: &Cut) -> Body {
    let limit = usize::try_from(MAX_BODY_BYTES).unwrap_or(usize::MAX);
    let too_large = Arc::clone(&cut.too_large);
    let timed = Timed {
        body,
        silence,
        waiting: None,
        waited: Duration::ZERO,
        bytes: 0,
        late: Arc::clone(&cut.late),
        unreadable: Arc::clone(&cut.unreadable),
    };
    Body::new(Limited::new(timed, limit).map_err(move |error| {
        if error.is::<LengthLimitError>() {
            too_large.store(true, Ordering::Relaxed);
        }
        error
    }))
}

pub fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads on what was refused, for a while.
pub fn drain(headers: &HeaderMap, mut body: Body) {
    // Whoever asks first (`Expect: 100-continue`) has sent nothing yet.
    if body.is_end_stream() || headers.contains_key(header::EXPECT) {
        return;
    }
    tokio::spawn(tokio::time::timeout(DRAIN_TIME, async move {
        while let Some(Ok(_)) = body.frame().await {}
    }));
}

struct Timed {
    body: Body,
    silence: Duration,
    /// The wait that goes on now: when it began and when it ends.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
    /// All waits that have ended.
    waited: Duration,
    bytes: u64,
    late: Arc<AtomicBool>,
    unreadable: Arc<AtomicBool>,
}

impl Timed {
    /// How long the next bytes may take.
    fn patience(&self) -> Duration {
        let earned = self.silence + Duration::from_secs(self.bytes / MIN_BYTES_PER_S);
        self.silence.min(earned.saturating_sub(self.waited))
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            if let Some((since, _)) = self.waiting.take() {
                self.waited += since.elapsed();
            }
            if let Some(data) = frame.as_ref().and_then(|f| f.as_ref().ok()?.data_ref()) {
                self.bytes += data.len() as u64;
            }
            if matches!(frame, Some(Err(_))) {
                self.unreadable.store(true, Ordering::Relaxed);
            }
            return Poll::Ready(frame);
        }
        let patience = self.patience();
        let (_, end) = self.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(tokio::time::sleep_until(now + patience)))
        });
        if end.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        self.late.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

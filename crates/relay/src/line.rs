//! What is known of one connection: since when it waits, works, or is not read.
//!
//! Invariant: it is written by its own task alone, and read by whoever decides what is closed.

use std::pin::pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::task::AbortHandle;

use crate::connections::Limits;

/// Less than that is no progress of a client that reads what the relay answers by itself.
pub const PROGRESS_BYTES: u64 = 4 * 1024;
/// A moment that does not come.
pub const NEVER: u64 = u64::MAX;

/// What is known of one connection.
#[derive(Debug)]
pub struct Line {
    state: AtomicU8,
    /// When the state began, in milliseconds.
    since: AtomicU64,
    /// Since when the client takes nothing of a reply; [`NEVER`] while it does.
    pub unread_since: AtomicU64,
    /// What is answered, or was last, is the relay's own: a page file or a refusal.
    is_own: AtomicBool,
    /// Since when the client takes less than [`PROGRESS_BYTES`] of replies; counted for the relay's
    /// own.
    slow_since: AtomicU64,
    /// What it has taken since then.
    pub taken: AtomicU64,
    pub stream: TcpStream,
    pub task: OnceLock<AbortHandle>,
}

/// A request has begun to arrive, or the first one is waited for.
pub const HEAD: u8 = 0;
pub const IDLE: u8 = 1;
pub const WORK: u8 = 2;

/// Tells whether a limit is over; `since` and `now` are in milliseconds.
pub fn has_passed(since: u64, now: u64, limit: Duration) -> bool {
    now.checked_sub(since).is_some_and(|ms| u128::from(ms) >= limit.as_millis())
}

impl Line {
    pub fn new(stream: TcpStream, now: u64) -> Self {
        Self {
            state: AtomicU8::new(HEAD),
            since: AtomicU64::new(now),
            unread_since: AtomicU64::new(NEVER),
            is_own: AtomicBool::new(false),
            slow_since: AtomicU64::new(now),
            taken: AtomicU64::new(0),
            stream,
            task: OnceLock::new(),
        }
    }

    pub fn begin(&self, state: u8, now: u64) {
        self.since.store(now, Ordering::Relaxed);
        self.state.store(state, Ordering::Release);
    }

    pub fn is(&self, state: u8) -> bool {
        self.state.load(Ordering::Acquire) == state
    }

    pub fn is_late(&self, now: u64, limits: &Limits) -> bool {
        let limit = if self.is(HEAD) { limits.head } else { limits.idle };
        let is_waiting = !self.is(WORK);
        is_waiting && has_passed(self.since.load(Ordering::Relaxed), now, limit)
            || has_passed(self.unread_since.load(Ordering::Relaxed), now, limits.unread)
            || self.slow_since().is_some_and(|since| has_passed(since, now, limits.unread_file))
    }

    /// Whether the client has closed its end while the relay works for it. The HTTP library notices
    /// that only when it reads, and it does not while bytes of a next request are before it.
    pub fn is_left(&self) -> bool {
        if !self.is(WORK) {
            return false;
        }
        let readiness = pin!(self.stream.ready(Interest::READABLE));
        let now = readiness.poll(&mut Context::from_waker(Waker::noop()));
        matches!(now, Poll::Ready(Ok(readiness)) if readiness.is_read_closed())
    }

    /// Since when its client reads next to nothing of the relay's own answers; `None` when there is none.
    pub fn slow_since(&self) -> Option<u64> {
        let is_underway = self.is(WORK) || self.unread_since.load(Ordering::Relaxed) != NEVER;
        let is_slow = is_underway && self.is_own.load(Ordering::Relaxed);
        is_slow.then(|| self.slow_since.load(Ordering::Relaxed))
    }

    /// Notes whether what is answered now is the relay's own.
    pub fn answers(&self, is_own: bool, now: u64) {
        // With the end of a former reply still on its way, its time goes on.
        if self.unread_since.load(Ordering::Relaxed) == NEVER {
            self.progressed(now);
        }
        self.is_own.store(is_own, Ordering::Relaxed);
    }

    /// Begins to count anew what the client takes.
    pub fn progressed(&self, now: u64) {
        self.taken.store(0, Ordering::Relaxed);
        self.slow_since.store(now, Ordering::Relaxed);
    }

    /// `None` while a request is in flight or the end of a reply still on its way.
    pub fn waits_since(&self) -> Option<u64> {
        let is_waiting = !self.is(WORK) && self.unread_since.load(Ordering::Relaxed) == NEVER;
        is_waiting.then(|| self.since.load(Ordering::Relaxed))
    }

    pub fn close(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

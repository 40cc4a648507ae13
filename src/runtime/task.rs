//! Asynchronous tasks. Invariant: nothing else spawns tasks.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

/// A boxed task; the executor's code is compiled once for all of them.
pub type Work = Pin<Box<dyn Future<Output = ()>>>;

/// Starts a task without waiting for it.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Work = Box::pin(work);
    wasm_bindgen_futures::spawn_local(work);
}

/// Runs all tasks concurrently; returns when the last one is done.
pub async fn all(mut work: Vec<Work>) {
    std::future::poll_fn(|context| {
        work.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if work.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

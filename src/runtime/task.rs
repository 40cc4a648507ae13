//! Work that goes on by itself. Invariant: nothing else spawns.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

/// Something to do, compiled once however many kinds there are.
pub type Work = Pin<Box<dyn Future<Output = ()>>>;

/// Starts it, and goes on.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Work = Box::pin(work);
    wasm_bindgen_futures::spawn_local(work);
}

/// Does all of it at once, and ends with the last.
pub async fn all(mut work: Vec<Work>) {
    std::future::poll_fn(|context| {
        work.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if work.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

//! Requests of runs and of keep-awake. Invariant: each is answered once, unless it was aborted.

use std::cell::RefCell;
use std::collections::BTreeMap;

use pilotlight_session::{Call, Event, ReceivedFile, RequestId};
use web_sys::Blob;

use crate::app::Page;
use crate::pictures;
use crate::runtime::http;
use crate::runtime::http::Line;
use crate::runtime::task;
use crate::runtime::tell;

thread_local! {
    /// The outstanding requests. Dropping a line aborts its request.
    static OUT: RefCell<BTreeMap<RequestId, Line>> = const { RefCell::new(BTreeMap::new()) };
    /// Received files, until they are stored.
    static ARRIVED: RefCell<BTreeMap<RequestId, Blob>> = const { RefCell::new(BTreeMap::new()) };
}

pub(super) fn send(page: Page, id: RequestId, call: Call) {
    let picture = match &call.picture {
        Some(hash) => match pictures::blob_of(hash) {
            Some(picture) => Some(picture),
            None => return tell(page, Event::PictureMissing(id)),
        },
        None => None,
    };
    let line = Line::open();
    let sending = http::Call { signal: line.signal(), limit_ms: call.limit_ms };
    add(id, line);
    task::spawn(async move {
        if !call.is_file {
            let response = sending.send(&call.request, picture.as_ref()).await;
            if end(id) {
                tell(page, Event::Responded { id, response });
            }
            return;
        }
        let (response, blob) = sending.fetch(&call.request).await;
        if !end(id) {
            return;
        }
        let file = blob.map(|blob| {
            let file = ReceivedFile { size_bytes: blob.size() as u64, media_type: blob.type_() };
            ARRIVED.with_borrow_mut(|arrived| arrived.insert(id, blob));
            file
        });
        tell(page, Event::FileResponded { id, response, file });
        take(id);
    });
}

pub(super) fn abort(id: RequestId) {
    OUT.with_borrow_mut(|out| out.remove(&id));
}

pub(super) fn add(id: RequestId, line: Line) {
    OUT.with_borrow_mut(|out| out.insert(id, line));
}

/// Removes an answered request; returns `false` if it was aborted.
pub(super) fn end(id: RequestId) -> bool {
    OUT.with_borrow_mut(|out| out.remove(&id)).is_some()
}

/// Removes and returns the file that a request received.
pub(super) fn take(id: RequestId) -> Option<Blob> {
    ARRIVED.with_borrow_mut(|arrived| arrived.remove(&id))
}

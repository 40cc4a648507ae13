//! The frame of the page: header, notices, toast, feed, service worker.

pub mod announce;
mod empty;
pub mod frame;
mod header;
pub mod insecure;
pub mod notice;
pub mod offline;
pub mod toast;

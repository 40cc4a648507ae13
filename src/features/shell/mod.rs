//! The layout of the page: header, notices, short messages, service worker.

pub mod announce;
mod empty;
pub mod frame;
mod header;
pub mod insecure;
pub mod notice;
pub mod offline;
pub mod toast;

//! The server: status, keep-awake, usage, limits, access key.

pub mod access;
pub mod cost;
mod endpoint;
mod keep_awake;
pub mod key_dialog;
pub mod limit;
pub mod panel;
pub mod pill;
pub mod setup;
pub mod usage;

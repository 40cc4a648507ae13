//! The page in a frame of another site.

pub mod frame;
pub mod framed;
mod host;
mod pending;
mod reports;
mod requests;
pub mod stranger;
mod strangers;

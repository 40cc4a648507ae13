//! The page in a frame of another site.

pub mod frame;
mod frame_ancestors;
pub mod frame_refused;
mod host;
mod pending;
mod reports;
mod requests;

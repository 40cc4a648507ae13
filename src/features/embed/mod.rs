//! The page in a frame of another site.

mod asking;
pub mod frame;
pub mod framed;
mod host;
mod pending;
pub mod stranger;
mod strangers;
mod telling;

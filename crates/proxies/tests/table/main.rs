//! One table, played on nginx, Caddy and the project's own relay.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod bodies;
mod crowd;
mod early;
mod files;
mod hosts;
mod logs;
mod origins;
mod pages;
mod passing;
mod replies;
mod stage;
mod waking;

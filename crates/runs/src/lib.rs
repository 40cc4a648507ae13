//! The parts of the page's behavior, each on its own: runs and their queue, keep-awake, the
//! connection test, server status, usage and cost, configuration, stored results.
//!
//! Invariant: no clock, no network, no storage, no randomness. What a part needs from its
//! environment is an argument, and what it requests is a value that it returns. The parts use as
//! little of each other as possible; the session combines them.

#![warn(missing_docs, clippy::missing_errors_doc)]

pub mod budget;
pub mod config;
pub mod connection_test;
pub mod cost;
pub mod estimate;
pub mod keep_awake;
pub mod pill;
pub mod price;
pub mod queue;
pub mod record;
pub mod results;
pub mod run;
pub mod server;
pub mod setup;
pub mod usage;

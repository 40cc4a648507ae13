//! What the behaviour of the page consists of, each part by itself: the life of a run and the order
//! of runs, waking and keeping awake, the test of the way to the server, what is known of it, what
//! was used and what it costs, what is configured, what is kept.
//!
//! Invariant: no clock, no network, no storage, no randomness. Whatever a part needs of the world is
//! told to it, whatever it wants of the world is a value that it returns. None knows of the others
//! more than it asks; the session puts them together.

#![warn(missing_docs, clippy::missing_errors_doc)]

pub mod budget;
pub mod chain;
pub mod config;
pub mod estimate;
pub mod kept;
pub mod lane;
pub mod meter;
pub mod pill;
pub mod price;
pub mod record;
pub mod run;
pub mod server;
pub mod setup;
pub mod warm;

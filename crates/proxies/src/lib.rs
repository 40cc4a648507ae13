//! Real proxies in front of a server that records: what the tests of `deploy/` are made of.
//!
//! Invariant: everything listens on loopback, on ports of its own, and ends with its value.

pub mod client;
pub mod cloud;
pub mod front;
pub mod places;
pub mod ports;
pub mod settings;
pub mod upstream;

/// What went wrong, for a person.
pub type Outcome<T = ()> = Result<T, String>;

//! A pretend cloud: gateway, kubeai and ComfyUI in one process, in virtual time.
//!
//! [`World`] is the whole of it: told a request and the time, it answers as the recordings of the
//! real programs do. Invariant: no clock, no network, no randomness but the seed; and nothing of the
//! page, so that one wrong belief cannot agree with itself.

mod cluster;
mod comfy;
mod fault;
mod gateway;
mod http;
mod journal;
pub mod json;
mod kubeai;
mod multipart;
mod params;
pub mod parse;
pub mod picture;
mod rng;
pub mod scenario;
mod world;

pub use fault::{Fault, PlannedFault, When};
pub use http::{Answer, Headers, Reply, Request, Ticket};
pub use journal::{Execution, Journal, LogEntry, Outcome};
pub use params::{
    ColdCalls, Described, KillAt, Origin, OutputOrder, Params, RunFails, Version, Volume,
};
pub use world::World;

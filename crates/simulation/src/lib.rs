//! Runs and queue against the pretend cloud, in virtual time: each seed is a story of some minutes,
//! played in well under a millisecond, and after every request the properties in `rules` must hold.
//!
//! `cargo test -p pilotlight-simulation --release` plays 100,000 seeds (`PILOTLIGHT_SEEDS=1000000`
//! plays more). A seed that fails is printed with what happened in it, and replays alone:
//! `PILOTLIGHT_SEED=12345 cargo test -p pilotlight-simulation --release -- --nocapture`.
//!
//! Whether the properties notice anything is tried by breaking the page on purpose:
//! `cargo run --release -p pilotlight-simulation --bin mutants`, which is too slow for every day.
//!
//! Invariant: a seed is everything there is to know; no clock, no threads within a seed.

mod browser;
mod busy;
mod chance;
pub mod mutations;
mod network;
mod observer;
mod perform;
mod person;
mod pods;
mod queue_order;
mod report;
mod rules;
mod scene;
mod script;
mod watched;
mod wire;

pub use report::{EXPECTED, Report, Tally, Violation};
pub use scene::play;

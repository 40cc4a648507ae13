//! The pure core of Pilotlight: workflows, forms, the wire, the life of a run, words.
//!
//! Invariant: no clock, no network, no storage, no randomness. Whatever the core needs of the world
//! is told to it, whatever it wants of the world is a value that it returns.

pub mod budget;
pub mod chain;
pub mod config;
pub mod estimate;
pub mod kept;
pub mod lane;
pub mod meter;
pub mod pill;
pub mod present;
pub mod price;
pub mod record;
pub mod run;
pub mod server;
pub mod setup;
pub mod text;
pub mod warm;

pub use pilotlight_comfy::{
    access, comfy, failure, graph, id, json, language, media, number, problem, schema, seed,
    sighting, time, workflow,
};
pub use pilotlight_forms::{embed, form, mask, open, share};

/// Archives, and how much of one is taken in.
pub mod archive {
    pub use crate::kept::Budget;
    pub use pilotlight_forms::archive::*;
}

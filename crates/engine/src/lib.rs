//! The pure core of Pilotlight: workflows, forms, the wire, the life of a run, words.
//!
//! Invariant: no clock, no network, no storage, no randomness. Whatever the core needs of the world
//! is told to it, whatever it wants of the world is a value that it returns.

pub mod present;
pub mod text;

pub use pilotlight_comfy::{
    access, comfy, failure, graph, id, json, language, media, number, problem, schema, seed,
    sighting, time, workflow,
};
pub use pilotlight_forms::{embed, form, mask, open, share};
pub use pilotlight_runs::{
    budget, chain, config, estimate, kept, lane, meter, pill, price, record, run, server, setup,
    warm,
};

/// Archives, and how much of one is taken in.
pub mod archive {
    pub use pilotlight_forms::archive::*;
    pub use pilotlight_runs::kept::Budget;
}

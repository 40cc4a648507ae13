//! The pure core of Pilotlight: workflows, forms, the wire, the life of a run, words.
//!
//! Invariant: no clock, no network, no storage, no randomness. Whatever the core needs of the world
//! is told to it, whatever it wants of the world is a value that it returns.

pub mod access;
pub mod archive;
pub mod budget;
pub mod chain;
pub mod comfy;
pub mod config;
pub mod embed;
pub mod estimate;
pub mod failure;
pub mod form;
pub mod graph;
pub mod id;
mod inflate;
pub mod json;
pub mod kept;
pub mod lane;
pub mod language;
pub mod mask;
pub mod media;
pub mod meter;
pub mod number;
pub mod open;
pub mod pill;
pub mod present;
pub mod price;
pub mod problem;
pub mod record;
mod refusal;
pub mod run;
pub mod schema;
mod secret;
pub mod seed;
pub mod server;
pub mod setup;
pub mod share;
pub mod sighting;
pub mod text;
pub mod time;
pub mod warm;
pub mod workflow;

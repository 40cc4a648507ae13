//! What ComfyUI and kubeai speak: workflows in both formats, classes of nodes, requests and replies,
//! and what went wrong; with the numbers, texts and moments that these are made of.
//!
//! Invariant: no clock, no network, no storage, no randomness. What was read is either understood or
//! refused with a reason, within a bound of time and memory.

#![warn(missing_docs, clippy::missing_errors_doc)]

pub mod access;
pub mod comfy;
pub mod editor_workflow;
pub mod events;
pub mod failure;
pub mod graph;
pub mod id;
pub mod inflate;
pub mod json;
pub mod language;
pub mod media;
pub mod number;
pub mod problem;
pub mod refusal;
pub mod run_status;
pub mod schema;
pub mod secret;
pub mod seed;
pub mod time;
pub mod workflow;

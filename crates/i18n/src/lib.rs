//! Every sentence of the page, from the files in `locales`, and the texts that describe state.
//!
//! Invariant: no clock, no network, no storage, no randomness; and no decision depends on a
//! sentence.

#![warn(missing_docs, clippy::missing_errors_doc)]

pub mod present;
pub mod text;

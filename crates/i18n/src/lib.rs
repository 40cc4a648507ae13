//! Every sentence of the page, from the files in `locales`, and how state becomes what a person
//! reads.
//!
//! Invariant: no clock, no network, no storage, no randomness; and nothing below decides by a
//! sentence.

pub mod present;
pub mod text;

//! What a person fills in, and the files that it comes from and goes to: forms, anything that is
//! opened, links, masks, archives, and the messages of a frame and its host.
//!
//! Invariant: no clock, no network, no storage, no randomness. What comes from outside is taken as a
//! whole within a bound, or refused with a reason.

#![warn(missing_docs, clippy::missing_errors_doc)]

pub mod archive;
pub mod embed;
pub mod form;
pub mod mask;
pub mod open;
pub mod share;

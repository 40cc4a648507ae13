//! The form editor.

pub mod actions;
mod context;
pub mod dialog;
mod fields;
mod inputs;
mod label;
mod note;
mod origin;
pub mod renew;
mod settings;

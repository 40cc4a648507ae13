//! The features of the page, one folder for each, with its views and actions.
//!
//! Invariant: a feature uses only the public modules of another one.

pub mod begin;
pub mod commands;
pub mod embed;
pub mod form;
pub mod gallery;
pub mod mask;
pub mod results;
pub mod root;
pub mod runs;
pub mod server;
pub mod settings;
pub mod shell;
pub mod workflows;

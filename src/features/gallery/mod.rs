//! The gallery of all stored results.

pub mod actions;
mod bar;
mod bytes;
mod compare;
mod details;
pub mod dialog;
mod exporting;
mod grid;
mod importing;
mod listing;
mod marking;
mod message;
mod showing;
mod state;
mod thumbs;
mod viewer;

//! The setup dialog and the connection test.

pub mod actions;
mod common;
pub mod dialog;
mod form;
mod found;
mod test;
mod testing;

//! The form of the current tab and its fields.

pub mod choice;
pub mod drop;
mod field;
pub mod form_of_tab;
pub mod handle;
pub mod note;
mod number;
mod runbar;
mod seed;
pub mod switch;
pub mod take_file;
mod text;

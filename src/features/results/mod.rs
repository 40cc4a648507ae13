//! Results: their cards and actions.

pub mod actions;
mod answer;
pub mod answer_text;
pub mod arrived;
pub mod count;
pub mod delete;
pub mod drag;
mod file;
pub mod formatted;
pub mod list;
pub mod marks;
pub mod orphans;
pub mod outputs;
mod picture;
pub mod stored;

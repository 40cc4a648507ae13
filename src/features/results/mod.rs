//! Results: their cards and actions.

pub mod actions;
mod answer;
pub mod count;
pub mod delete;
pub mod drag;
mod file;
pub mod list;
pub mod orphans;
pub mod outputs;
mod picture;
pub mod stored;

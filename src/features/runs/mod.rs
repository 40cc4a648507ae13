//! Runs: starting them, their cards, the page's queue, prompt lists.

pub mod failure;
pub mod list;
pub mod prompt_list;
pub mod prompt_list_dialog;
mod queue;
pub mod queue_actions;
mod run;
pub mod smaller;
pub mod start;

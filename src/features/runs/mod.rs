//! Runs: starting them, their cards, the queue of the page, lists of prompts.

pub mod failure;
pub mod list;
pub mod prompt_list;
pub mod prompt_list_dialog;
mod queue;
pub mod queue_actions;
mod run;
pub mod start;

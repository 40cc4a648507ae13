//! Workflows in the forms that other programs save them in, each with what must come of it.

#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

mod forms;
mod front;
mod opening;
mod untouched;

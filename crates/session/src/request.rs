//! The names of what is outstanding, and what a press of *Run* asks for.

use std::fmt;

use pilotlight_forms::form::{Drafts, Ready};
use serde::{Deserialize, Serialize};

/// Names a request from when it is sent to when it is answered or aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Names a timer from when it is set to when it fires or is cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId(pub u64);

/// Names a write whose outcome is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId(pub u64);

/// Names a write that found no room, until it is tried again or given up. The runtime hands them
/// out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub u64);

/// The number that people know a run by, counted up in one browser from 1.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct RunNumber(pub u32);

impl fmt::Display for RunNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Hands out names, each once.
#[derive(Debug, Default)]
pub(crate) struct Ids(u64);

impl Ids {
    pub fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// What a press of *Run* asked for. Never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRequest {
    /// The id of its form.
    pub form: String,
    /// Its first words, else the title of its form.
    pub title: String,
    /// As they were filled in, to fill them in again.
    pub drafts: Drafts,
    /// What is sent.
    pub ready: Ready,
}

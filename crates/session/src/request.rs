//! Identifiers, and the request of a run.

use std::fmt;

use pilotlight_forms::form::{Drafts, Ready};
use serde::{Deserialize, Serialize};

/// Identifies a request until it is answered or aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Identifies a timer until it fires or is cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId(pub u64);

/// Identifies a write whose outcome is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId(pub u64);

/// Identifies a write that found the storage full, until it is tried again or given up. Assigned by
/// the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub u64);

/// The number of a run that users see; counts up from 1 in each browser.
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

/// Assigns unique identifiers.
#[derive(Debug, Default)]
pub(crate) struct Ids(u64);

impl Ids {
    pub fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// The request of a run. Never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRequest {
    /// The id of its form.
    pub form: String,
    /// The beginning of the prompt, otherwise the title of the form.
    pub title: String,
    /// The entered values, for filling in the form again.
    pub drafts: Drafts,
    /// The prompt to send, and its images.
    pub ready: Ready,
}

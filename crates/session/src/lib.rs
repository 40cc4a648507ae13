//! The behavior of one page (one tab): [`Session::handle`] takes an event and returns the effects
//! that the page performs.
//!
//! Invariant: no clock, network, storage or randomness. Time, stored values and random bytes are in
//! the [`Context`]; everything else that happens is an [`Event`].

#![warn(missing_docs, clippy::missing_errors_doc)]

mod announcements;
mod arrivals;
mod budget;
mod change;
mod connection_test;
mod context;
mod effect;
mod event;
mod files;
mod job;
mod keep_awake;
mod queue;
mod record;
mod request;
mod responses;
mod results;
mod resume;
mod room;
mod runs;
mod server;
mod session;
mod share;
mod start;
mod state;
mod tabs;
mod usage;

#[cfg(test)]
mod tests;

pub use change::ResultsChange;
pub use context::{Context, Storage};
pub use effect::{Call, Effect, Notice, Purpose};
pub use event::{Event, ReceivedFile, WriteOutcome};
pub use job::RunEntry;
pub use record::{Base, NamedByRuns, RunRecord, editor_key, number_of_record, pictures_of};
pub use request::{RequestId, RoomId, RunNumber, RunRequest, TimerId, WriteId};
pub use server::SERVER;
pub use session::{Session, Settings};

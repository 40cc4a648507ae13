//! The page in a frame of another site: what its address asks for, and the messages between the two.
//! `docs/embed.md` describes both for those who write hosts.
//!
//! Invariant: nothing here knows of origins; who may speak is decided before anything is read. What
//! is not understood is refused with a reason, never guessed.

mod ask;
mod tell;
mod wishes;

#[cfg(test)]
mod tests;

pub use ask::{Ask, Asked, Id, MAX_MESSAGE_BYTES, Misasked, Wanted, read};
pub use tell::{Brought, Greeting, Of, failed, height, hello, ok, phase, ready, refused, result};
pub use wishes::{PARTS, Unread, Wishes, wishes};

/// Of the protocol. A message says it as its member `pilotlight`.
pub const VERSION: u64 = 1;

/// What the page looks like, as a host or the configuration wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Reads what hosts and configurations call it.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

//! What a person meets, played in a real Chromium against the emulator, one module per theme.
//!
//! Invariant: found by role and name, no sleeps, no interception.

mod runs;

//! What a person meets, played in a real Chromium against the emulator, one module per theme.
//!
//! Invariant: found by role and name, no sleeps where something can be waited for, no
//! interception but to hold back a file of the page itself.

mod access;
mod archive;
mod axe;
mod back;
mod cancel;
mod cold;
mod common;
mod config;
mod cost;
mod crash;
mod direct;
mod edit;
mod embed;
mod failures;
mod fit;
mod gallery;
mod guarded;
mod hostile;
mod hosting;
mod input;
mod insecure;
mod interface;
mod keep;
mod keep_awake;
mod key;
mod keyboard;
mod language;
mod large;
mod link;
mod mask;
mod offer;
mod offline;
mod open;
mod outputs;
mod parts;
mod perishable;
mod profile;
mod queue;
mod quiet;
mod reload;
mod replies;
mod results;
mod runs;
mod screen;
mod setup;
mod several;
mod share;
mod shared_origin;
mod size;
mod storage;
mod tabs;
mod telling;
mod tight;

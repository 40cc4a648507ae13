//! The page. Starts it, and logs panics.

mod access_key;
mod app;
mod blobs;
mod browser;
mod bundles;
mod command;
mod components;
mod events;
mod features;
mod form_state;
mod framed;
mod layers;
mod pictures;
mod runtime;
mod scaled;
mod sheet;
mod start;
mod storage;

fn main() {
    browser::report_panics();
    runtime::task::spawn(start::start());
}

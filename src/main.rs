//! The page: a thin shell around the engine.

mod app;
mod beside;
mod browser;
mod bundles;
mod command;
mod components;
mod desk;
mod dom;
mod features;
mod js;
mod pictures;
mod runtime;
mod start;
mod storage;
mod task;

fn main() {
    browser::report_panics();
    task::spawn(start::start());
}

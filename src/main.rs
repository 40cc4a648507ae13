//! The page: a thin shell around the engine.

mod app;
mod browser;
mod desk;
mod dom;
mod driver;
mod feed;
mod http;
mod live;
mod pictures;
mod start;
mod storage;
mod view;

fn main() {
    browser::report_panics();
    driver::spawn(start::start());
}

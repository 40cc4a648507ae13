//! How light and how quick the page is, measured in a real browser: `bench [PART]...`.
//!
//! Invariant: figures are printed beside their targets and never fail the command; a figure that
//! could not be taken does.

mod delay;
mod gallery;
mod large;
mod relay;
mod start;
mod table;
mod visit;

use std::process::ExitCode;

use pilotlight_browser_tests::{Outcome, Trouble, play_to_end};

use table::Row;

/// The parts, in the order they are measured.
const PARTS: [&str; 6] = ["visit", "start", "large", "gallery", "delay", "relay"];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--").collect();
    if let Some(odd) = wanted.iter().find(|arg| !PARTS.contains(&arg.as_str())) {
        eprintln!("{odd} is no part of bench: {}", PARTS.join(", "));
        return ExitCode::FAILURE;
    }
    play_to_end("bench", all(&wanted))
}

async fn all(wanted: &[String]) -> Outcome {
    tell_load();
    let mut rows: Vec<Row> = Vec::new();
    let mut failed = Vec::new();
    for part in PARTS {
        if !wanted.is_empty() && !wanted.iter().any(|one| one == part) {
            continue;
        }
        println!("measuring: {part}");
        let measured = match part {
            "visit" => visit::measure().await,
            "start" => start::measure().await,
            "large" => large::measure().await,
            "gallery" => gallery::measure().await,
            "delay" => delay::measure().await,
            _ => relay::measure().await,
        };
        match measured {
            Ok(more) => rows.extend(more),
            Err(trouble) => failed.push(format!("{part}: {trouble}")),
        }
    }
    println!("\n{}", table::draw(&rows));
    tell_load();
    if failed.is_empty() { Ok(()) } else { Err(Trouble::new(failed.join("\n"))) }
}

/// Times mean little on a machine that has other work; says how much it has, where that is known.
fn tell_load() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    if let Some(load) = load.split(' ').next().filter(|load| !load.is_empty()) {
        println!("{cores} cores, load {load}");
    }
}

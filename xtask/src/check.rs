//! `cargo xtask check`: formatting, clippy for both targets, the rules of the house.
//!
//! Invariant: a warning is a failure.

use std::process::Command;

use crate::process::{self, cargo, step};
use crate::{Outcome, paths, pins, tidy};

pub fn run() -> Outcome {
    let mut wrong = Vec::new();
    for (name, outcome) in [
        ("formatting", formatting()),
        ("clippy, native", native()),
        ("clippy, page", page()),
        ("tidy", tidied()),
    ] {
        match outcome {
            Ok(()) => println!("    {name}: ok"),
            Err(why) => {
                println!("    {name}: FAILED: {why}");
                wrong.push(name);
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("not in order: {}", wrong.join(", "))) }
}

fn formatting() -> Outcome {
    step("formatting");
    process::run(cargo().args(["fmt", "--all", "--", "--check"]))?;
    // A workspace of its own.
    let fuzz = "--manifest-path=crates/engine/fuzz/Cargo.toml";
    process::run(cargo().args(["fmt", fuzz, "--", "--check"]))
}

/// In the profile of the tests, so that build scripts and macros are compiled once.
fn native() -> Outcome {
    step("clippy, native");
    let mut command = cargo();
    command.args(["clippy", "--release", "--quiet", "--workspace", "--all-targets"]);
    deny_warnings(command.args(["--exclude", pins::PAGE_PACKAGE]))
}

fn page() -> Outcome {
    step("clippy, page");
    let mut command = cargo();
    command.args(["clippy", "--quiet", "-p", pins::PAGE_PACKAGE, "--profile", "page"]);
    deny_warnings(command.args(["--target", pins::WASM_TARGET]))
}

fn deny_warnings(command: &mut Command) -> Outcome {
    process::run(command.args(["--", "-D", "warnings"]))
}

fn tidied() -> Outcome {
    step("tidy");
    let problems = tidy::problems_of(&paths::root())?;
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() { Ok(()) } else { Err(format!("{} problems", problems.len())) }
}

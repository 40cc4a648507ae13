//! `cargo xtask check`: formatting, clippy and documentation for both targets, the rules of the house,
//! an audit of what is built in.
//!
//! Invariant: a warning is a failure.

use std::process::Command;

use crate::process::{self, cargo, step};
use crate::{Outcome, audit, paths, pins, tidy};

/// A workspace of its own.
const FUZZ: &str = "--manifest-path=fuzz/Cargo.toml";

pub fn run() -> Outcome {
    let mut wrong = Vec::new();
    for (name, outcome) in [
        ("formatting", plainly(formatting())),
        ("clippy, native", plainly(native())),
        ("clippy, page", plainly(page())),
        ("clippy, fuzz targets", plainly(fuzz())),
        ("documentation", plainly(documentation())),
        ("tidy", plainly(tidied())),
        ("audit", audit::run()),
    ] {
        match outcome {
            Ok(more) => println!("    {name}: ok{more}"),
            Err(why) => {
                println!("    {name}: FAILED: {why}");
                wrong.push(name);
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("not in order: {}", wrong.join(", "))) }
}

fn plainly(outcome: Outcome) -> Outcome<&'static str> {
    outcome.map(|()| "")
}

fn formatting() -> Outcome {
    step("formatting");
    process::run(cargo().args(["fmt", "--all", "--", "--check"]))?;
    process::run(cargo().args(["fmt", FUZZ, "--", "--check"]))
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

/// Looked at, not linked: the fuzzer itself, which takes a minute to compile, is not needed.
fn fuzz() -> Outcome {
    step("clippy, fuzz targets");
    let mut command = cargo();
    command.args(["clippy", "--quiet", "--locked", "--bins", FUZZ]);
    command.arg("--target-dir").arg(paths::target().join("fuzz-check"));
    command.env("CUSTOM_LIBFUZZER_PATH", paths::target().join("none").join("libfuzzer.a"));
    deny_warnings(&mut command)
}

/// After clippy, which compiled all that is needed.
fn documentation() -> Outcome {
    step("documentation");
    let mut native = cargo();
    native.args(["doc", "--release", "--quiet", "--workspace", "--no-deps"]);
    native.args(["--exclude", pins::PAGE_PACKAGE]);
    let mut page = cargo();
    page.args(["doc", "--quiet", "--no-deps", "-p", pins::PAGE_PACKAGE, "--profile", "page"]);
    page.args(["--target", pins::WASM_TARGET]);
    for command in [&mut native, &mut page] {
        process::run(command.env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(())
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

//! What is built in: licences, sources and known holes of every crate, looked at by cargo-deny with
//! `deny.toml`.
//!
//! Invariant: a list of holes that could not be fetched is said, and never taken for an empty one.

use std::process::{Command, Output, Stdio};

use crate::process::step;
use crate::{Outcome, paths, tools};

/// What cargo-deny says when the list is out of reach; it comes from a host of its own.
const OUT_OF_REACH: &str = "failed to fetch advisory database";

/// `Ok`: what there is to add to it.
pub fn run() -> Outcome<&'static str> {
    step("audit of what is built in");
    let program = tools::cargo_deny()?;
    let ask = |what: &[&str]| -> Outcome<Output> {
        let mut command = Command::new(&program);
        command.args(["--log-level", "error", "check"]).args(what).current_dir(paths::root());
        let answer = command.stdin(Stdio::null()).output();
        answer.map_err(|error| format!("{}: {error}", program.display()))
    };
    told(&ask(&["licenses", "bans", "sources"])?)?;
    let holes = ask(&["advisories"])?;
    if !holes.status.success() && words(&holes).contains(OUT_OF_REACH) {
        return Ok("; known holes NOT looked at: their list could not be fetched");
    }
    told(&holes)?;
    Ok("; no known holes")
}

fn told(answer: &Output) -> Outcome {
    if answer.status.success() { Ok(()) } else { Err(format!("\n{}", words(answer))) }
}

fn words(answer: &Output) -> String {
    String::from_utf8_lossy(&answer.stderr).into_owned()
}

//! `cargo xtask fuzz`: every parser against input that a machine thinks up.
//!
//! Invariant: a target that finds something does not keep the others from running, and what was
//! found is named with the command that shows it again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Listen, cargo, step};
use crate::{Outcome, paths};

const TARGETS: [&str; 11] = [
    "open", "convert", "form", "classes", "json", "reply", "events", "config", "stored", "archive",
    "share",
];
const SECONDS: u64 = 300;
/// A hang is a fault; most inputs take less than a millisecond.
const LIMITS: [&str; 3] = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=65536"];

pub fn run(args: &[String]) -> Outcome {
    let (targets, seconds) = chosen(args)?;
    has_tools()?;
    let folder = paths::root().join("fuzz");
    seed(&folder)?;
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for target in targets {
        step(&format!("{target}, {seconds} s"));
        // A target that does not compile has found nothing.
        process::run(&mut fuzzer(&folder, "build", target))?;
        let (outcome, said) = played(&folder, target, seconds);
        let word = if outcome.is_ok() { "nothing found" } else { "FOUND" };
        lines.push(line(target, &said, word));
        if outcome.is_err() {
            wrong.push(target);
        }
    }
    println!("\n{:<9} {:>10} {:>10} {:>12} {:>8}", "target", "inputs", "new", "slowest", "memory");
    lines.iter().for_each(|line| println!("{line}"));
    if wrong.is_empty() {
        return Ok(());
    }
    let again = "cargo +nightly fuzz run TARGET fuzz/artifacts/TARGET/FILE";
    Err(format!("something was found in: {}; `{again}` shows it again", wrong.join(", ")))
}

fn chosen(args: &[String]) -> Outcome<(Vec<&'static str>, u64)> {
    const USAGE: &str = "fuzz takes [TARGET] [--seconds N]";
    let (mut targets, mut seconds) = (TARGETS.to_vec(), SECONDS);
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let number = args.next().and_then(|number| number.parse().ok());
            seconds = number.filter(|seconds| *seconds > 0).ok_or(USAGE)?;
        } else if let Some(target) = TARGETS.iter().find(|target| **target == arg) {
            targets = vec![target];
        } else {
            return Err(format!("{USAGE}; the targets are {}", TARGETS.join(", ")));
        }
    }
    Ok((targets, seconds))
}

fn has_tools() -> Outcome {
    if process::output("rustup", &["run", "nightly", "rustc", "--version"]).is_none() {
        return Err("fuzzing needs nightly Rust: `rustup toolchain install nightly`".to_owned());
    }
    if process::output("rustup", &["run", "nightly", "cargo", "fuzz", "--version"]).is_none() {
        return Err("fuzzing needs cargo-fuzz: `cargo install cargo-fuzz --locked`".to_owned());
    }
    Ok(())
}

/// What real servers and programs wrote is what a fuzzer begins with.
fn seed(folder: &Path) -> Outcome {
    step("seeds");
    let mut command = cargo();
    command.args(["run", "--release", "--quiet", "-p", "pilotlight-forms", "--example", "seeds"]);
    process::run(command.arg("--").arg(folder.join("corpus")))
}

/// Plays one target; what libFuzzer wrote comes back with the verdict.
fn played(folder: &Path, target: &str, seconds: u64) -> (Outcome, String) {
    let corpus = folder.join("corpus").join(target);
    let artifacts = folder.join("artifacts").join(target);
    for each in [&corpus, &artifacts] {
        if let Err(error) = fs::create_dir_all(each) {
            return (Err(format!("{}: {error}", each.display())), String::new());
        }
    }
    let mut command = fuzzer(folder, "run", target);
    command.arg(corpus).arg("--").args(LIMITS);
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(with_path("-dict=", &folder.join("words.dict")));
    command.args(["-print_final_stats=1", "-verbosity=0"]);
    process::run_and_read(&mut command, Listen::Stderr)
}

fn fuzzer(folder: &Path, verb: &str, target: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "fuzz", verb, "--fuzz-dir"]).arg(folder);
    command.arg("--target-dir").arg(paths::target().join("fuzz")).arg(target);
    command.current_dir(paths::root());
    command
}

fn with_path(option: &str, path: &Path) -> PathBuf {
    let mut whole = std::ffi::OsString::from(option);
    whole.push(path);
    whole.into()
}

/// A line of the table.
fn line(target: &str, said: &str, word: &str) -> String {
    let number = |name: &str| {
        let start = format!("stat::{name}:");
        let found = said.lines().find_map(|line| line.trim().strip_prefix(&start));
        found.map_or("?", str::trim).to_owned()
    };
    let (inputs, new) = (number("number_of_executed_units"), number("new_units_added"));
    let (slowest, memory) = (number("slowest_unit_time_sec"), number("peak_rss_mb"));
    format!("{target:<9} {inputs:>10} {new:>10} {slowest:>10} s {memory:>5} MB  {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(args: &[&str], expected: Option<(usize, u64)>) {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let chosen = chosen(&args).ok();
        assert_eq!(chosen.map(|(targets, seconds)| (targets.len(), seconds)), expected, "{args:?}");
    }

    #[test]
    fn targets_and_seconds_are_chosen() {
        check(&[], Some((TARGETS.len(), SECONDS)));
        check(&["open", "--seconds", "5"], Some((1, 5)));
        check(&["--seconds", "5"], Some((TARGETS.len(), 5)));
        check(&["--seconds"], None);
        check(&["--seconds", "0"], None);
        check(&["other"], None);
    }

    #[test]
    fn a_line_tells_what_was_counted() {
        let said = "stat::number_of_executed_units: 9690\nstat::new_units_added: 417\n\
                    stat::slowest_unit_time_sec: 0\nstat::peak_rss_mb: 385\n";
        let line = line("json", said, "nothing found");
        assert_eq!(line, "json            9690        417          0 s   385 MB  nothing found");
    }

    #[test]
    fn every_target_is_known() {
        let manifest = fs::read_to_string(paths::root().join("fuzz/Cargo.toml"));
        let manifest = manifest.unwrap();
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
        assert!(TARGETS.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))));
    }
}

//! Breaks a copy of the workspace in each way of `mutations`, one after the other, and prints which
//! test notices. Invariant: the workspace itself is only read.
//!
//! `cargo run --release -p pilotlight-simulation --bin mutants [-- PART OF A NAME…]`, about an hour.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use pilotlight_simulation::mutations::{ALL, Mutation};

const SEEDS: &str = "100000";

struct Noticed {
    tables: Vec<String>,
    seed: Option<String>,
}

fn main() -> ExitCode {
    let parts: Vec<String> = std::env::args().skip(1).collect();
    match all(&parts) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missed) => {
            println!("\n{missed} went unnoticed");
            ExitCode::FAILURE
        }
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn all(parts: &[String]) -> Result<usize, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().map_err(|why| why.to_string())?;
    let copy = std::env::temp_dir().join(format!("pilotlight-mutants-{}", std::process::id()));
    copy_workspace(&root, &copy)?;
    let healthy = noticed(&copy, true)?;
    if !healthy.tables.is_empty() || healthy.seed.is_some() {
        return Err(format!("unbroken, it fails already: {:?} {:?}", healthy.tables, healthy.seed));
    }
    let mut missed = 0;
    println!("| broken on purpose | table tests that fail | simulation |\n|---|---|---|");
    let is_named = |name: &str| parts.is_empty() || parts.iter().any(|part| name.contains(part));
    for mutation in ALL.iter().filter(|mutation| is_named(mutation.name)) {
        let found = with(mutation, &copy)?;
        missed += usize::from(found.seed.is_none() && found.tables.is_empty());
        let tables = match found.tables.as_slice() {
            [] => "none".to_owned(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        };
        println!("| {} | {tables} | {} |", mutation.name, found.seed.unwrap_or("NONE".to_owned()));
    }
    for folder in [copy.with_extension("target"), copy] {
        std::fs::remove_dir_all(&folder).map_err(|why| why.to_string())?;
    }
    Ok(missed)
}

fn with(mutation: &Mutation, copy: &Path) -> Result<Noticed, String> {
    let (path, broken) = mutation.applied(copy)?;
    let healthy = std::fs::read_to_string(&path).map_err(|why| why.to_string())?;
    let write = |text: &str| std::fs::write(&path, text).map_err(|why| why.to_string());
    write(&broken)?;
    let is_below = !mutation.file.starts_with("crates/session/");
    let found = noticed(copy, is_below).map_err(|why| format!("{}: {why}", mutation.name));
    write(&healthy)?;
    found
}

/// Everything that git would keep, as it lies there now.
fn copy_workspace(root: &Path, copy: &Path) -> Result<(), String> {
    let listed = Command::new("git")
        .args(["ls-files", "-co", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|why| format!("git: {why}"))?;
    for name in String::from_utf8_lossy(&listed.stdout).lines() {
        let (from, to) = (root.join(name), copy.join(name));
        if !from.is_file() {
            continue;
        }
        let folder: PathBuf = to.parent().map(Path::to_path_buf).unwrap_or_default();
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::copy(&from, &to).map(drop))
            .map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

/// `with_below`: whether a table of the crates below the session may fail.
fn noticed(copy: &Path, with_below: bool) -> Result<Noticed, String> {
    let mut tables = cargo(copy, &["-p", "pilotlight-session", "--lib"])?;
    if with_below {
        let packages = ["-p", "pilotlight-runs", "-p", "pilotlight-comfy", "--lib"];
        let below = [&packages[..], &["--", "run::", "queue::", "comfy::"]].concat();
        tables += &cargo(copy, &below)?;
    }
    let seeds = ["--release", "-p", "pilotlight-simulation", "--test", "seeds", "--"];
    let seeds = cargo(copy, &[&seeds[..], &["--nocapture"]].concat())?;
    let failed = tables.lines().filter_map(|line| line.strip_suffix(" ... FAILED"));
    let failed = failed.filter_map(|line| line.strip_prefix("test ")).map(str::to_owned);
    let seed = seeds.lines().find(|line| line.starts_with("seed ")).map(str::to_owned);
    Ok(Noticed { tables: failed.collect(), seed })
}

fn cargo(copy: &Path, args: &[&str]) -> Result<String, String> {
    let target = copy.with_extension("target");
    let output = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--no-fail-fast"])
        .args(args)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .env("PILOTLIGHT_SEEDS", SEEDS)
        .env("RUST_BACKTRACE", "0")
        .output()
        .map_err(|why| format!("cargo: {why}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("could not compile") {
        let error = said.lines().find(|line| line.starts_with("error")).unwrap_or_default();
        return Err(format!("it does not compile: {error}"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

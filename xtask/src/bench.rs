//! `cargo xtask bench`: size, start and delay, measured in a real browser.
//!
//! Invariant: measures the release build, the same files that `build` makes, and beside it a
//! baseline that was built with the same tools.

use crate::build::Programs;
use crate::process::{self, cargo};
use crate::{Outcome, baseline, build, packages, paths, pins, sizes, test};

/// The part that compares the page with the baseline.
const START: &str = "start";

pub fn run(args: &[String]) -> Outcome {
    let browser = packages::browser()?;
    build::everything(Programs::All)?;
    sizes::print(&paths::dist())?;
    let measures_start = args.is_empty() || args.iter().any(|part| part == START);
    if measures_start {
        baseline::build()?;
        sizes::print(&baseline::dist())?;
    }
    let mut command = cargo();
    command.args(["run", "--release", "--quiet", "-p", pins::BROWSER_PACKAGE, "--bin", "bench"]);
    test::with_world(&mut command, &browser).env("PILOTLIGHT_BASELINE", baseline::dist());
    process::run(command.arg("--").args(args))
}

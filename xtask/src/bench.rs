//! `cargo xtask bench`: size, start and delay, measured in a real browser.
//!
//! Invariant: measures the release build, the same files that `build` makes.

use crate::build::Programs;
use crate::process::{self, cargo};
use crate::{Outcome, build, packages, paths, pins, sizes, test};

pub fn run(args: &[String]) -> Outcome {
    let browser = packages::browser()?;
    build::everything(Programs::All)?;
    sizes::print(&paths::dist())?;
    let mut command = cargo();
    command.args(["run", "--release", "--quiet", "-p", pins::BROWSER_PACKAGE, "--bin", "bench"]);
    process::run(test::with_world(&mut command, &browser).arg("--").args(args))
}

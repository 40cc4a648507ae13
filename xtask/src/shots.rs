//! `cargo xtask shots`: pictures of every phase and failure, into `shots/`.
//!
//! Invariant: the README's picture is one of them.

use crate::build::Programs;
use crate::process::{self, cargo};
use crate::{Outcome, build, packages, paths, pins, test};

pub fn run(args: &[String]) -> Outcome {
    let browser = packages::browser()?;
    fonts()?;
    build::everything(Programs::All)?;
    let mut command = cargo();
    command.args(["run", "--release", "--quiet", "-p", pins::BROWSER_PACKAGE, "--bin", "shots"]);
    command.env("PILOTLIGHT_SHOTS", paths::root().join("shots"));
    command.env("PILOTLIGHT_DOCS", paths::root().join("docs"));
    process::run(test::with_world(&mut command, &browser).arg("--").args(args))
}

/// Without a Chinese font half of the pictures show boxes.
fn fonts() -> Outcome {
    let listed = process::output("fc-list", &[":lang=zh"]);
    if listed.is_none_or(|fonts| !fonts.trim().is_empty()) {
        return Ok(());
    }
    if packages::can_install() {
        return packages::install(&["fonts-noto-cjk"]);
    }
    Err("no font for Chinese; on Debian and Ubuntu: sudo apt-get install fonts-noto-cjk".to_owned())
}

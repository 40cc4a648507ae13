//! Packages of the operating system: Chromium and its driver, fonts, node.
//!
//! Invariant: installs only where no password is asked for, and says what it installs.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::process::{self, duration, step};
use crate::{Outcome, paths};

/// What the browser tests drive.
#[derive(Debug)]
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds Chromium and its driver, installs them where that is allowed.
pub fn browser() -> Outcome<Browser> {
    if let Some(browser) = find_browser() {
        return Ok(browser);
    }
    if can_install() {
        install(&["chromium", "chromium-driver", "fonts-noto-cjk"])?;
    }
    find_browser().ok_or_else(|| {
        "the browser tests need Chromium and its driver, and they are not there.\n  \
         Debian, Ubuntu: sudo apt-get install chromium chromium-driver fonts-noto-cjk\n  \
         macOS: brew install --cask chromium chromedriver\n  \
         else: put `chromium` and `chromedriver` on the PATH, or name them in \
         PILOTLIGHT_CHROMIUM and PILOTLIGHT_CHROMEDRIVER"
            .to_owned()
    })
}

pub fn find_browser() -> Option<Browser> {
    Some(Browser { chromium: find_chromium()?, driver: find_driver()? })
}

pub fn find_chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let app = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    named("PILOTLIGHT_CHROMIUM")
        .or_else(|| names.iter().find_map(|name| paths::on_path(name)))
        .or_else(|| app.is_file().then_some(app))
}

pub fn find_driver() -> Option<PathBuf> {
    named("PILOTLIGHT_CHROMEDRIVER").or_else(|| paths::on_path("chromedriver"))
}

/// The program that a variable names.
pub fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

/// Whether this account may install Debian packages without being asked for a password.
pub fn can_install() -> bool {
    cfg!(target_os = "linux")
        && paths::on_path("apt-get").is_some()
        && (is_root() || process::output("sudo", &["-n", "true"]).is_some())
}

fn is_root() -> bool {
    process::output("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}

/// Installs Debian packages.
pub fn install(packages: &[&str]) -> Outcome {
    step(&format!("apt-get install {} (usually 1 to 3 minutes)", packages.join(" ")));
    let started = Instant::now();
    // An outdated list is the usual reason for a package that cannot be fetched.
    update()?;
    let mut args = vec!["install", "-y", "-q", "--no-install-recommends"];
    args.extend(packages);
    apt(&args)?;
    println!("    installed in {}", duration(started.elapsed()));
    Ok(())
}

/// Fetches the lists of packages.
pub fn update() -> Outcome {
    apt(&["update", "-q"])
}

fn apt(args: &[&str]) -> Outcome {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        let mut command = Command::new("sudo");
        command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    };
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    process::run(command.stdout(Stdio::null()))
}

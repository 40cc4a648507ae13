//! `cargo xtask doctor`: what is there, what is missing, what to do about it.
//!
//! Invariant: installs and changes nothing.

use std::path::PathBuf;

use crate::process;
use crate::tools::{self, Tool};
use crate::{Outcome, packages, paths, pins, proxies};

struct Row {
    name: &'static str,
    wanted: String,
    found: Option<String>,
    advice: &'static str,
    /// What cannot be done without it.
    needed_for: &'static str,
}

pub fn run() -> Outcome {
    let rows = rows();
    println!("{:<20} {:<12} {:<50} needed for", "", "wanted", "found");
    for row in &rows {
        let found = row.found.as_deref().unwrap_or("-");
        println!("{:<20} {:<12} {found:<50} {}", row.name, row.wanted, row.needed_for);
    }
    println!("\ntools of this account: {}", paths::tools()?.display());
    let missing: Vec<&Row> = rows.iter().filter(|row| row.found.is_none()).collect();
    if missing.is_empty() {
        println!("everything is there");
    }
    for row in missing {
        println!("missing: {}: {}", row.name, row.advice);
    }
    Ok(())
}

fn rows() -> Vec<Row> {
    const BY_ITSELF: &str = "installed by `cargo xtask build`";
    const WITH_TESTS: &str =
        "installed by `cargo xtask test` on Debian as root; else see its message";
    vec![
        Row {
            name: "rustc",
            wanted: "1.95".to_owned(),
            found: first_line("rustc", &["--version"]),
            advice: "see https://rustup.rs",
            needed_for: "everything",
        },
        Row {
            name: "wasm target",
            wanted: String::new(),
            found: tools::has_wasm_target().then(|| pins::WASM_TARGET.to_owned()),
            advice: BY_ITSELF,
            needed_for: "build",
        },
        of_tool(&tools::trunk_tool(), BY_ITSELF, "build"),
        of_tool(&tools::wasm_bindgen_tool(), BY_ITSELF, "build"),
        of_tool(
            &tools::wasm_opt_tool(),
            "installed by `cargo xtask build` when npm is there",
            "build",
        ),
        of_tool(
            &tools::esbuild_tool(),
            "installed by `cargo xtask build` when npm is there",
            "build",
        ),
        of_tool(&tools::cargo_deny_tool(), "installed by `cargo xtask check`", "check"),
        Row {
            name: "cargo-binstall",
            wanted: String::new(),
            found: paths::on_path("cargo-binstall").map(|path| path.display().to_string()),
            advice: "optional; with it trunk and wasm-bindgen are fetched instead of compiled",
            needed_for: "a quicker first build",
        },
        Row {
            name: "nightly rustc",
            wanted: String::new(),
            found: first_line("rustup", &["run", "nightly", "rustc", "--version"]),
            advice: "rustup toolchain install nightly",
            needed_for: "fuzz",
        },
        Row {
            name: "cargo-fuzz",
            wanted: String::new(),
            found: first_line("cargo-fuzz", &["--version"]),
            advice: "cargo install cargo-fuzz --locked",
            needed_for: "fuzz",
        },
        Row {
            name: "npm",
            wanted: String::new(),
            found: first_line("npm", &["--version"]),
            advice: "install Node.js; without it the page is about a fifth larger",
            needed_for: "wasm-opt, esbuild",
        },
        Row {
            name: "chromium",
            wanted: String::new(),
            found: packages::find_chromium().and_then(version_of),
            advice: WITH_TESTS,
            needed_for: "test, bench, shots",
        },
        Row {
            name: "chromedriver",
            wanted: String::new(),
            found: packages::find_driver().and_then(version_of),
            advice: WITH_TESTS,
            needed_for: "test, bench, shots",
        },
        Row {
            name: "nginx",
            wanted: "1.22 or later".to_owned(),
            found: proxies::find_nginx()
                .and_then(|path| proxies::nginx_version(&path).map(|(version, _)| version)),
            advice: "fetched by `cargo xtask test` on Debian; else see its message",
            needed_for: "test (deploy)",
        },
        Row {
            name: "caddy",
            wanted: String::new(),
            found: proxies::find_caddy().and_then(version_of),
            advice: "fetched by `cargo xtask test` from PyPI",
            needed_for: "test (deploy)",
        },
        Row {
            name: "python3",
            wanted: "3.11 or later".to_owned(),
            found: first_line("python3", &["--version"]),
            advice: "install Python 3",
            needed_for: "test (deploy)",
        },
        Row {
            name: "Chinese font",
            wanted: String::new(),
            found: first_line("fc-list", &[":lang=zh", "family"]),
            advice: "on Debian and Ubuntu: apt-get install fonts-noto-cjk",
            needed_for: "shots",
        },
    ]
}

fn of_tool(tool: &Tool, advice: &'static str, needed_for: &'static str) -> Row {
    Row {
        name: tool.name,
        wanted: tool.version.to_owned(),
        found: tool.find().map(|path| path.display().to_string()),
        advice,
        needed_for,
    }
}

fn version_of(program: PathBuf) -> Option<String> {
    let said = process::output(program, &["--version"])?;
    let first = said.lines().next().unwrap_or_default();
    Some(first.split(" (").next().unwrap_or_default().trim().to_owned())
}

fn first_line(program: &str, args: &[&str]) -> Option<String> {
    let said = process::output(program, args)?;
    said.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
}

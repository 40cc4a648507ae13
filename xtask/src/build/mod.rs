//! `cargo xtask build`: the page into `dist/`, small, packed, its names following its content.
//!
//! Invariant: two builds with different bytes have different names, so a browser may keep a file
//! for ever by its name.

mod divide;
mod names;
mod offline;
mod squeeze;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};

use crate::process::{self, cargo, duration, step};
use crate::tools::{self, Tools};
use crate::{Outcome, paths, pins, sizes};

pub use names::hash;

/// Everything the page is made from, below the project's folder.
const SOURCES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/comfy",
    "crates/compress",
    "crates/divide",
    "crates/forms",
    "crates/i18n",
    "crates/policy",
    "crates/runs",
    "crates/session",
    "index.html",
    "public",
    "src",
    "start.js",
    "style",
    "xtask/src/build",
    "xtask/src/pins.rs",
];

pub fn run() -> Outcome {
    programs()?;
    page()?;
    sizes::print(&paths::dist())
}

/// Builds the page unless nothing has changed since the last time.
pub fn page() -> Outcome {
    let mark = paths::scratch().join("page-built");
    let started = SystemTime::now();
    if is_fresh(&mark) {
        step("the page in dist/ is up to date");
        return Ok(());
    }
    let tools = tools::ready()?;
    step("building the page (the first time takes about 4 minutes on 2 cores)");
    let clock = Instant::now();
    // A build that stops half-way must not look finished.
    let _ = fs::remove_file(&mark);
    fetch_crates()?;
    run_trunk(&tools)?;
    let dist = paths::dist();
    divide::divide(&tools, &dist)?;
    if let Some(wasm_opt) = &tools.wasm_opt {
        for module in files_of(&dist)?.iter().filter(|path| ends_with(path, ".wasm")) {
            shrink(wasm_opt, module)?;
        }
    }
    squeeze::scripts(&dist)?;
    names::follow_contents(&dist)?;
    let page = dist.join("index.html");
    process::run(Command::new(paths::program("pilotlight-policy")).arg(&page))?;
    offline::name_files(&dist)?;
    process::run(Command::new(paths::program("pilotlight-compress")).arg(&dist))?;
    println!("    built in {}", duration(clock.elapsed()));
    // Without wasm-opt the next build tries again to get one.
    if tools.wasm_opt.is_some() {
        write_mark(&mark, started)?;
    }
    Ok(())
}

/// Builds the native programs: relay, emulator, packing.
///
/// All packages at once, as the tests do, so that shared crates are compiled once.
pub fn programs() -> Outcome {
    step("building the programs (the first time takes about 2 minutes)");
    let mut command = cargo();
    command.args(["build", "--release", "--quiet", "--workspace", "--bins"]);
    command.args(["--exclude", pins::PAGE_PACKAGE, "--exclude", pins::BROWSER_PACKAGE]);
    // Being replaced while it runs is something Windows does not allow.
    process::run(command.args(["--exclude", "xtask"]))
}

/// trunk builds offline, so that it fetches no tools; the crates must be there before.
fn fetch_crates() -> Outcome {
    let said = process::output("rustc", &["-vV"]).ok_or("rustc does not run")?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let mut command = cargo();
    command.args(["fetch", "--locked", "--quiet", "--target", pins::WASM_TARGET]);
    if let Some(host) = host {
        command.args(["--target", host]);
    }
    process::run(&mut command)
}

fn run_trunk(tools: &Tools) -> Outcome {
    let mut command = Command::new(&tools.trunk);
    command
        .args(["--log", "error", "build", "--release", "--features", "divided"])
        .current_dir(paths::root())
        .stdin(Stdio::null());
    command.env("PATH", tools.path()?).env("TRUNK_SKIP_VERSION_CHECK", "true");
    let mut flags = without_places()?;
    // How to divide the module follows from what the linker would otherwise forget.
    flags.push("-Clink-arg=--emit-relocs".to_owned());
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    // trunk takes NO_COLOR=1, as other programs set it, for a mistake.
    process::run(command.env_remove("NO_COLOR").env("RUST_BACKTRACE", "0"))
}

/// Paths of the building machine stand in panic messages. They say nothing to anybody else, and
/// without them the page is the same wherever it is built.
fn without_places() -> Outcome<Vec<String>> {
    let sysroot = process::output("rustc", &["--print", "sysroot"]).ok_or("rustc does not run")?;
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from);
    let cargo = cargo.or_else(|| home.map(|home| home.join(".cargo")));
    let mut places = vec![(PathBuf::from(sysroot.trim()), "rust"), (paths::root(), "pilotlight")];
    if let Some(sources) = cargo.map(|cargo| cargo.join("registry").join("src")) {
        let registries = fs::read_dir(&sources).into_iter().flatten().flatten();
        places.extend(registries.map(|registry| (registry.path(), "crates")));
    }
    let flags = places.iter();
    Ok(flags.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect())
}

fn shrink(wasm_opt: &Path, module: &Path) -> Outcome {
    let smaller = module.with_extension("smaller");
    let mut command = Command::new(wasm_opt);
    command.args(pins::WASM_OPT_FLAGS).arg(module).arg("-o").arg(&smaller);
    process::run_quietly(command.stdin(Stdio::null()))?;
    fs::rename(&smaller, module).map_err(|error| format!("{}: {error}", module.display()))
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn files_of(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ending))
}

fn starts_with(path: &Path, start: &str) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(start))
}

fn is_fresh(mark: &Path) -> bool {
    let Ok(built) = fs::metadata(mark).and_then(|data| data.modified()) else { return false };
    paths::dist().join("index.html").is_file()
        && SOURCES.iter().all(|name| newest(&paths::root().join(name)) <= Some(built))
}

/// The latest change below a path; folders count, because their time tells of removed files.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = fs::metadata(path).and_then(|data| data.modified()).ok();
    let below = fs::read_dir(path).into_iter().flatten().flatten();
    below.map(|entry| newest(&entry.path())).fold(own, Option::max)
}

fn write_mark(mark: &Path, started: SystemTime) -> Outcome {
    let wrong = |error: std::io::Error| format!("{}: {error}", mark.display());
    fs::create_dir_all(paths::scratch()).map_err(wrong)?;
    let file = fs::File::create(mark).map_err(wrong)?;
    // What was changed while it was built is newer than this.
    file.set_modified(started).map_err(wrong)
}

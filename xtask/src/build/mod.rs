//! `cargo xtask build`: the page into `dist/`, small, packed, its names following its content.
//!
//! Invariant: two builds with different bytes have different names, so a browser may keep a file
//! for ever by its name.

mod divide;
mod minify;
mod names;
mod offline;
pub mod texts;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Instant, SystemTime};

use crate::process::{self, cargo, duration, step};
use crate::tools::{self, Speed, Tools};
use crate::{Outcome, paths, pins, plan, progress, sizes};

pub use minify::scripts as minify_scripts;
pub use names::hash;

/// As `Trunk.toml` names it.
const PROFILE: &str = "page";
/// Makes more than one module.
const DIVIDED: &str = "divided";

/// What a developer of the page edits, below the project's folder, but for the styles.
pub const PAGE: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/comfy",
    "crates/forms",
    "crates/i18n",
    "crates/runs",
    "crates/session",
    "index.html",
    "public",
    "src",
    "start.js",
];

/// What else the published page follows from.
const REST: &[&str] = &[
    "crates/compress",
    "crates/divide",
    "crates/policy",
    "style",
    "xtask/src/build",
    "xtask/src/pins.rs",
];

pub fn run() -> Outcome {
    everything(Programs::All)?;
    sizes::print(&paths::dist())
}

/// Builds the programs, and the page unless nothing has changed since the last time.
pub fn everything(which: Programs) -> Outcome {
    plan::print(&plan::page());
    if is_up_to_date() {
        programs(which)?;
        step("the page in dist/ is up to date");
        return Ok(());
    }
    page(&tools_beside(Speed::Small, || programs(which))?)
}

/// Whether the page was built of the files as they are now.
pub fn is_up_to_date() -> bool {
    is_fresh(&mark())
}

fn mark() -> PathBuf {
    paths::scratch().join("page-built")
}

/// Finds the tools and builds the programs. Tools that are missing are installed while the programs
/// and the page are compiled.
pub fn tools_beside(speed: Speed, programs: impl FnOnce() -> Outcome) -> Outcome<Tools> {
    tools::wasm_target()?;
    if tools::are_here(speed) {
        programs()?;
        return tools::ready(speed);
    }
    thread::scope(|scope| {
        let tools = scope.spawn(|| tools::ready(speed));
        let compiled = programs().and_then(|()| match (compile(speed), speed) {
            // Said again, and waited for, by whoever builds the page.
            (Err(_), Speed::Quick) => Ok(()),
            (compiled, _) => compiled,
        });
        if let Err(why) = &compiled {
            println!("    {why}; waiting for the tools that are being installed");
        }
        let tools = tools.join().map_err(|_| "a tool could not be installed".to_owned())?;
        compiled.and(tools)
    })
}

/// Compiles the page as trunk will, so that trunk finds it compiled.
fn compile(speed: Speed) -> Outcome {
    fetch_crates()?;
    step("compiling the page");
    let mut command = cargo();
    command.args(["build", "--offline", "--locked", "--bin", pins::PAGE_PACKAGE]);
    command.args(["--target", pins::WASM_TARGET, "--manifest-path"]);
    command.arg(paths::root().join("Cargo.toml"));
    match speed {
        Speed::Small => {
            command.args(["--profile", PROFILE, "--features", DIVIDED]);
            command.env("CARGO_ENCODED_RUSTFLAGS", flags(true)?);
        }
        Speed::Quick => {
            command.args(["--profile", pins::DEV_PROFILE]);
        }
    }
    progress::run(&mut command, "the page")
}

fn page(tools: &Tools) -> Outcome {
    let mark = mark();
    let started = SystemTime::now();
    step("building the page");
    let clock = Instant::now();
    // A build that stops half-way must not look finished.
    let _ = fs::remove_file(&mark);
    fetch_crates()?;
    run_trunk(tools)?;
    let dist = paths::dist();
    divide::divide(tools, &dist)?;
    shrink_modules(tools, &dist)?;
    divide::pack(&dist)?;
    minify_scripts(tools, &dist)?;
    names::follow_contents(&dist)?;
    let page = dist.join("index.html");
    write(&page, &texts::with_texts(&read_text(&page)?)?)?;
    process::run(Command::new(paths::program("pilotlight-policy")).arg(&page))?;
    offline::name_files(&dist)?;
    minify::worker(tools, &dist)?;
    compress(&dist)?;
    println!("    built in {}", duration(clock.elapsed()));
    plan::remember(plan::PAGE, clock.elapsed());
    // Without these the next build tries again to get them.
    if tools.wasm_opt.is_some() && tools.esbuild.is_some() {
        write_mark(&mark, started)?;
    }
    Ok(())
}

/// Which native programs are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Programs {
    /// Relay, emulator and what packs the page: all that a first look needs.
    Served,
    /// Those of all packages at once, as the tests build them, so that shared crates are compiled
    /// once.
    All,
}

/// Builds native programs. Where all were built before, all are: with fewer packages cargo would
/// compile shared crates anew, as fewer features of them are wanted.
pub fn programs(which: Programs) -> Outcome {
    let mark = paths::scratch().join("all-programs-built");
    step("building the programs");
    let mut command = cargo();
    command.args(["build", "--release", "--bins"]);
    let all = which == Programs::All || mark.is_file();
    if all {
        command.args(["--workspace", "--exclude", pins::PAGE_PACKAGE]);
        // Being replaced while it runs is something Windows does not allow.
        command.args(["--exclude", pins::BROWSER_PACKAGE, "--exclude", "xtask"]);
    } else {
        command.args(pins::SERVED_PACKAGES.iter().flat_map(|package| ["-p", package]));
    }
    progress::run(&mut command, "programs")?;
    if all { write_mark(&mark, SystemTime::now()) } else { Ok(()) }
}

/// trunk builds offline, so that it fetches no tools; the crates must be there before.
pub fn fetch_crates() -> Outcome {
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
    let mut command = trunk(tools)?;
    command.args(["--log", "error", "build", "--release", "--features", DIVIDED]);
    process::run(command.env("CARGO_ENCODED_RUSTFLAGS", flags(true)?))
}

/// trunk, which finds the tools that it calls.
pub fn trunk(tools: &Tools) -> Outcome<Command> {
    let mut command = Command::new(&tools.trunk);
    command.current_dir(paths::root()).stdin(Stdio::null());
    command.env("PATH", tools.path()?).env("TRUNK_SKIP_VERSION_CHECK", "true");
    command.env("RUST_BACKTRACE", "0");
    // trunk takes NO_COLOR=1, as other programs set it, for a mistake.
    command.env_remove("NO_COLOR");
    process::without_own_variables(&mut command);
    Ok(command)
}

/// Returns the compiler's flags for a page that is built for release, in the format of
/// `CARGO_ENCODED_RUSTFLAGS`.
pub fn flags(is_divided: bool) -> Outcome<String> {
    let mut flags = without_places()?;
    if is_divided {
        // How to divide the module follows from what the linker would otherwise forget.
        flags.push("-Clink-arg=--emit-relocs".to_owned());
    }
    // As in `.cargo/config.toml`, which these take the place of.
    flags.push("--cfg=erase_components".to_owned());
    Ok(flags.join("\u{1f}"))
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

/// Optimizes every module in `dist` with wasm-opt, where it is installed.
pub fn shrink_modules(tools: &Tools, dist: &Path) -> Outcome {
    let Some(wasm_opt) = &tools.wasm_opt else { return Ok(()) };
    let mut modules = files_of(dist)?;
    modules.retain(|path| ends_with(path, ".wasm"));
    // The largest last: threads take from the end.
    modules.sort_by_key(|path| fs::metadata(path).map_or(0, |data| data.len()));
    let modules = Mutex::new(modules);
    let next = || modules.lock().ok().and_then(|mut modules| modules.pop());
    let worker = || std::iter::from_fn(next).try_for_each(|module| shrink(wasm_opt, &module));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(outcome) => outcome,
            Err(_) => Err("a module could not be made smaller".to_owned()),
        })
    })
}

/// Writes the compressed twins of the files in `dist`.
pub fn compress(dist: &Path) -> Outcome {
    process::run(Command::new(paths::program("pilotlight-compress")).arg(dist))
}

fn shrink(wasm_opt: &Path, module: &Path) -> Outcome {
    let smaller = module.with_extension("smaller");
    let mut command = Command::new(wasm_opt);
    if ends_with(module, "_bg.wasm") {
        command.args(pins::WASM_OPT_FIRST_FLAGS);
    }
    command.args(pins::WASM_OPT_FLAGS).arg(module).arg("-o").arg(&smaller);
    process::run_quietly(command.stdin(Stdio::null()))?;
    fs::rename(&smaller, module).map_err(|error| format!("{}: {error}", module.display()))
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

pub fn files_of(folder: &Path) -> Outcome<Vec<PathBuf>> {
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
        && PAGE.iter().chain(REST).all(|name| newest(&paths::root().join(name)) <= Some(built))
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

//! The tools that make the page: found in the right version, or installed.
//!
//! Invariant: a tool is used in exactly its pinned version. The registries of Rust and npm are the
//! only places anything comes from, unless somebody has installed cargo-binstall, which fetches what
//! the authors of a tool compiled.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::process::{self, cargo, duration, step};
use crate::{Outcome, packages, paths, pins, progress};

/// Where the tools of a build are.
#[derive(Debug)]
pub struct Tools {
    pub trunk: PathBuf,
    pub wasm_bindgen: PathBuf,
    /// Without it the page works and is larger.
    pub wasm_opt: Option<PathBuf>,
    /// Likewise.
    pub esbuild: Option<PathBuf>,
}

/// What is more important about a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speed {
    /// That it is there soon: a developer's.
    Quick,
    /// That it is small: the published one.
    Small,
}

/// Finds or installs everything that a build of the page needs, but for Rust's WebAssembly target.
pub fn ready(speed: Speed) -> Outcome<Tools> {
    let (trunk, wasm_bindgen) = (trunk()?, wasm_bindgen()?);
    let (wasm_opt, esbuild) = match speed {
        Speed::Quick => (None, None),
        Speed::Small => (from_npm(&wasm_opt_tool()), from_npm(&esbuild_tool())),
    };
    Ok(Tools { trunk, wasm_bindgen, wasm_opt, esbuild })
}

/// Whether [`ready`] has nothing to compile.
pub fn are_here(speed: Speed) -> bool {
    let of_npm = || [wasm_opt_tool(), esbuild_tool()].iter().all(|tool| tool.find().is_some());
    (speed == Speed::Quick || of_npm())
        && trunk_tool().find().is_some()
        && wasm_bindgen_tool().find().is_some()
}

/// Whether compiled tools can be fetched.
pub fn has_binstall() -> bool {
    paths::on_path("cargo-binstall").is_some()
}

impl Tools {
    /// A PATH on which trunk finds the right wasm-bindgen first.
    pub fn path(&self) -> Outcome<OsString> {
        let old = env::var_os("PATH").unwrap_or_default();
        let first = self.wasm_bindgen.parent().map(Path::to_owned);
        env::join_paths(first.into_iter().chain(env::split_paths(&old)))
            .map_err(|error| format!("the PATH cannot be extended: {error}"))
    }
}

/// What looks at the crates that are built in.
pub fn cargo_deny() -> Outcome<PathBuf> {
    from_crates(&cargo_deny_tool(), &["cargo-deny", "--locked"], "1 to 2 minutes on 2 cores")
}

/// What is known about one tool.
#[derive(Debug)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
    /// Below the tools' folder.
    place: String,
    /// What `--version` prints when it is the right one.
    says: String,
}

pub fn trunk_tool() -> Tool {
    Tool {
        name: "trunk",
        version: pins::TRUNK,
        place: format!("trunk-{0}/bin/trunk{1}", pins::TRUNK, env::consts::EXE_SUFFIX),
        says: format!("trunk {}", pins::TRUNK),
    }
}

pub fn wasm_bindgen_tool() -> Tool {
    let version = pins::WASM_BINDGEN;
    Tool {
        name: "wasm-bindgen",
        version,
        place: format!("wasm-bindgen-{version}/bin/wasm-bindgen{}", env::consts::EXE_SUFFIX),
        says: format!("wasm-bindgen {version}"),
    }
}

pub fn cargo_deny_tool() -> Tool {
    let version = pins::CARGO_DENY;
    Tool {
        name: "cargo-deny",
        version,
        place: format!("cargo-deny-{version}/bin/cargo-deny{}", env::consts::EXE_SUFFIX),
        says: format!("cargo-deny {version}"),
    }
}

pub fn wasm_opt_tool() -> Tool {
    let version = pins::BINARYEN;
    let major = version.split('.').next().unwrap_or(version);
    Tool {
        name: "wasm-opt",
        version,
        place: place_of_npm("binaryen", version, "wasm-opt"),
        says: format!("wasm-opt version {major}"),
    }
}

pub fn esbuild_tool() -> Tool {
    let version = pins::ESBUILD;
    Tool {
        name: "esbuild",
        version,
        place: place_of_npm("esbuild", version, "esbuild"),
        says: version.to_owned(),
    }
}

fn place_of_npm(package: &str, version: &str, program: &str) -> String {
    let ending = if cfg!(windows) { ".cmd" } else { "" };
    format!("{package}-{version}/node_modules/.bin/{program}{ending}")
}

impl Tool {
    /// The right version, on the PATH or among the tools.
    pub fn find(&self) -> Option<PathBuf> {
        let installed = paths::tools().ok().map(|tools| tools.join(&self.place));
        [paths::on_path(self.name), installed].into_iter().flatten().find(|file| self.fits(file))
    }

    fn fits(&self, file: &Path) -> bool {
        file.is_file()
            && process::output(file, &["--version"])
                .is_some_and(|said| version_fits(&said, &self.says))
    }
}

/// `trunk 0.21.1` must not pass for `trunk 0.21.14`.
fn version_fits(said: &str, expected: &str) -> bool {
    let first = said.lines().next().unwrap_or_default().trim();
    first.strip_prefix(expected).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '(']))
}

pub fn has_wasm_target() -> bool {
    let sysroot = process::output("rustc", &["--print", "sysroot"]);
    let folder = format!("lib/rustlib/{}/lib", pins::WASM_TARGET);
    sysroot.is_some_and(|root| Path::new(root.trim()).join(folder).is_dir())
}

/// Finds or installs what Rust needs to compile a page.
pub fn wasm_target() -> Outcome {
    if has_wasm_target() {
        return Ok(());
    }
    if paths::on_path("rustup").is_none() {
        return Err(format!(
            "Rust's target {} is missing and there is no rustup to add it; see https://rustup.rs",
            pins::WASM_TARGET
        ));
    }
    step("adding Rust's WebAssembly target (a few seconds)");
    let mut command = Command::new("rustup");
    command.args(["target", "add", pins::WASM_TARGET]).current_dir(paths::root());
    process::run(command.stdin(Stdio::null()))
}

fn trunk() -> Outcome<PathBuf> {
    let args = ["trunk", "--locked", "--no-default-features", "--features", "rustls"];
    from_crates(&trunk_tool(), &args, "4 to 7 minutes on 2 cores")
}

/// Without `--locked`: its lock file names a crate version that the registry does not have.
fn wasm_bindgen() -> Outcome<PathBuf> {
    let optimized = pins::OPTIMIZED_PARTS
        .iter()
        .map(|part| format!("--config=profile.release.package.{part}.opt-level=2"));
    let args: Vec<String> =
        [String::from("wasm-bindgen-cli")].into_iter().chain(optimized).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    from_crates(&wasm_bindgen_tool(), &args, "2 to 3 minutes on 2 cores")
}

fn from_crates(tool: &Tool, args: &[&str], usually: &str) -> Outcome<PathBuf> {
    if let Some(found) = tool.find() {
        return Ok(found);
    }
    let tools = paths::tools()?;
    let folder = tools.join(format!("{}-{}", tool.name, tool.version));
    if has_binstall() {
        fetch(tool, args[0], &folder);
        if let Some(found) = tool.find() {
            return Ok(found);
        }
    }
    let scratch = tools.join(format!("building-{}-{}", tool.name, std::process::id()));
    step(&format!(
        "installing {} {} into {} (once; usually {usually})",
        tool.name,
        tool.version,
        folder.display()
    ));
    let started = Instant::now();
    let mut command = cargo();
    command.args(["install", "--version", tool.version]).args(args);
    command.arg("--root").arg(&folder).arg("--target-dir").arg(&scratch);
    command.envs(pins::QUICK_TOOL_BUILD.iter().copied()).env_remove("RUSTFLAGS");
    let installed = progress::run(command.current_dir(env::temp_dir()), tool.name);
    // What is left over is only in the way; that it cannot be removed is no failure.
    let _ = fs::remove_dir_all(&scratch);
    installed?;
    println!("    {} installed in {}", tool.name, duration(started.elapsed()));
    tool.find().ok_or_else(|| format!("{} was installed but does not run", tool.name))
}

/// Has cargo-binstall fetch a tool; where it finds none, the tool is compiled.
fn fetch(tool: &Tool, package: &str, folder: &Path) {
    step(&format!("fetching {} {} with cargo-binstall", tool.name, tool.version));
    let mut command = Command::new("cargo-binstall");
    command.args(["--no-confirm", "--disable-strategies", "compile", "--version", tool.version]);
    command.arg("--root").arg(folder).arg(package).current_dir(env::temp_dir());
    if let Err(why) = process::run_quietly(command.stdin(Stdio::null())) {
        println!("    {why}; it is compiled instead");
    }
}

/// Finds or installs a tool without which the page works and is larger.
fn from_npm(tool: &Tool) -> Option<PathBuf> {
    if let Some(found) = tool.find() {
        return Some(found);
    }
    match install_from_npm(tool) {
        Ok(found) => Some(found),
        Err(why) => {
            println!("    no {} {}: {why}", tool.name, tool.version);
            println!("    the page is built without it: it works and is larger");
            None
        }
    }
}

fn install_from_npm(tool: &Tool) -> Outcome<PathBuf> {
    let (folder, _) = tool.place.split_once('/').ok_or("its folder is unknown")?;
    let (package, _) = folder.rsplit_once('-').ok_or("its package is unknown")?;
    npm_install(package, tool.version)?;
    tool.find().ok_or_else(|| "it was installed but does not run".to_owned())
}

/// Installs a package of npm, and returns the folder it is in, as `node_modules/PACKAGE`.
fn npm_install(package: &str, version: &str) -> Outcome<PathBuf> {
    if paths::on_path("npm").is_none() && env::var_os("CI").is_some() && packages::can_install() {
        packages::install(&["nodejs", "npm"])?;
    }
    let npm = paths::on_path("npm").ok_or("it comes from npm, and npm is not installed")?;
    let folder = paths::tools()?.join(format!("{package}-{version}"));
    step(&format!("installing {package} {version} from npm (usually 20 seconds)"));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut command = Command::new(npm);
    command.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
    command.arg("--prefix").arg(&folder).arg(format!("{package}@{version}"));
    process::run(command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null()))?;
    Ok(folder)
}

/// Finds or installs axe-core, and puts its script where the browser scenarios look for it.
pub fn axe() -> Outcome<PathBuf> {
    let script = "node_modules/axe-core/axe.min.js";
    let here = paths::tools()?.join(format!("axe-core-{}", pins::AXE)).join(script);
    if !here.is_file() {
        npm_install("axe-core", pins::AXE).map_err(|why| format!("no axe-core: {why}"))?;
    }
    let copy = paths::scratch().join("axe.min.js");
    fs::create_dir_all(paths::scratch())
        .and_then(|()| fs::copy(&here, &copy))
        .map_err(|error| format!("{}: {error}", copy.display()))?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &str, expected: &str, fits: bool) {
        assert_eq!(version_fits(said, expected), fits, "{said}");
    }

    #[test]
    fn a_version_is_the_whole_version() {
        check("trunk 0.21.14\n", "trunk 0.21.14", true);
        check("trunk 0.21.1", "trunk 0.21.14", false);
        check("trunk 0.21.140", "trunk 0.21.14", false);
        check("wasm-opt version 132 (version_132)", "wasm-opt version 132", true);
        check("wasm-opt version 108", "wasm-opt version 132", false);
        check("", "trunk 0.21.14", false);
    }
}

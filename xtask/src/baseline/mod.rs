//! The baseline of `bench start`: a bare Leptos page, generated, and built as the page is, but as
//! one module.
//!
//! Invariant: it is built again only when a generated file, a flag or a version of a tool changes.

mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::process::{self, cargo, duration, step};
use crate::tools::{self, Speed, Tools};
use crate::{Outcome, build, paths, pins};

/// Returns the folder of the built page.
pub fn dist() -> PathBuf {
    folder().join("dist")
}

fn folder() -> PathBuf {
    paths::scratch().join(sources::NAME)
}

/// Builds the baseline unless it is up to date. The programs must have been built before.
///
/// # Errors
/// A sentence about the file or the tool that is missing or failed.
pub fn build() -> Outcome {
    tools::wasm_target()?;
    let tools = tools::ready(Speed::Small)?;
    let folder = folder();
    let files = sources::all(&build::read_text(&paths::root().join("Cargo.toml"))?)?;
    for (name, text) in &files {
        write_if_changed(&folder.join(name), text)?;
    }
    let key = key(&tools, &files, &lock(&folder)?)?;
    let mark = folder.join("built");
    let is_built = dist().join("index.html").is_file();
    if is_built && fs::read_to_string(&mark).is_ok_and(|built| built == key) {
        step("the baseline page is up to date");
        return Ok(());
    }
    // A build that stops half-way must not look finished.
    let _ = fs::remove_file(&mark);
    make(&tools, &folder)?;
    build::write(&mark, &key)
}

fn write_if_changed(path: &Path, text: &str) -> Outcome {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    build::write(path, text)
}

/// Returns the baseline's `Cargo.lock`: the workspace's versions, without the crates that the
/// baseline does not use. Fetches the crates.
fn lock(folder: &Path) -> Outcome<String> {
    let lock = folder.join("Cargo.lock");
    build::write(&lock, &build::read_text(&paths::root().join("Cargo.lock"))?)?;
    let mut command = cargo();
    command.args(["fetch", "--quiet", "--target", pins::WASM_TARGET, "--manifest-path"]);
    process::run(command.arg(folder.join("Cargo.toml")))?;
    build::read_text(&lock)
}

/// Returns a hash of everything that the built files follow from.
fn key(tools: &Tools, files: &[(&str, String)], lock: &str) -> Outcome<String> {
    let rustc = process::output("rustc", &["-vV"]).ok_or("rustc does not run")?;
    let wasm_opt = tools.wasm_opt.as_ref().map(|_| pins::BINARYEN).unwrap_or_default();
    let esbuild = tools.esbuild.as_ref().map(|_| pins::ESBUILD).unwrap_or_default();
    let mut parts = vec![lock.to_owned(), rustc, build::flags(false)?];
    parts.extend(files.iter().map(|(_, text)| text.clone()));
    parts.extend(
        [wasm_opt, esbuild, pins::TRUNK]
            .into_iter()
            .chain(pins::WASM_OPT_FLAGS.to_vec())
            .map(Into::into),
    );
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    Ok(format!("{:016x}\n", build::hash(&parts)))
}

fn make(tools: &Tools, folder: &Path) -> Outcome {
    step("building the baseline page (once; usually 2 minutes on 2 cores)");
    let clock = Instant::now();
    let dist = dist();
    let _ = fs::remove_dir_all(&dist);
    let mut command = build::trunk(tools)?;
    command.args(["--log", "error", "build", "--release"]).current_dir(folder);
    command.env("CARGO_TARGET_DIR", paths::target());
    process::run(command.env("CARGO_ENCODED_RUSTFLAGS", build::flags(false)?))?;
    build::shrink_modules(tools, &dist)?;
    build::minify_scripts(tools, &dist)?;
    build::compress(&dist)?;
    println!("    built in {}", duration(clock.elapsed()));
    Ok(())
}

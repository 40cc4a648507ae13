//! Where things are: the project, what it builds, the tools of this account.
//!
//! Invariant: every path is absolute.

use std::env;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The project's own folder.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// The built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Logs and marks of these commands.
pub fn scratch() -> PathBuf {
    target().join("xtask")
}

/// A program of the workspace in its release build.
pub fn program(name: &str) -> PathBuf {
    target().join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// A program of the workspace, built without optimization.
pub fn debug_program(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The folder for installed tools: the same for every clone.
///
/// # Errors
/// When the account has no home.
pub fn tools() -> Outcome<PathBuf> {
    if let Some(dir) = env::var_os("PILOTLIGHT_TOOLS").filter(|dir| !dir.is_empty()) {
        return Ok(root().join(dir));
    }
    let base = if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        let cache = env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty());
        cache.map(PathBuf::from).or_else(|| home().map(|home| home.join(".cache")))
    };
    base.map(|base| base.join("pilotlight"))
        .ok_or_else(|| "there is no home folder for tools; set PILOTLIGHT_TOOLS".to_owned())
}

fn home() -> Option<PathBuf> {
    env::var_os("HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

/// Finds a program on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ""] } else { &[""] };
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|dir| endings.iter().map(move |ending| dir.join(format!("{name}{ending}"))))
        .find(|file| file.is_file())
}

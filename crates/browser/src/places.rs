//! Where the page, the programs and the browser are.
//!
//! Invariant: `cargo xtask test` names all of them; without it the places it uses are tried, and
//! what is missing is said in a sentence.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::trouble::{Outcome, Trouble};

/// The built page.
pub fn dist() -> Outcome<PathBuf> {
    let dist = named("PILOTLIGHT_DIST").unwrap_or_else(|| root().join("dist"));
    there(&dist.join("index.html"), "cargo xtask build")?;
    Ok(dist)
}

/// The baseline page that `bench start` compares the page with.
pub fn baseline() -> Outcome<PathBuf> {
    let dist = named("PILOTLIGHT_BASELINE")
        .unwrap_or_else(|| target().join("xtask").join("baseline").join("dist"));
    there(&dist.join("index.html"), "cargo xtask bench start")?;
    Ok(dist)
}

/// The relay.
pub fn relay() -> Outcome<PathBuf> {
    program("PILOTLIGHT_RELAY", "pilotlight-relay")
}

/// The emulator.
pub fn emulator() -> Outcome<PathBuf> {
    program("PILOTLIGHT_EMULATOR", "pilotlight-emulator")
}

/// Chromium.
pub fn chromium() -> Outcome<PathBuf> {
    browser("PILOTLIGHT_CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])
}

/// The driver that belongs to it.
pub fn chromedriver() -> Outcome<PathBuf> {
    browser("PILOTLIGHT_CHROMEDRIVER", &["chromedriver"])
}

/// The script of axe-core, which finds what a screen reader or a keyboard cannot use.
pub fn axe() -> Outcome<PathBuf> {
    let script =
        named("PILOTLIGHT_AXE").unwrap_or_else(|| target().join("xtask").join("axe.min.js"));
    there(&script, "cargo xtask test axe")?;
    Ok(script)
}

/// The project's own folder.
pub fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.ancestors().nth(2).unwrap_or(crate_folder).to_owned()
}

/// Where cargo put this program: `TARGET/release/deps/…` or `TARGET/release/…`.
pub fn target() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let release = program.ancestors().find(|folder| folder.join(".cargo-lock").is_file());
    release.and_then(Path::parent).map_or_else(|| root().join("target"), Path::to_owned)
}

/// A new empty folder that goes with its value.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes one.
    pub fn new() -> Outcome<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("pilotlight-browser-{}-{number}", std::process::id());
        let folder = env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A copy of a folder in it.
    pub fn copy(&self, name: &str, from: &Path) -> Outcome<PathBuf> {
        let to = self.0.join(name);
        copy(from, &to).map_err(|error| format!("{}: {error}", from.display()))?;
        Ok(to)
    }

    /// Writes a file in it, and the folders of its name.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Outcome<PathBuf> {
        let path = self.0.join(name);
        let folder = path.parent().unwrap_or(&self.0);
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        std::fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A browser that is just ending may still write its profile.
        for _ in 0..10 {
            if std::fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            std::fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn there(file: &Path, cure: &str) -> Outcome {
    if file.is_file() {
        return Ok(());
    }
    Err(Trouble::new(format!("{} is not there; `{cure}` makes it", file.display())))
}

fn program(variable: &str, name: &str) -> Outcome<PathBuf> {
    let file = named(variable).unwrap_or_else(|| {
        target().join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    });
    there(&file, "cargo xtask build")?;
    Ok(file)
}

fn browser(variable: &str, names: &[&str]) -> Outcome<PathBuf> {
    let folders: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let on_path = || {
        let files = names.iter().flat_map(|name| folders.iter().map(move |dir| dir.join(name)));
        files.into_iter().find(|file| file.is_file())
    };
    named(variable).or_else(on_path).ok_or_else(|| {
        Trouble::new(format!("{} is not there; name it in {variable}", names.join(" or ")))
    })
}

//! Where the programs under test are.
//!
//! Invariant: what is not there is said in a sentence that names its remedy, never left out.

use std::env;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The project's own folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

pub fn nginx() -> Outcome<PathBuf> {
    let known = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"];
    find("PILOTLIGHT_NGINX", "nginx", &known)
}

pub fn caddy() -> Outcome<PathBuf> {
    find("PILOTLIGHT_CADDY", "caddy", &[])
}

pub fn relay() -> Outcome<PathBuf> {
    built("PILOTLIGHT_RELAY", "pilotlight-relay")
}

pub fn emulator() -> Outcome<PathBuf> {
    built("PILOTLIGHT_EMULATOR", "pilotlight-emulator")
}

/// The relay's roots and nginx's are those of the system.
pub fn certificates() -> PathBuf {
    let known = ["/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"];
    known.iter().map(PathBuf::from).find(|path| path.is_file()).unwrap_or_else(|| known[0].into())
}

fn built(variable: &str, name: &str) -> Outcome<PathBuf> {
    let program = format!("{name}{}", env::consts::EXE_SUFFIX);
    // Beside the tests themselves, where a release build of the workspace puts it.
    let beside =
        env::current_exe().ok().and_then(|test| Some(test.ancestors().nth(2)?.join(program)));
    let beside = beside.map(|path| path.display().to_string()).unwrap_or_default();
    find(variable, name, &[&beside])
}

fn find(variable: &str, name: &str, known: &[&str]) -> Outcome<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|folder| folder.join(name));
    let candidates = named.into_iter().chain(known.iter().map(PathBuf::from)).chain(on_path);
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        format!("{name} is not there; `cargo xtask test` gets it, or {variable} names it")
    })
}

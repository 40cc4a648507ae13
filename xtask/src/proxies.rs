//! nginx and Caddy, which the configurations in `deploy/` are tried with.
//!
//! Invariant: nothing is installed into the system, so that no service of it is ever started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{self, step};
use crate::{Outcome, packages, paths, pins, python};

/// The programs that the tests start.
#[derive(Debug)]
pub struct Proxies {
    pub nginx: PathBuf,
    pub caddy: PathBuf,
}

/// Finds both, or fetches what is missing.
pub fn ready() -> Outcome<Proxies> {
    Ok(Proxies { nginx: nginx()?, caddy: caddy()? })
}

/// One that is new enough: named, of this account, or of the system.
pub fn find_nginx() -> Option<PathBuf> {
    let own = unpacked().ok();
    let system = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].map(PathBuf::from);
    let places = packages::named("PILOTLIGHT_NGINX").into_iter().chain(own);
    let mut places = places.chain(paths::on_path("nginx")).chain(system);
    places.find(|path| path.is_file() && nginx_version(path).is_some_and(is_new_enough))
}

/// What `nginx -v` says on its standard error, such as `1.22.1`.
pub fn nginx_version(program: &Path) -> Option<(String, [u32; 2])> {
    let said = Command::new(program).arg("-v").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    let version = text.trim().split_once("nginx/")?.1.split(' ').next()?.to_owned();
    let mut parts = version.split('.').map(str::parse);
    let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else {
        return None;
    };
    Some((version, [major, minor]))
}

fn is_new_enough((_, version): (String, [u32; 2])) -> bool {
    version >= pins::NGINX
}

pub fn find_caddy() -> Option<PathBuf> {
    let own = python::environment_of(&requirements()).ok().map(|python| beside(&python));
    let mut places = packages::named("PILOTLIGHT_CADDY").into_iter().chain(own);
    places.find(|path| path.is_file())
}

fn requirements() -> PathBuf {
    paths::root().join("deploy/caddy/requirements.txt")
}

fn caddy() -> Outcome<PathBuf> {
    if let Some(caddy) = find_caddy() {
        return Ok(caddy);
    }
    let caddy = beside(&python::environment(&requirements())?);
    if caddy.is_file() { Ok(caddy) } else { Err(format!("{} is not there", caddy.display())) }
}

fn beside(python: &Path) -> PathBuf {
    python.with_file_name(format!("caddy{}", std::env::consts::EXE_SUFFIX))
}

fn nginx() -> Outcome<PathBuf> {
    if let Some(nginx) = find_nginx() {
        return Ok(nginx);
    }
    let tried = unpack();
    find_nginx().ok_or_else(|| {
        let why = tried.err().map(|why| format!(" ({why})")).unwrap_or_default();
        format!(
            "the proxy tests need nginx 1.22 or later, and it is not there{why}.\n  \
             Debian, Ubuntu: sudo apt-get install nginx\n  \
             macOS: brew install nginx\n  \
             else: put `nginx` on the PATH, or name it in PILOTLIGHT_NGINX"
        )
    })
}

/// Unpacks Debian's package beside the other tools. Installing it would start a service.
fn unpack() -> Outcome {
    if paths::on_path("apt-get").is_none() || paths::on_path("dpkg-deb").is_none() {
        return Err("there is no apt-get".to_owned());
    }
    let folder = paths::tools()?.join("nginx");
    step("fetching Debian's nginx (some seconds; unpacked, not installed)");
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(wrong)?;
    let download = || {
        let mut command = Command::new("apt-get");
        command.args(["download", "-q", "nginx"]).current_dir(&folder);
        process::run_quietly(command.stdin(Stdio::null()))
    };
    // The usual reason is a list of packages that is missing or outdated.
    if download().is_err() {
        if packages::can_install() {
            packages::update()?;
        }
        download()?;
    }
    let files = fs::read_dir(&folder).map_err(wrong)?.flatten().map(|entry| entry.path());
    for package in files.filter(|path| path.extension().is_some_and(|ending| ending == "deb")) {
        let mut command = Command::new("dpkg-deb");
        process::run(command.arg("-x").arg(&package).arg(&folder).stdin(Stdio::null()))?;
    }
    Ok(())
}

fn unpacked() -> Outcome<PathBuf> {
    Ok(paths::tools()?.join("nginx/usr/sbin/nginx"))
}

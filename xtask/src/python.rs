//! The tests of `deploy/` that are written in Python, in environments of their own.
//!
//! Invariant: nothing is installed into the system's Python; the versions are those that the
//! `requirements.txt` beside them pins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{self, Listen, step};
use crate::summary::{self, Count};
use crate::{Outcome, build, packages, paths};

/// Marks an environment into which everything was installed.
const COMPLETE: &str = "complete";

/// Runs every `test_*.py` of the deployments.
pub fn test(filter: Option<&str>) -> (Outcome, Count) {
    let mut folders = Vec::new();
    collect(&paths::root().join("deploy"), &mut folders);
    if folders.is_empty() {
        return (Err("there is no test_*.py below deploy/".to_owned()), Count::default());
    }
    let mut total = Count::default();
    let mut outcome = Ok(());
    for folder in folders {
        let python = match environment(&folder.join("requirements.txt")) {
            Ok(python) => python,
            Err(why) => return (Err(why), total),
        };
        let mut command = Command::new(&python);
        // Said of each test, and so why one was skipped.
        command.args(["-m", "unittest", "discover", "-v", "-p", "test_*.py", "-s"]).arg(&folder);
        if let Some(filter) = filter {
            command.args(["-k", filter]);
        }
        command.current_dir(paths::root()).env("PYTHONDONTWRITEBYTECODE", "1");
        let (verdict, output) = process::run_and_read(command.stdin(Stdio::null()), Listen::Stderr);
        let count = summary::count_python(&output);
        total.passed += count.passed;
        total.failed += count.failed;
        total.skipped += count.skipped;
        // Python ends with 5 when a filter leaves nothing to run.
        let is_empty = filter.is_some() && count == Count::default() && output.contains("Ran 0 ");
        if let (Err(why), false) = (verdict, is_empty) {
            outcome = Err(why);
        }
    }
    (outcome, total)
}

/// The Python of an environment that holds what a file asks for, made when it is not there.
pub fn environment(requirements: &Path) -> Outcome<PathBuf> {
    let (folder, python) = place(requirements)?;
    let mark = folder.join(COMPLETE);
    if mark.is_file() && process::output(&python, &["--version"]).is_some() {
        return Ok(python);
    }
    let system = system_python()?;
    let list = requirements.strip_prefix(paths::root()).unwrap_or(requirements).display();
    step(&format!("installing what {list} names from PyPI (usually 20 seconds)"));
    let mut command = Command::new(&system);
    command.args(["-m", "venv", "--clear"]).arg(&folder).stdin(Stdio::null());
    if process::run(&mut command).is_err() {
        if !packages::can_install() {
            return Err("Python cannot make an environment; on Debian and Ubuntu: \
                        sudo apt-get install python3-venv"
                .to_owned());
        }
        packages::install(&["python3-venv"])?;
        process::run(&mut command)?;
    }
    let mut command = Command::new(&python);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    process::run(command.arg(requirements).stdin(Stdio::null()))?;
    fs::write(&mark, "").map_err(|error| format!("{}: {error}", mark.display()))?;
    Ok(python)
}

/// The same, only if it was made before.
pub fn environment_of(requirements: &Path) -> Outcome<PathBuf> {
    let (folder, python) = place(requirements)?;
    if folder.join(COMPLETE).is_file() { Ok(python) } else { Err("not made yet".to_owned()) }
}

fn place(requirements: &Path) -> Outcome<(PathBuf, PathBuf)> {
    let wanted = fs::read(requirements).map_err(|e| format!("{}: {e}", requirements.display()))?;
    let folder = paths::tools()?.join(format!("python-{:016x}", build::hash(&[&wanted])));
    let python = python_of(&folder);
    Ok((folder, python))
}

fn system_python() -> Outcome<PathBuf> {
    let find = || ["python3", "python"].iter().find_map(|name| paths::on_path(name));
    if let Some(python) = find() {
        return Ok(python);
    }
    if packages::can_install() {
        packages::install(&["python3", "python3-venv"])?;
    }
    find().ok_or_else(|| "the tests of deploy/ need python3, and it is not there".to_owned())
}

fn python_of(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// Every folder that holds a test.
fn collect(folder: &Path, folders: &mut Vec<PathBuf>) {
    let paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    let is_test = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("test_") && name.ends_with(".py")
    };
    if paths.iter().any(is_test) {
        folders.push(folder.to_owned());
    }
    for path in paths.iter().filter(|path| path.is_dir()) {
        collect(path, folders);
    }
}

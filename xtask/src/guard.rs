//! Programs that start programs of their own, such as trunk, which starts cargo, which starts
//! rustc: they end together.
//!
//! Invariant: what a [`Guarded`] program started has ended when its value is dropped, and soon after
//! this program was killed, as the guard then reads the end of its standard input.

use std::env;
use std::io;
use std::path::PathBuf;
use std::process::{self, Child, Command, ExitCode, Stdio};
use std::sync::OnceLock;
use std::thread;

use crate::Outcome;

/// The command of xtask that a guard is; nobody types it.
pub const COMMAND: &str = "guard";

/// A program behind a guard.
pub struct Guarded {
    guard: Child,
}

impl Guarded {
    /// Starts a program; its standard input is empty, what it writes goes where this writes.
    ///
    /// # Errors
    /// When the guard cannot be started. A program that cannot be started ends with a failure.
    pub fn start(program: &Command) -> Outcome<Self> {
        let guard = behind(program)?.spawn();
        guard.map(|guard| Self { guard }).map_err(|error| format!("no guard starts: {error}"))
    }

    /// Whether the program has ended, and if so whether it succeeded.
    pub fn ended(&mut self) -> Option<bool> {
        let status = self.guard.try_wait().ok()??;
        Some(status.success())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // The closed pipe is what tells the guard.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// The command of a guard that runs a program. The program ends when the standard input of the guard
/// closes, which is a pipe.
///
/// # Errors
/// When this program does not know where it is.
pub fn behind(program: &Command) -> Outcome<Command> {
    let mut command = Command::new(own_path()?);
    command.arg(COMMAND).arg(program.get_program()).args(program.get_args());
    for (key, value) in program.get_envs() {
        match value {
            Some(value) => command.env(key, value),
            None => command.env_remove(key),
        };
    }
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    in_a_group(&mut command);
    command.stdin(Stdio::piped());
    Ok(command)
}

/// Asked for once: a path of a program that was built anew meanwhile is not found later.
fn own_path() -> Outcome<PathBuf> {
    static PATH: OnceLock<Option<PathBuf>> = OnceLock::new();
    let path = PATH.get_or_init(|| env::current_exe().ok());
    path.clone().ok_or_else(|| "this program does not know where it is".to_owned())
}

/// Runs a program to its end, and ends it with all it started when standard input closes.
pub fn run(args: &[String]) -> ExitCode {
    let Some((program, args)) = args.split_first() else { return ExitCode::FAILURE };
    let mut child = match Command::new(program).args(args).stdin(Stdio::null()).spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("{program} does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let id = child.id();
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        end(id);
        process::exit(1);
    });
    match child.wait() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) | Err(_) => ExitCode::FAILURE,
    }
}

/// The group of the guard holds its program and all that was started by it.
#[cfg(unix)]
fn in_a_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn in_a_group(_: &mut Command) {}

/// Ends the group of this process, itself included.
#[cfg(unix)]
fn end(_: u32) {
    let group = format!("-{}", process::id());
    let _ = Command::new("kill").args(["-TERM", "--", &group]).stdin(Stdio::null()).status();
}

#[cfg(not(unix))]
fn end(program: u32) {
    let id = program.to_string();
    let _ = Command::new("taskkill").args(["/F", "/T", "/PID", &id]).stdin(Stdio::null()).status();
}

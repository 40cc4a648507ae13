//! Other programs: run to their end, listened to, or kept running while something is served.
//!
//! Invariant: a [`Running`] program is ended by its own id when its value is dropped, and by its
//! closed standard input when this program is killed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// How long a server may take until it says where it listens.
const START_TIME: Duration = Duration::from_secs(20);

/// Runs a program whose output a person sees.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    finished(command, status)
}

/// Runs a program whose output a person sees only when it fails.
pub fn run_quietly(command: &mut Command) -> Outcome {
    let output = command.output().map_err(|error| cannot_start(command, &error))?;
    let finished = finished(command, output.status);
    if finished.is_err() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    finished
}

/// Runs a program for its output; `None` when it is not there or fails.
pub fn output(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    let output = command.args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Which of a program's two outputs is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    Stdout,
    Stderr,
}

/// Runs a program, shows what it writes and returns it with the verdict.
pub fn run_and_read(command: &mut Command, listen: Listen) -> (Outcome, String) {
    let command = match listen {
        Listen::Stdout => command.stdout(Stdio::piped()),
        Listen::Stderr => command.stderr(Stdio::piped()),
    };
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return (Err(cannot_start(command, &error)), String::new()),
    };
    let pipe: Option<Box<dyn Read>> = match listen {
        Listen::Stdout => child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read>),
        Listen::Stderr => child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read>),
    };
    let text = pipe.map(echo).unwrap_or_default();
    let verdict = match child.wait() {
        Ok(status) => finished(command, status),
        Err(error) => Err(error.to_string()),
    };
    (verdict, text)
}

fn echo(pipe: Box<dyn Read>) -> String {
    let mut text = String::new();
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let words = String::from_utf8_lossy(&line);
        print!("{words}");
        text.push_str(&words);
        line.clear();
    }
    // Somebody who reads this through a pipe wants it now; a closed one is no reason to stop.
    let _ = io::stdout().flush();
    text
}

/// The verdict on a program that ended.
pub fn finished(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    Err(format!("{} failed ({status})", name(command)))
}

fn cannot_start(command: &Command, error: &io::Error) -> String {
    format!("{} does not start: {error}", name(command))
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program()).to_string_lossy();
    let args: Vec<_> = command.get_args().take(2).map(OsStr::to_string_lossy).collect();
    format!("`{program} {}`", args.join(" "))
}

/// A server that was started here and ends here.
pub struct Running {
    child: Child,
    name: &'static str,
    log: PathBuf,
    /// Where it listens, such as `http://127.0.0.1:8080`.
    pub address: String,
}

impl Running {
    /// Starts a server that says `… listening on ADDRESS` first; all it writes goes into a log.
    pub fn start(command: &mut Command, name: &'static str, folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let errors = file.try_clone().map_err(|error| error.to_string())?;
        let child = command
            .stdin(Stdio::piped())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .map_err(|error| cannot_start(command, &error))?;
        let mut running = Self { child, name, log, address: String::new() };
        running.address = running.wait_for_address()?;
        Ok(running)
    }

    fn wait_for_address(&mut self) -> Outcome<String> {
        let deadline = Instant::now() + START_TIME;
        while Instant::now() < deadline {
            let text = fs::read_to_string(&self.log).unwrap_or_default();
            let said = text.lines().find_map(|line| line.split_once(" listening on "));
            if let (Some((_, address)), true) = (said, text.contains('\n')) {
                return Ok(address.trim().to_owned());
            }
            if let Some(sentence) = self.ended() {
                return Err(sentence);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("the {} does not say where it listens:\n{}", self.name, self.last_words()))
    }

    /// A sentence when the program is no longer there.
    pub fn ended(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok()??;
        Some(format!("the {} ended ({status}):\n{}", self.name, self.last_words()))
    }

    fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says what is about to happen.
pub fn step(words: &str) {
    println!("==> {words}");
    let _ = io::stdout().flush();
}

/// `12 s` or `3 min 05 s`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, _) => format!("{:.1} s", time.as_secs_f64()),
        (minutes, seconds) => format!("{minutes} min {seconds:02} s"),
    }
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::paths::root()).stdin(Stdio::null());
    without_own_variables(&mut command);
    command
}

/// Takes away what `cargo run` sets for xtask itself: inherited it would make cargo rebuild things.
pub fn without_own_variables(command: &mut Command) {
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&key);
        }
    }
}

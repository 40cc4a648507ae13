//! Programs that run as long as a value lives.
//!
//! Invariant: each is ended by its own id when its value goes, on a panic too; those that listen to
//! their standard input end with this program even when it is killed.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::trouble::{Outcome, Trouble};

const START_TIME: Duration = Duration::from_secs(20);

/// A program that was started here.
#[derive(Debug)]
pub struct Program {
    child: Child,
    words: Arc<Mutex<Vec<String>>>,
    _stdin: Option<ChildStdin>,
}

impl Program {
    /// Starts a program and waits until it has said a line in which `find` finds what it seeks.
    pub fn start<T>(
        path: &Path,
        args: impl IntoIterator<Item = impl AsRef<OsStr>>,
        find: impl Fn(&str) -> Option<T>,
    ) -> Outcome<(Self, T)> {
        let mut command = Command::new(path);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().map_err(|e| format!("{} does not start: {e}", path.display()))?;
        let words = Arc::new(Mutex::new(Vec::new()));
        if let Some(out) = child.stdout.take() {
            listen(out, &words);
        }
        if let Some(errors) = child.stderr.take() {
            listen(errors, &words);
        }
        let stdin = child.stdin.take();
        let mut program = Self { child, words, _stdin: stdin };
        let deadline = Instant::now() + START_TIME;
        while Instant::now() < deadline {
            if let Some(found) = program.words().iter().find_map(|line| find(line)) {
                return Ok((program, found));
            }
            if let Ok(Some(status)) = program.child.try_wait() {
                let said = program.words().join("\n");
                return Err(Trouble::new(format!("{} ended ({status}): {said}", path.display())));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(Trouble::new(format!("{} does not get ready", path.display())))
    }

    /// Everything it has said so far, line by line.
    pub fn words(&self) -> Vec<String> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// For [`Program::start`]: the address behind `listening on`.
pub fn address(line: &str) -> Option<String> {
    line.split_once(" listening on ").map(|(_, address)| address.trim().to_owned())
}

fn listen(pipe: impl Read + Send + 'static, words: &Arc<Mutex<Vec<String>>>) {
    let words = words.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            words.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    });
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

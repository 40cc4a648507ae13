//! The pretend cloud of the project, behind a proxy as the real one would be.
//!
//! Invariant: it ends when this program does, however that ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::{Outcome, places};

/// A running emulator.
#[derive(Debug)]
pub struct Cloud {
    /// As in `PILOTLIGHT_UPSTREAM_HOST`.
    pub host: String,
    child: Child,
}

impl Cloud {
    /// Starts one; `settings` as in its `--help`.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(scenario: &str, settings: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(places::emulator()?);
        command.args(["--listen", "127.0.0.1:0", "--until-stdin-closes", "--scenario", scenario]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("the emulator: {error}"))?;
        let out = child.stdout.take().ok_or("the emulator has no output")?;
        let mut cloud = Self { host: String::new(), child };
        let mut line = String::new();
        let mut lines = BufReader::new(out);
        lines.read_line(&mut line).map_err(|error| error.to_string())?;
        let host = line.trim().split_once(" listening on http://").map(|(_, host)| host.to_owned());
        cloud.host = host.ok_or_else(|| format!("the emulator says {line:?}"))?;
        // What it says later is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.lines().for_each(drop));
        Ok(cloud)
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

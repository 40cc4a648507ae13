//! What serves the page: the project's own relay.
//!
//! Invariant: in front of nothing it serves files only, as any web server would.

use std::path::PathBuf;

use crate::places;
use crate::program::{self, Program};
use crate::trouble::Outcome;

/// A running relay.
#[derive(Debug)]
pub struct Server {
    /// `None` once it was stopped.
    program: Option<Program>,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
}

impl Server {
    /// Serves the page in `dist` in front of `upstream`. `config`: a file in the place of
    /// `config.json`.
    pub fn start(upstream: &str, dist: PathBuf, config: Option<PathBuf>) -> Outcome<Self> {
        let mut args: Vec<std::ffi::OsString> =
            ["--listen", "127.0.0.1:0", "--until-stdin-closes", "--upstream", upstream, "--dist"]
                .map(Into::into)
                .to_vec();
        args.push(dist.into());
        if let Some(config) = config {
            args.extend(["--config".into(), config.into()]);
        }
        let (program, address) = Program::start(&places::relay()?, args, program::address)?;
        Ok(Self { program: Some(program), address })
    }

    /// The same place under another name: to a browser it is another site.
    pub fn as_localhost(&self) -> String {
        self.address.replace("127.0.0.1", "localhost")
    }

    /// What it wrote on its outputs.
    pub fn words(&self) -> Vec<String> {
        self.program.as_ref().map(Program::words).unwrap_or_default()
    }

    /// Ends it: from now on there is nothing at its address.
    pub fn stop(&mut self) {
        self.program = None;
    }
}

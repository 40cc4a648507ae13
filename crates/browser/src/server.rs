//! What serves the page: the project's own relay, or a server of files that knows nothing of it.
//!
//! Invariant: in front of nothing the relay serves files only, as any web server would.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::places;
use crate::program::{self, Program};
use crate::trouble::Outcome;

/// Ends with its standard input.
const OF_FILES: &str = "\
import functools, http.server, sys, threading
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
print('files listening on http://127.0.0.1:%d' % server.server_port)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
";

/// A running server.
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
        Self::start_as(None, upstream, dist, config)
    }

    /// The same for a page that is opened under a host name.
    pub fn start_as(
        host: Option<&str>,
        upstream: &str,
        dist: PathBuf,
        config: Option<PathBuf>,
    ) -> Outcome<Self> {
        let mut args: Vec<std::ffi::OsString> =
            ["--listen", "127.0.0.1:0", "--until-stdin-closes", "--upstream", upstream, "--dist"]
                .map(Into::into)
                .to_vec();
        args.push(dist.into());
        if let Some(config) = config {
            args.extend(["--config".into(), config.into()]);
        }
        if let Some(host) = host {
            args.extend(["--host".into(), host.into()]);
        }
        let (program, address) = Program::start(&places::relay()?, args, program::address)?;
        Ok(Self { program: Some(program), address })
    }

    /// The relay for a page that is elsewhere, at `origin`.
    pub fn for_page_at(origin: &str, upstream: &str) -> Outcome<Self> {
        let dist = places::dist()?;
        let args = ["--listen", "127.0.0.1:0", "--until-stdin-closes", "--upstream", upstream];
        let args = args.into_iter().chain(["--allow-origin", origin, "--dist"]).map(OsStr::new);
        let args = args.chain([dist.as_os_str()]);
        let (program, address) = Program::start(&places::relay()?, args, program::address)?;
        Ok(Self { program: Some(program), address })
    }

    /// Python's own server of files: no headers but types, nothing packed, no route of its own.
    pub fn of_files(folder: &Path) -> Outcome<Self> {
        let args = ["-u".as_ref(), "-c".as_ref(), OF_FILES.as_ref(), folder.as_os_str()];
        let (program, address) = Program::start(Path::new("python3"), args, program::address)?;
        Ok(Self { program: Some(program), address })
    }

    /// The same place under another name: to a browser it is another site.
    pub fn as_localhost(&self) -> String {
        self.address.replace("127.0.0.1", "localhost")
    }

    /// The same place under a name that only the browser of a stage with a name knows.
    pub fn named(&self, name: &str) -> String {
        self.address.replace("127.0.0.1", name)
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

//! The emulator and the relay, started for a person: what `serve` and `dev` have in common.
//!
//! Invariant: whatever was started here ends when its [`Servers`] is dropped or this program is
//! killed.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;

use crate::Outcome;
use crate::process::Running;

/// The model that the emulator knows.
const EMULATED_MODEL: &str = "serverless-comfyui";

/// What `serve` and `dev` can be told on the command line.
#[derive(Debug)]
pub struct Options {
    pub upstream: Option<String>,
    pub model: Option<String>,
    pub token_env: Option<String>,
    pub scenario: Option<String>,
    pub port: u16,
}

impl Options {
    /// Reads the options of `command`; without `--port` the port is `port`.
    ///
    /// # Errors
    /// A sentence for an option that is unknown, lacks its value or does not go with another one.
    pub fn parse(args: &[String], command: &str, port: u16) -> Outcome<Self> {
        let mut options =
            Self { upstream: None, model: None, token_env: None, scenario: None, port };
        let mut args = args.iter();
        while let Some(flag) = args.next() {
            let mut value = || args.next().cloned().ok_or_else(|| format!("{flag} needs a value"));
            match flag.as_str() {
                "--upstream" => options.upstream = Some(value()?),
                "--model" => options.model = Some(value()?),
                "--token-env" => options.token_env = Some(value()?),
                "--scenario" => options.scenario = Some(value()?),
                "--port" => {
                    let text = value()?;
                    options.port = text.parse().map_err(|_| format!("{text:?} is not a port"))?;
                }
                _ => {
                    return Err(format!(
                        "{flag} is not an option of {command}; see `cargo xtask help`"
                    ));
                }
            }
        }
        options.checked()
    }

    fn checked(self) -> Outcome<Self> {
        match (&self.upstream, &self.model) {
            (Some(_), _) if self.scenario.is_some() => {
                Err("--scenario is for the emulator; with --upstream there is none".to_owned())
            }
            (None, Some(_)) => Err("--model goes with --upstream".to_owned()),
            (None, None) if self.token_env.is_some() => {
                Err("--token-env goes with --upstream".to_owned())
            }
            (Some(upstream), _) if !is_address(upstream) => {
                Err(format!("{upstream:?} is not an address: it begins with http:// or https://"))
            }
            (Some(upstream), None) if is_kubeai(upstream) => Err(format!(
                "{upstream} is a kubeai, which wants to know the model: add --model NAME (the \
                 deployment's appName)"
            )),
            _ => Ok(self),
        }
    }

    /// Checks that the port is free: better before the build, which may take minutes.
    ///
    /// # Errors
    /// A sentence that names another port.
    pub fn port_is_free(&self) -> Outcome {
        let port = self.port;
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|error| {
            let other = port.checked_add(1).unwrap_or(8080);
            format!("port {port} cannot be used ({error}); take another, such as --port {other}")
        })
    }
}

fn is_address(upstream: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| upstream.starts_with(scheme))
}

/// Whether an address is one of kubeai, which wants to know a model.
pub fn is_kubeai(upstream: &str) -> bool {
    let path = upstream.trim_end_matches('/').trim_end_matches("/api");
    path.ends_with("/openai")
}

/// Which build of the two programs is started, and which page they serve.
#[derive(Debug)]
pub struct Place {
    pub emulator: PathBuf,
    pub relay: PathBuf,
    pub dist: PathBuf,
    /// Where their logs go; two commands that run at once need two.
    pub logs: PathBuf,
}

/// The two programs while they run.
pub struct Servers {
    pub relay: Running,
    /// None where the relay stands in front of a real server.
    pub emulator: Option<Running>,
}

impl Servers {
    /// Starts the emulator, unless an upstream is named, and the relay in front of it.
    ///
    /// # Errors
    /// A sentence with the last lines of a program that did not start.
    pub fn start(options: &Options, place: &Place) -> Outcome<Self> {
        let emulator = match &options.upstream {
            Some(_) => None,
            None => Some(start_emulator(place, options.scenario.as_deref())?),
        };
        let relay = start_relay(options, place, emulator.as_ref())?;
        Ok(Self { relay, emulator })
    }

    /// A sentence when one of the two has ended by itself.
    pub fn ended(&mut self) -> Option<String> {
        self.relay.ended().or_else(|| self.emulator.as_mut().and_then(Running::ended))
    }
}

fn start_emulator(place: &Place, scenario: Option<&str>) -> Outcome<Running> {
    let mut command = Command::new(&place.emulator);
    command.args(["--listen", "127.0.0.1:0", "--until-stdin-closes"]);
    if let Some(scenario) = scenario {
        command.args(["--scenario", scenario]);
    }
    Running::start(&mut command, "emulator", &place.logs)
}

fn start_relay(options: &Options, place: &Place, emulator: Option<&Running>) -> Outcome<Running> {
    let mut command = Command::new(&place.relay);
    command.args(["--listen", &format!("127.0.0.1:{}", options.port), "--until-stdin-closes"]);
    command.arg("--dist").arg(&place.dist);
    match (&options.upstream, emulator) {
        (None, Some(emulator)) => {
            command.args(["--upstream", &format!("{}/openai", emulator.address)]);
            command.args(["--model", EMULATED_MODEL]);
        }
        (Some(upstream), _) => {
            command.args(["--upstream", upstream]);
        }
        (None, None) => return Err("there is nothing to relay to".to_owned()),
    }
    for (flag, value) in [("--model", &options.model), ("--token-env", &options.token_env)] {
        if let Some(value) = value {
            command.args([flag, value]);
        }
    }
    Running::start(&mut command, "relay", &place.logs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        match (Options::parse(&args, "serve", 8080), expected) {
            (Ok(_), None) => {}
            (Err(found), Some(part)) => assert!(found.contains(part), "{line}: {found}"),
            (found, _) => panic!("{line}: {found:?}"),
        }
    }

    #[test]
    fn options_are_understood_or_explained() {
        check("", None);
        check("--scenario warm --port 9000", None);
        check("--upstream https://k.example/openai --model m --token-env T", None);
        check("--upstream http://127.0.0.1:8188", None);
        check("--upstream https://k.example/openai", Some("--model NAME"));
        check("--upstream https://k.example/openai/", Some("--model NAME"));
        check("--upstream k.example/openai --model m", Some("begins with http"));
        check("--upstream http://h --scenario warm", Some("for the emulator"));
        check("--model m", Some("goes with --upstream"));
        check("--token-env T", Some("goes with --upstream"));
        check("--port x", Some("not a port"));
        check("--port", Some("needs a value"));
        check("--wrong", Some("not an option"));
    }
}

//! `cargo xtask serve`: the page on this machine, in front of the emulator or of a real server.
//!
//! Invariant: whatever was started here has ended when this ends, however it ends.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::process::{self, Running, step};
use crate::{Outcome, build, paths};

/// The model that the emulator knows.
const EMULATED_MODEL: &str = "serverless-comfyui";
const DEFAULT_PORT: u16 = 8080;

#[derive(Debug)]
struct Options {
    upstream: Option<String>,
    model: Option<String>,
    token_env: Option<String>,
    scenario: Option<String>,
    port: u16,
}

pub fn run(args: &[String]) -> Outcome {
    let options = parse(args)?;
    if options.scenario.as_deref() == Some("help") {
        build::programs()?;
        return process::run(
            Command::new(paths::program("pilotlight-emulator")).arg("--list-scenarios"),
        );
    }
    is_free(options.port)?;
    build::programs()?;
    build::page()?;
    step("starting");
    let emulator = match &options.upstream {
        Some(_) => None,
        None => Some(start_emulator(options.scenario.as_deref())?),
    };
    let relay = start_relay(&options, emulator.as_ref())?;
    greet(&options, &relay, emulator.as_ref());
    watch(relay, emulator)
}

fn parse(args: &[String]) -> Outcome<Options> {
    let mut options = Options {
        upstream: None,
        model: None,
        token_env: None,
        scenario: None,
        port: DEFAULT_PORT,
    };
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
            _ => return Err(format!("{flag} is not an option of serve; see `cargo xtask help`")),
        }
    }
    match (&options.upstream, &options.model) {
        (Some(_), _) if options.scenario.is_some() => {
            Err("--scenario is for the emulator; with --upstream there is none".to_owned())
        }
        (None, Some(_)) => Err("--model goes with --upstream".to_owned()),
        (None, None) if options.token_env.is_some() => {
            Err("--token-env goes with --upstream".to_owned())
        }
        (Some(upstream), _) if !is_address(upstream) => {
            Err(format!("{upstream:?} is not an address: it begins with http:// or https://"))
        }
        (Some(upstream), None) if is_kubeai(upstream) => Err(format!(
            "{upstream} is a kubeai, which wants to know the model: add --model NAME (the \
             deployment's appName)"
        )),
        _ => Ok(options),
    }
}

fn is_address(upstream: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| upstream.starts_with(scheme))
}

fn is_kubeai(upstream: &str) -> bool {
    let path = upstream.trim_end_matches('/').trim_end_matches("/api");
    path.ends_with("/openai")
}

/// Asked before the build, which may take minutes.
fn is_free(port: u16) -> Outcome {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|error| {
        let other = port.checked_add(1).unwrap_or(DEFAULT_PORT);
        format!("port {port} cannot be used ({error}); take another, such as --port {other}")
    })
}

fn start_emulator(scenario: Option<&str>) -> Outcome<Running> {
    let mut command = Command::new(paths::program("pilotlight-emulator"));
    command.args(["--listen", "127.0.0.1:0", "--until-stdin-closes"]);
    if let Some(scenario) = scenario {
        command.args(["--scenario", scenario]);
    }
    Running::start(&mut command, "emulator", &paths::scratch())
}

fn start_relay(options: &Options, emulator: Option<&Running>) -> Outcome<Running> {
    let mut command = Command::new(paths::program("pilotlight-relay"));
    command.args(["--listen", &format!("127.0.0.1:{}", options.port), "--until-stdin-closes"]);
    command.arg("--dist").arg(paths::dist());
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
    Running::start(&mut command, "relay", &paths::scratch())
}

fn greet(options: &Options, relay: &Running, emulator: Option<&Running>) {
    println!("\nPilotlight is at  {}\n", relay.address);
    match (&options.upstream, emulator) {
        (Some(upstream), _) => {
            println!("In front of {upstream}. Two things to try:");
            if is_kubeai(upstream) {
                println!("  1. Press Run and watch the GPU wake: the first time takes minutes.");
            } else {
                println!("  1. Type a prompt and press Run.");
            }
            println!("  2. Reload the page meanwhile: the run goes on where it was.");
        }
        (None, emulator) => {
            let behind = emulator.map_or("", |emulator| emulator.address.as_str());
            println!("Behind it is an emulated GPU ({behind}). Two things to try:");
            println!("  1. Type a prompt, press Run, and reload the page while the GPU wakes.");
            println!(
                "  2. Put [oom] into the prompt: the run fails as on a GPU that is too small."
            );
            println!("Log of every request: {behind}/__emulator/log");
        }
    }
    println!("\nCtrl-C ends it.");
}

/// Waits until one of the two ends by itself; Ctrl-C ends everything.
fn watch(mut relay: Running, mut emulator: Option<Running>) -> Outcome {
    loop {
        let ended = relay.ended().or_else(|| emulator.as_mut().and_then(Running::ended));
        if let Some(sentence) = ended {
            return Err(sentence);
        }
        thread::sleep(Duration::from_millis(200));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        match (parse(&args), expected) {
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

//! `cargo xtask serve`: the page on this machine, in front of the emulator or of a real server.
//!
//! Invariant: whatever was started here has ended when this ends, however it ends.

use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::build::Programs;
use crate::process::{self, step};
use crate::servers::{self, Options, Place, Servers};
use crate::{Outcome, build, paths};

const DEFAULT_PORT: u16 = 8080;

pub fn run(args: &[String]) -> Outcome {
    let options = Options::parse(args, "serve", DEFAULT_PORT)?;
    if options.scenario.as_deref() == Some("help") {
        build::programs(Programs::Served)?;
        return process::run(
            Command::new(paths::program("pilotlight-emulator")).arg("--list-scenarios"),
        );
    }
    options.port_is_free()?;
    build::everything(Programs::Served)?;
    step("starting");
    let place = Place {
        emulator: paths::program("pilotlight-emulator"),
        relay: paths::program("pilotlight-relay"),
        dist: paths::dist(),
        logs: paths::scratch(),
    };
    let mut servers = Servers::start(&options, &place)?;
    greet(&options, &servers);
    // Ctrl-C ends everything.
    loop {
        if let Some(sentence) = servers.ended() {
            return Err(sentence);
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn greet(options: &Options, servers: &Servers) {
    println!("\nPilotlight is at  {}\n", servers.relay.address);
    match (&options.upstream, &servers.emulator) {
        (Some(upstream), _) => {
            println!("In front of {upstream}. Two things to try:");
            if servers::is_kubeai(upstream) {
                println!("  1. Press Run and watch the GPU wake: the first time takes minutes.");
            } else {
                println!("  1. Type a prompt and press Run.");
            }
            println!("  2. Reload the page meanwhile: the run goes on where it was.");
        }
        (None, emulator) => {
            let behind = emulator.as_ref().map_or("", |emulator| emulator.address.as_str());
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

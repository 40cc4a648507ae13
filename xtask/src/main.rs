//! `cargo xtask`: the commands a person types to build, serve, test and measure Pilotlight.
//!
//! Invariant: needs nothing but the standard library, so it compiles in seconds on a new machine.

mod audit;
mod baseline;
mod bench;
mod build;
mod check;
mod dev;
mod doctor;
mod fuzz;
mod guard;
mod packages;
mod paths;
mod pins;
mod plan;
mod process;
mod progress;
mod proxies;
mod python;
mod serve;
mod servers;
mod shots;
mod sizes;
mod summary;
mod test;
mod tidy;
mod tools;

use std::env;
use std::process::ExitCode;

/// What a command comes to: a sentence when it did not work.
type Outcome<T = ()> = Result<T, String>;

const HELP: &str = "\
cargo xtask COMMAND

  serve    build the page and serve it on http://127.0.0.1:8080, the emulator behind it
             --upstream URL     a real server instead: https://HOST/openai (kubeai)
                                or http://127.0.0.1:8188 (ComfyUI itself)
             --model NAME       the model's name, needed with kubeai
             --token-env VAR    send 'Authorization: Bearer' with the value of this variable
             --scenario NAME    how the emulator behaves (its names: --scenario help)
             --port PORT        another port
  dev      for developers, on http://127.0.0.1:8081: builds what is saved and reloads the page,
             styles without a build; same options
  test     every test there is            [--no-browser] [FILTER]
  build    the page, for release, into dist/ (with .br and .gz)
  check    formatting, clippy, documentation, the tidy rules
  fuzz     every parser with random input  [TARGET] [--seconds N]
             without TARGET all of them, 300 s each; it needs nightly Rust and cargo-fuzz,
             which it does not install
  bench    measure size, start, delay, large workflows, gallery, relay
  shots    take the screenshots into shots/
  doctor   what is installed, what is missing, what to do
  help     this text

Other tools that are missing are installed into a folder of your own account; PILOTLIGHT_TOOLS names
another one. `cargo xtask doctor` says where it is.
";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    if command == guard::COMMAND {
        return guard::run(rest);
    }
    let outcome = match command {
        "dev" => dev::run(rest),
        "serve" => serve::run(rest),
        "test" => test::run(rest),
        "build" => no_options(rest).and_then(|()| build::run()),
        "check" => no_options(rest).and_then(|()| check::run()),
        "fuzz" => fuzz::run(rest),
        "bench" => bench::run(rest),
        "shots" => shots::run(rest),
        "doctor" => no_options(rest).and_then(|()| doctor::run()),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => Err(format!("there is no command {unknown:?}; `cargo xtask help` lists them")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\nxtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn no_options(rest: &[String]) -> Outcome {
    match rest.first() {
        Some(option) => Err(format!("{option} is not an option of this command")),
        None => Ok(()),
    }
}

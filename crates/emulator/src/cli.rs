//! The command line.
//!
//! Invariant: `--help` says of every parameter whether it was measured or guessed.

use std::fmt::Write;

use pilotlight_emulator::json::Json;
use pilotlight_emulator::{Origin, Params, parse, scenario};

/// What the command line asks for.
#[derive(Debug)]
pub enum Command {
    Start(Box<Start>),
    Print(String),
}

/// How to begin.
#[derive(Debug)]
pub struct Start {
    pub listen: String,
    pub params: Params,
    pub seed: u64,
    pub speed: f64,
    /// End when standard input does.
    pub ends_with_stdin: bool,
}

/// Reads the arguments behind the program's name.
pub fn read(args: impl Iterator<Item = String>) -> Result<Command, String> {
    let (mut listen, mut name, mut seed, mut speed) =
        ("127.0.0.1:8189".to_owned(), scenario::DEFAULT.to_owned(), 1, 1.0);
    let mut ends_with_stdin = false;
    let mut settings: Vec<(String, String)> = Vec::new();
    let mut args = args;
    while let Some(arg) = args.next() {
        let (flag, inline) = match arg.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (arg, None),
        };
        match flag.as_str() {
            "--help" | "-h" => return Ok(Command::Print(help())),
            "--list-scenarios" => return Ok(Command::Print(scenarios())),
            "--until-stdin-closes" => {
                ends_with_stdin = true;
                continue;
            }
            _ => {}
        }
        let value = inline
            .or_else(|| args.next())
            .ok_or_else(|| format!("{flag} wants a value; see --help."))?;
        match flag.as_str() {
            "--listen" => listen = value,
            "--scenario" => name = value,
            "--seed" => {
                seed = value
                    .parse()
                    .map_err(|_| format!("--seed wants a whole number, not {value:?}."))?
            }
            "--speed" => speed = speed_of(&value)?,
            "--set" => {
                let (key, value) = value
                    .split_once('=')
                    .ok_or_else(|| format!("--set wants KEY=VALUE, not {value:?}."))?;
                settings.push((key.to_owned(), value.to_owned()));
            }
            _ => match flag.strip_prefix("--") {
                Some(key) => settings.push((key.replace('-', "_"), value)),
                None => return Err(format!("{flag:?} is not understood; see --help.")),
            },
        }
    }
    let mut params = scenario::named(&name)
        .ok_or_else(|| format!("There is no scenario {name:?}; --list-scenarios lists them."))?;
    for (key, value) in settings {
        let json = parse::python(value.as_bytes()).unwrap_or_else(|| Json::from(value.as_str()));
        let text = Json::from(value.as_str());
        // A number may be meant as a text (a model named 7): the second reading is tried too.
        params.set(&key, &json).or_else(|why| params.set(&key, &text).map_err(|_| why))?;
    }
    Ok(Command::Start(Box::new(Start { listen, params, seed, speed, ends_with_stdin })))
}

fn speed_of(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|s| (0.01..=100_000.0).contains(s))
        .ok_or_else(|| format!("--speed wants a number from 0.01 to 100000, not {text:?}."))
}

fn scenarios() -> String {
    let mut out = String::new();
    for scenario in scenario::ALL {
        let _ = writeln!(out, "{:<26}{}", scenario.name, scenario.shows);
    }
    out
}

fn help() -> String {
    let mut out = String::from(
        "A pretend gateway, kubeai and ComfyUI in one process.

pilotlight-emulator [--listen HOST:PORT] [--scenario NAME] [--speed X] [--seed N] [--set KEY=VALUE]...

  --listen HOST:PORT   default 127.0.0.1:8189; port 0 takes a free one, printed on the first line
  --scenario NAME      how it behaves; see --list-scenarios
  --speed X            time passes X times as fast
  --seed N             the seed of all chance
  --set KEY=VALUE      one of the parameters below; also --key-with-dashes VALUE
  --list-scenarios     the scenarios, one a line
  --until-stdin-closes end when standard input does (for programs that start it)

At run time: POST /__emulator/set takes a JSON object of the same parameters, also \"speed\",
{\"scenario\": NAME} (begins anew), {\"kill\": true}, {\"reset\": true}; GET /__emulator/log lists the
requests, GET /__emulator/state shows pod, queue and runs.

Words in a prompt or question: [sleep=SECONDS] [error] [oom] [kill], and in a question [empty]
[answer=TEXT].

The shapes, texts and rules are those recorded from ComfyUI 0.33.0 and 0.3.64 and from kubeai's own
request code. Of the numbers, each is marked:
  measured   read in source code or measured against running programs
  guess      not known of the cloud; whatever uses the emulator must work with any value
  handle     no claim about the real world, there for tests and demonstrations
Different from the real thing: previews of /view are the picture itself, /jobs, /assets, /userdata,
/upload/mask and the websocket are missing, /object_info lists the classes of the two workflows only.

  autoscaler = stock | tight | warm | never-starts | flaky-start
        Sets the next ones together.
",
    );
    for parameter in Params::described() {
        let origin = match parameter.origin {
            Origin::Measured => "measured",
            Origin::Guess => "guess",
            Origin::Handle => "handle",
        };
        let _ = write!(
            out,
            "  {} = {} ({origin})\n        {}\n",
            parameter.name, parameter.default, parameter.doc
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Result<&str, &str>) {
        match (read(line.split_whitespace().map(str::to_owned)), expected) {
            (Ok(Command::Start(start)), Ok(part)) => {
                let shown = format!(
                    "{} {} {} {}",
                    start.listen,
                    start.seed,
                    start.speed,
                    start.params.to_json().python()
                );
                assert!(shown.contains(part), "{shown}");
            }
            (Ok(Command::Print(text)), Ok(part)) => assert!(text.contains(part), "{text}"),
            (Err(said), Err(part)) => assert!(said.contains(part), "{said}"),
            (got, _) => panic!("{line}: {got:?}"),
        }
    }

    #[test]
    fn the_command_line() {
        check("", Ok("\"cold_start_ms\": 12000"));
        check("--listen 127.0.0.1:0 --speed 20 --seed=7", Ok("127.0.0.1:0 7 20"));
        check("--scenario warm", Ok("\"starts_warm\": true"));
        check("--set run_ms=7 --model 7", Ok("\"model\": \"7\""));
        check("--cold-start-ms 7", Ok("\"cold_start_ms\": 7"));
        check("--extension=false", Ok("\"extension\": false"));
        check("--autoscaler tight", Ok("\"window_ms\": 10000"));
        check("--help", Ok("cold_start_ms = 12000 (guess)"));
        check("--list-scenarios", Ok("killed-while-running"));
        check("--scenario nope", Err("no scenario"));
        check("--speed 0", Err("--speed wants"));
        check("--nonsense 1", Err("no parameter \"nonsense\""));
        check("--listen", Err("--listen wants a value"));
        check("warm 1", Err("not understood"));
        check("--run-ms soon", Err("run_ms must be"));
    }
}

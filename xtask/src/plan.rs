//! What a command is going to do, with the minutes that each step usually takes: printed first, so
//! that nobody wonders what the machine is busy with.
//!
//! Invariant: a step that has nothing to do is not in the list; how long one took here the last time
//! goes before what it usually takes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::tools::{self, Speed, Tool};
use crate::{build, paths, pins};

/// One step that is ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    pub name: String,
    /// Minutes on two cores that do nothing else.
    pub minutes: f64,
    /// It goes on beside the other steps.
    pub is_beside: bool,
}

/// A step after those before it.
pub fn step(name: &str, usual: f64) -> Ahead {
    let minutes = last_times().get(name).map_or(usual, |seconds| *seconds as f64 / 60.0);
    Ahead { name: name.to_owned(), minutes, is_beside: false }
}

/// What is missing until the page is built and can be served.
pub fn page() -> Vec<Ahead> {
    let mut ahead = missing_tools(Speed::Small);
    if !paths::program("pilotlight-relay").is_file() {
        ahead.push(step(PROGRAMS, 1.5));
    }
    if !build::is_up_to_date() {
        ahead.push(step(PAGE, 3.0));
    }
    ahead
}

/// What is missing until the page can be developed.
pub fn dev() -> Vec<Ahead> {
    let mut ahead = missing_tools(Speed::Quick);
    if !paths::debug_program("pilotlight-relay").is_file() {
        ahead.push(step(DEV_PROGRAMS, 1.5));
    }
    let module = paths::target().join(pins::WASM_TARGET).join(pins::DEV_PROFILE);
    if !module.is_dir() {
        ahead.push(step(DEV_PAGE, 2.0));
    }
    ahead
}

pub const PROGRAMS: &str = "programs: emulator, relay, what packs the page";
pub const PAGE: &str = "page, optimized and packed";
pub const DEV_PROGRAMS: &str = "emulator and relay, not optimized";
pub const DEV_PAGE: &str = "page, not optimized";

/// Tools are installed beside the first compilation.
fn missing_tools(speed: Speed) -> Vec<Ahead> {
    let ahead = |tool: &Tool, minutes| Ahead {
        name: format!("{} {}, once for this account", tool.name, tool.version),
        minutes,
        is_beside: true,
    };
    let fetched = tools::has_binstall();
    let compiled = |minutes: f64| if fetched { 0.5 } else { minutes };
    let known = [(tools::trunk_tool(), compiled(3.0)), (tools::wasm_bindgen_tool(), compiled(1.5))];
    let of_npm = [(tools::wasm_opt_tool(), 0.5), (tools::esbuild_tool(), 0.2)];
    let all = known.into_iter().chain(of_npm.into_iter().filter(|_| speed == Speed::Small));
    let missing = all.filter(|(tool, _)| tool.find().is_none());
    missing.map(|(tool, minutes)| ahead(&tool, minutes)).collect()
}

/// Prints the steps and their sum; nothing where all of it takes no minute.
pub fn print(ahead: &[Ahead]) {
    if minutes(ahead) >= 1.0 {
        println!("{}", table(ahead));
    }
}

/// What goes on beside the rest shares the cores with it, so it counts in full.
fn minutes(ahead: &[Ahead]) -> f64 {
    ahead.iter().map(|step| step.minutes).sum()
}

fn table(ahead: &[Ahead]) -> String {
    let mut lines = vec!["==> what is ahead, in minutes on 2 cores".to_owned()];
    for step in ahead {
        let beside = if step.is_beside { " (beside the rest)" } else { "" };
        lines.push(format!("    {:>4}  {}{beside}", rounded(step.minutes), step.name));
    }
    lines.push(format!("    {:>4}  together", rounded(minutes(ahead))));
    lines.join("\n")
}

fn rounded(minutes: f64) -> String {
    if minutes < 1.0 { "< 1".to_owned() } else { format!("{minutes:.0}") }
}

/// Remembers how long a step took; a time that cannot be written is only a worse guess later.
pub fn remember(name: &str, time: Duration) {
    let mut times = last_times();
    times.insert(name.to_owned(), time.as_secs());
    let lines: Vec<String> =
        times.iter().map(|(name, seconds)| format!("{seconds}\t{name}")).collect();
    let _ = fs::create_dir_all(paths::scratch());
    let _ = fs::write(file(), lines.join("\n"));
}

fn file() -> PathBuf {
    paths::scratch().join("times")
}

/// Seconds by the name of the step.
fn last_times() -> BTreeMap<String, u64> {
    let text = fs::read_to_string(file()).unwrap_or_default();
    let read = |line: &str| {
        let (seconds, name) = line.split_once('\t')?;
        Some((name.to_owned(), seconds.parse().ok()?))
    };
    text.lines().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_listed_with_their_minutes() {
        let ahead =
            |name: &str, minutes, is_beside| Ahead { name: name.to_owned(), minutes, is_beside };
        let found = table(&[ahead("a tool", 3.6, true), ahead("the rest", 0.4, false)]);
        let expected = "==> what is ahead, in minutes on 2 cores\n       4  a tool (beside the \
            rest)\n     < 1  the rest\n       4  together";
        assert_eq!(found, expected);
    }
}

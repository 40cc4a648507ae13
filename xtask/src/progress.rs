//! Long compilations with a line now and then that says how far each of them is.
//!
//! Invariant: several may go on at once; what a compiler says besides its progress is printed as a
//! whole when its compilation ends.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{self, duration};
use crate::{Outcome, guard};

/// How often a line is printed, whoever prints it.
const EVERY: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(100);

/// What cargo says of its work, which the lines here stand in for.
const WORK: &[&str] = &[
    "Adding",
    "Blocking",
    "Building",
    "Checking",
    "Compiling",
    "Downloaded",
    "Downloading",
    "Finished",
    "Ignored",
    "Installed",
    "Installing",
    "Locking",
    "Replaced",
    "Replacing",
    "Updating",
    "warning: be sure to add",
];

/// A compilation that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Going {
    name: String,
    /// Crates that are compiled, of how many.
    crates: Option<(u32, u32)>,
}

struct Board {
    going: Vec<Going>,
    since: Option<Instant>,
    printed: Option<Instant>,
}

static BOARD: Mutex<Board> = Mutex::new(Board { going: Vec::new(), since: None, printed: None });

/// Runs a command of cargo that compiles, and says under `name` how far it is.
///
/// # Errors
/// When it does not start or fails; what it said has been printed then.
pub fn run(command: &mut Command, name: &str) -> Outcome {
    command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
    command.env("CARGO_TERM_COLOR", "never");
    let mut child = guard::behind(command)?
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{name} cannot be compiled: {error}"))?;
    change(|board| {
        board.since = board.since.or(Some(Instant::now()));
        board.printed = board.printed.or(Some(Instant::now()));
        board.going.push(Going { name: name.to_owned(), crates: None });
    });
    let reader = child.stderr.take().map(|pipe| {
        let name = name.to_owned();
        thread::spawn(move || read(pipe, &name))
    });
    let status = waited_for(&mut child);
    let said = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    change(|board| {
        board.going.retain(|going| going.name != name);
        if board.going.is_empty() {
            (board.since, board.printed) = (None, None);
        }
    });
    eprint!("{said}");
    process::finished(command, status.map_err(|error| error.to_string())?)
}

fn waited_for(child: &mut Child) -> std::io::Result<std::process::ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        print_now_and_then();
        thread::sleep(LOOK);
    }
}

/// A thread that panicked meanwhile has not left anything half done here.
fn change<T>(how: impl FnOnce(&mut Board) -> T) -> T {
    how(&mut BOARD.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn print_now_and_then() {
    let line = change(|board| {
        let is_due = board.printed.is_some_and(|printed| printed.elapsed() >= EVERY);
        let since = board.since.filter(|_| is_due)?;
        board.printed = Some(Instant::now());
        Some(line(&board.going, since.elapsed()))
    });
    if let Some(line) = line {
        println!("    {line}");
        let _ = std::io::stdout().flush();
    }
}

fn line(going: &[Going], time: Duration) -> String {
    let part = |going: &Going| match going.crates {
        Some((done, all)) => format!("{} {done} of {all} crates", going.name),
        None => format!("{} is beginning", going.name),
    };
    let parts: Vec<String> = going.iter().map(part).collect();
    format!("{:>14}: {}", duration(time), parts.join(", "))
}

/// Reads to the end, and returns what is no progress.
fn read(pipe: ChildStderr, name: &str) -> String {
    let mut said = String::new();
    let mut line = Vec::new();
    for byte in BufReader::new(pipe).bytes().map_while(Result::ok) {
        if byte != b'\r' && byte != b'\n' {
            line.push(byte);
            continue;
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        line.clear();
        if let Some(crates) = counted(&text) {
            change(|board| {
                let going = board.going.iter_mut().find(|going| going.name == name);
                going.into_iter().for_each(|going| going.crates = Some(crates));
            });
        } else if byte == b'\n' && !is_work(&text) {
            said.push_str(&text);
            said.push('\n');
        }
    }
    if said.trim().is_empty() { String::new() } else { said }
}

/// `    Building [====>    ] 12/340: syn, serde` is 12 of 340.
fn counted(line: &str) -> Option<(u32, u32)> {
    let (_, rest) = line.split_once("Building [")?;
    let (_, rest) = rest.split_once("] ")?;
    let (done, all) = rest.split(':').next()?.trim().split_once('/')?;
    Some((done.parse().ok()?, all.parse().ok()?))
}

fn is_work(line: &str) -> bool {
    // Moves of a terminal's cursor stand before the words.
    let words = line.rsplit('\u{1b}').next().unwrap_or(line);
    let words = words.trim_start_matches("[K").trim_start();
    WORK.iter().any(|work| words.starts_with(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_counted() {
        assert_eq!(counted("    Building [==>    ] 12/340: syn, serde(build)"), Some((12, 340)));
        assert_eq!(counted("    Building [=======] 340/340"), Some((340, 340)));
        assert_eq!(counted("   Compiling syn v2.0.1"), None);
    }

    #[test]
    fn what_is_no_progress_is_kept() {
        for work in ["   Compiling syn v2", "\u{1b}[K   Compiling syn v2", "    Updating index"] {
            assert!(is_work(work), "{work}");
        }
        for said in ["error[E0308]: mismatched types", "warning: unused", " --> src/a.rs:1:1"] {
            assert!(!is_work(said), "{said}");
        }
    }

    #[test]
    fn one_line_is_about_all() {
        let going = |name: &str, crates| Going { name: name.to_owned(), crates };
        let found =
            line(&[going("trunk", Some((3, 9))), going("the page", None)], Duration::from_secs(80));
        assert_eq!(found.trim(), "1 min 20 s: trunk 3 of 9 crates, the page is beginning");
    }
}

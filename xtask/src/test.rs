//! `cargo xtask test`: every test there is, then what became of each step.
//!
//! Invariant: a step that fails does not keep the others from running, and nothing is skipped in
//! silence.

use std::env;
use std::process::Command;
use std::time::Instant;

use crate::build::Programs;
use crate::packages::{self, Browser};
use crate::plan::{self, Ahead};
use crate::process::{self, Listen, cargo, step};
use crate::summary::{self, Count, Step, Verdict};
use crate::{Outcome, build, paths, pins, proxies, python, tools};

const NATIVE: &str = "native tests";
const PYTHON: &str = "deployment tests (Python)";
const PROXIES: &str = "proxy tests (nginx, Caddy)";
const PAGE: &str = "build of the page";
const BROWSER: &str = "browser tests";

pub fn run(args: &[String]) -> Outcome {
    let mut with_browser = true;
    let mut filter = None;
    for arg in args {
        match arg.as_str() {
            "--no-browser" => with_browser = false,
            option if option.starts_with('-') => {
                return Err(format!("{option} is not an option of test: [--no-browser] [FILTER]"));
            }
            word if filter.is_none() => filter = Some(word),
            _ => return Err("one filter at most: a part of the names of tests".to_owned()),
        }
    }
    // What is missing is better said now than after ten minutes.
    let browser = if with_browser { Some(packages::browser()?) } else { None };

    plan::print(&ahead(with_browser, filter.is_some()));

    let mut examples = String::new();
    let mut steps = vec![
        timed(NATIVE, || {
            let (outcome, count, output) = native(filter);
            examples = summary::examples(&output, env::var_os(summary::EXAMPLES).is_some());
            (outcome, count)
        }),
        timed(PYTHON, || python::test(filter)),
        timed(PROXIES, || behind_proxies(filter)),
    ];
    match browser {
        Some(browser) => with_page(&browser, filter, &mut steps),
        None => {
            steps.push(Step::not_run(PAGE, "--no-browser"));
            steps.push(Step::not_run(BROWSER, "--no-browser"));
        }
    }
    if filter.is_none() {
        remember(&steps);
    }
    summary::print(&steps, &examples)
}

/// The page notes by itself how long it took.
fn remember(steps: &[Step]) {
    for step in steps.iter().filter(|step| step.name != PAGE) {
        if let Verdict::Ran(Ok(())) = &step.verdict {
            plan::remember(step.name, step.time);
        }
    }
}

fn with_page(browser: &Browser, filter: Option<&str>, steps: &mut Vec<Step>) {
    let built = timed(PAGE, || (build::everything(Programs::All), Count::default()));
    let is_built = matches!(built.verdict, Verdict::Ran(Ok(())));
    steps.push(built);
    steps.push(if is_built {
        timed(BROWSER, || in_browser(browser, filter))
    } else {
        Step::not_run(BROWSER, "there is no page")
    });
}

/// Minutes are those of two cores that compile everything first.
fn ahead(with_browser: bool, is_filtered: bool) -> Vec<Ahead> {
    let mut ahead =
        vec![plan::step(NATIVE, 5.0), plan::step(PYTHON, 1.0), plan::step(PROXIES, 2.5)];
    if with_browser {
        ahead.extend(plan::page());
        ahead.push(plan::step(BROWSER, 19.0));
    }
    // How long a part of the tests takes nobody knows.
    if is_filtered { Vec::new() } else { ahead }
}

fn timed(name: &'static str, work: impl FnOnce() -> (Outcome, Count)) -> Step {
    step(name);
    let started = Instant::now();
    let (outcome, count) = work();
    if let Err(why) = &outcome {
        println!("    FAILED: {why}");
    }
    Step { name, verdict: Verdict::Ran(outcome), count, time: started.elapsed() }
}

fn native(filter: Option<&str>) -> (Outcome, Count, String) {
    let mut command = cargo();
    command.args(["test", "--release", "--workspace", "--no-fail-fast"]);
    command.args(["--exclude", pins::PAGE_PACKAGE, "--exclude", pins::BROWSER_PACKAGE]);
    cargo_test_read(command.args(["--exclude", pins::PROXY_PACKAGE]).args(filter))
}

/// Minutes are held in there; the tests wait side by side, so that they are waited for once.
fn behind_proxies(filter: Option<&str>) -> (Outcome, Count) {
    let found = build::programs(Programs::All).and_then(|()| proxies::ready());
    let proxies = match found {
        Ok(proxies) => proxies,
        Err(why) => return (Err(why), Count::default()),
    };
    let mut command = cargo();
    command.args(["test", "--release", "--no-fail-fast", "-p", pins::PROXY_PACKAGE]);
    command
        .env("PILOTLIGHT_NGINX", proxies.nginx)
        .env("PILOTLIGHT_CADDY", proxies.caddy)
        .env("PILOTLIGHT_RELAY", paths::program("pilotlight-relay"))
        .env("PILOTLIGHT_EMULATOR", paths::program("pilotlight-emulator"))
        .env("RUST_TEST_THREADS", "4");
    cargo_test(command.args(filter))
}

fn in_browser(browser: &Browser, filter: Option<&str>) -> (Outcome, Count) {
    let axe = match tools::axe() {
        Ok(axe) => axe,
        Err(why) => return (Err(why), Count::default()),
    };
    let mut command = cargo();
    command.args(["test", "--release", "--no-fail-fast", "-p", pins::BROWSER_PACKAGE]);
    // Scenarios mostly wait.
    command.env("RUST_TEST_THREADS", "4").env("PILOTLIGHT_AXE", axe);
    cargo_test(with_world(&mut command, browser).args(filter))
}

fn cargo_test(command: &mut Command) -> (Outcome, Count) {
    let (outcome, count, _) = cargo_test_read(command);
    (outcome, count)
}

/// Returns what was printed, too.
fn cargo_test_read(command: &mut Command) -> (Outcome, Count, String) {
    let (outcome, output) = process::run_and_read(command, Listen::Stdout);
    let count = summary::count_cargo(&output);
    let outcome = outcome.map_err(|why| {
        let failed = output.lines().filter(|line| line.ends_with("... FAILED"));
        let names: Vec<&str> = failed.filter_map(|line| line.split(' ').nth(1)).collect();
        if names.is_empty() { why } else { names.join(", ") }
    });
    (outcome, count, output)
}

/// Tells a program of the browser package where everything is.
pub fn with_world<'a>(command: &'a mut Command, browser: &Browser) -> &'a mut Command {
    command
        .env("PILOTLIGHT_DIST", paths::dist())
        .env("PILOTLIGHT_RELAY", paths::program("pilotlight-relay"))
        .env("PILOTLIGHT_EMULATOR", paths::program("pilotlight-emulator"))
        .env("PILOTLIGHT_CHROMIUM", &browser.chromium)
        .env("PILOTLIGHT_CHROMEDRIVER", &browser.driver)
}

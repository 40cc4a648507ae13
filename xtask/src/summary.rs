//! What ran, what passed, what did not run: counted from what the test programs print.
//!
//! Invariant: a step that did not run is a line of its own, never silence.

use std::time::Duration;

use crate::Outcome;
use crate::process::duration;

/// Tests counted in one step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
    /// Tests that said why they did not run.
    pub skipped: u64,
}

/// How a step ended.
#[derive(Debug)]
pub enum Verdict {
    Ran(Outcome),
    NotRun(String),
}

/// One line of the table.
#[derive(Debug)]
pub struct Step {
    pub name: &'static str,
    pub verdict: Verdict,
    pub count: Count,
    pub time: Duration,
}

impl Step {
    pub fn not_run(name: &'static str, why: impl Into<String>) -> Self {
        let verdict = Verdict::NotRun(why.into());
        Self { name, verdict, count: Count::default(), time: Duration::ZERO }
    }
}

/// The variable that names a folder of more workflows for the converter's tests.
pub const EXAMPLES: &str = "PILOTLIGHT_EXAMPLES";

/// Whether workflows of other people were tested, from what the native tests printed.
pub fn examples(output: &str, is_named: bool) -> String {
    let told = output.lines().filter_map(|line| line.strip_prefix(EXAMPLES)?.strip_prefix(": "));
    let told: Vec<&str> = told.collect();
    match (told.as_slice(), is_named) {
        ([], false) => format!(
            "NOT RUN: workflows of other people ({EXAMPLES}=FOLDER names a folder of them: \
             strict/NAME/ui.json and api.json)"
        ),
        ([], true) => format!("NOT RUN: workflows of {EXAMPLES} (no test that ran compares them)"),
        (told, _) => format!("{EXAMPLES}: {}", told.join(", ")),
    }
}

/// Prints the table, what became of the workflows outside, and the sums.
///
/// # Errors
/// When anything failed, or was kept from running by something that failed.
pub fn print(steps: &[Step], examples: &str) -> Outcome {
    println!("\n{:<28} {:<8} {:>7} {:>7} {:>13}", "step", "", "passed", "failed", "time");
    let mut total = Count::default();
    let mut wrong = Vec::new();
    for step in steps {
        total.passed += step.count.passed;
        total.failed += step.count.failed;
        let word = match &step.verdict {
            Verdict::Ran(Ok(())) => "ok",
            Verdict::Ran(Err(why)) => {
                wrong.push(format!("{}: {why}", step.name));
                "FAILED"
            }
            Verdict::NotRun(_) => "NOT RUN",
        };
        println!(
            "{:<28} {word:<8} {:>7} {:>7} {:>13}",
            step.name,
            step.count.passed,
            step.count.failed,
            duration(step.time)
        );
    }
    for step in steps {
        if let Verdict::NotRun(why) = &step.verdict {
            println!("NOT RUN: {} ({why})", step.name);
        }
        if step.count.skipped > 0 {
            let (number, name) = (step.count.skipped, step.name);
            println!("NOT RUN: {number} tests of {name} (skipped; why stands beside each above)");
        }
    }
    println!("{examples}\n\n{} passed, {} failed", total.passed, total.failed);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n       ")) }
}

/// Counts the `test result:` lines of cargo.
pub fn count_cargo(output: &str) -> Count {
    let mut count = Count::default();
    for line in output.lines().filter_map(|line| line.split_once("test result: ")) {
        count.passed += number_before(line.1, " passed");
        count.failed += number_before(line.1, " failed");
        count.skipped += number_before(line.1, " ignored");
    }
    count
}

/// Counts what Python's unittest says at its end.
pub fn count_python(output: &str) -> Count {
    let mut count = Count::default();
    for line in output.lines() {
        let ran = line.strip_prefix("Ran ").and_then(|rest| rest.split_once(" test"));
        if let Some((number, _)) = ran {
            count.passed += number.parse::<u64>().unwrap_or(0);
        } else if line.starts_with("FAILED (") || line.starts_with("OK (") {
            let lost = number_after(line, "failures=") + number_after(line, "errors=");
            count.failed += lost;
            let skipped = number_after(line, "skipped=");
            count.skipped += skipped;
            count.passed = count.passed.saturating_sub(lost + skipped);
        }
    }
    count
}

fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn number_after(text: &str, key: &str) -> u64 {
    let Some((_, rest)) = text.split_once(key) else { return 0 };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Count, passed: u64, failed: u64, skipped: u64) {
        assert_eq!(found, Count { passed, failed, skipped });
    }

    #[test]
    fn cargo_is_counted() {
        let output = "running 3 tests\n\
            test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 1 passed; 2 failed; 3 ignored; 0 measured; 0 filtered out\n";
        check(count_cargo(output), 13, 2, 3);
        check(count_cargo("nothing"), 0, 0, 0);
    }

    #[test]
    fn workflows_outside_are_told() {
        let output = "test a ... ok\nPILOTLIGHT_EXAMPLES: 0 odd workflows compared\n\
            PILOTLIGHT_EXAMPLES: 72 strict workflows compared\ntest b ... ok\n";
        let told = "PILOTLIGHT_EXAMPLES: 0 odd workflows compared, 72 strict workflows compared";
        assert_eq!(examples(output, true), told);
        assert!(examples("test a ... ok\n", true).starts_with("NOT RUN: workflows of PILOT"));
        let how = examples("", false);
        assert!(how.contains("other people") && how.contains("PILOTLIGHT_EXAMPLES=FOLDER"));
    }

    #[test]
    fn python_is_counted() {
        check(count_python("Ran 12 tests in 0.1s\n\nOK\n"), 12, 0, 0);
        check(count_python("Ran 1 test in 0.1s\n\nOK\n"), 1, 0, 0);
        check(count_python("Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2)\n"), 9, 3, 0);
        check(count_python("Ran 5 tests in 1s\n\nOK (skipped=2)\n"), 3, 0, 2);
        let both = "Ran 9 tests in 1s\n\nFAILED (failures=1, skipped=2)\n";
        check(count_python(both), 6, 1, 2);
    }
}

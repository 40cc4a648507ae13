//! Rules that keep a clone standing alone: no file names a place outside the project.
//!
//! Invariant: a path that climbs is judged by the folder it starts from: that of its file, or that
//! of its crate where it follows `CARGO_MANIFEST_DIR`.

use super::Source;

/// Written in two parts, so that this file keeps the rule.
const OUTSIDE: &[&str] = &[
    concat!("../sha", "red"),
    concat!("shared/fix", "tures"),
    concat!("beside the pro", "ject"),
    concat!("sibling fol", "der"),
    concat!("项目", "旁边"),
];

/// What a path that climbs stands in.
const READING: &[&str] = &["CARGO_MANIFEST_DIR", "include_str!", "include_bytes!", "include!"];

/// Everything in one file that reaches outside.
pub fn problems(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        let place = format!("{}:{}", source.path, number + 1);
        let lower = line.to_lowercase();
        for words in OUTSIDE.iter().filter(|words| lower.contains(**words)) {
            found.push(format!("{place}: {words} is not in the project"));
        }
        if climbs_out(&source.path, line) {
            found.push(format!("{place}: a path that leaves the project"));
        }
    }
    found
}

fn climbs_out(path: &str, line: &str) -> bool {
    // What a recorded request asks for is data.
    if path.starts_with("fixtures/") && path.ends_with(".json") {
        return false;
    }
    let is_code = path.ends_with(".rs");
    if is_code && !READING.iter().any(|word| line.contains(word)) {
        return line.contains("root().join(\"..");
    }
    let depth = if line.contains(READING[0]) { crate_depth(path) } else { folders(path) };
    steps_up(line) > depth
}

/// How many folders a file is in.
fn folders(path: &str) -> usize {
    path.matches('/').count()
}

/// How many folders deep the crate of a file is: `crates/NAME` or `xtask`.
fn crate_depth(path: &str) -> usize {
    folders(path).min(if path.starts_with("crates/") { 2 } else { 1 })
}

/// The longest run of `../` in a line.
fn steps_up(line: &str) -> usize {
    let (mut longest, mut run, mut rest) = (0, 0, line);
    while let Some(at) = rest.find("../") {
        run = if at == 0 { run + 1 } else { 1 };
        longest = longest.max(run);
        rest = &rest[at + 3..];
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, line: &str, expected: &[&str]) {
        let found = problems(&Source { path: path.to_owned(), text: line.to_owned() });
        assert_eq!(found.len(), expected.len(), "{path}: {found:?}");
        for (sentence, part) in found.iter().zip(expected) {
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn no_folder_outside_is_named() {
        for words in OUTSIDE {
            check("docs/a.md", &format!("they lie in x/{words}/y"), &[words]);
        }
        let capital = OUTSIDE[2].replace("beside", "Beside");
        check("docs/a.md", &capital, &[OUTSIDE[2]]);
        check("docs/a.md", "the shared key, beside the page", &[]);
    }

    #[test]
    fn paths_stay_in_the_project() {
        let up = |steps: usize| "../".repeat(steps);
        let manifest = |steps: usize| format!("env!(\"CARGO_MANIFEST_DIR\"), \"/{}x\"", up(steps));
        check("crates/forms/src/form/tests.rs", &manifest(2), &[]);
        check("crates/forms/src/form/tests.rs", &manifest(3), &["leaves"]);
        check("xtask/src/paths.rs", &manifest(1), &[]);
        check("xtask/src/paths.rs", &manifest(2), &["leaves"]);
        let included = |steps: usize| format!("include_str!(\"{}x\")", up(steps));
        check("src/features/setup/mod.rs", &included(3), &[]);
        check("src/features/setup/mod.rs", &included(4), &["leaves"]);
        check("crates/a/tests/b.rs", &format!("places::root().join(\"{}x\")", up(1)), &["leaves"]);
        check("crates/a/tests/b.rs", &format!("get(\"/{}etc\")", up(9)), &[]);
        check("docs/a.md", "[b](../README.md)", &[]);
        check("README.md", "[b](../b.md)", &["leaves"]);
        check("deploy/nginx/README.md", "[b](../../../b.md) or ../a", &["leaves"]);
        check("fixtures/a.json", &format!("\"/view?filename={}x\"", up(9)), &[]);
        check("fixtures/README.md", &up(2), &["leaves"]);
        check(".ci/run", "cd \"$(dirname \"$0\")/..\"", &[]);
    }
}

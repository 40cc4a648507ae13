//! The rules of the house that the compiler does not know.
//!
//! Invariant: each rule is a function from a file, or from all files, to sentences; running on
//! the real tree is a test like any other.

mod alone;
mod circles;
mod code;
mod tree;

use std::fs;
use std::path::Path;

use crate::Outcome;

/// One text file of the project, its path relative and with forward slashes.
#[derive(Debug)]
pub struct Source {
    pub path: String,
    pub text: String,
}

/// Folders that hold no sources of ours.
const NOT_OURS: &[&str] = &[
    ".git",
    "target",
    "dist",
    "shots",
    "node_modules",
    "__pycache__",
    ".venv",
    "corpus",
    "artifacts",
];

const TEXT_ENDINGS: &[&str] = &[
    "conf",
    "css",
    "html",
    "js",
    "json",
    "md",
    "py",
    "rs",
    "sh",
    "svg",
    "toml",
    "webmanifest",
    "yaml",
    "yml",
    "run",
    "Caddyfile",
    "Containerfile",
    "env",
    "template",
    "lock",
];

/// Files at the top that have none of these endings. In a work tree of git `.git` is a file.
const AT_THE_TOP: &[&str] = &[".git", ".gitignore", "LICENSE"];

/// Everything that breaks a rule, a sentence each.
pub fn problems_of(root: &Path) -> Outcome<Vec<String>> {
    let mut sources = Vec::new();
    collect(root, "", &mut sources)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let mut found = problems(&sources);
    found.extend(strays(&names_in(root)?));
    Ok(found)
}

/// Files at the top that are no texts, such as an archive that a tool left there.
fn strays(names: &[String]) -> Vec<String> {
    let is_text = |name: &str| TEXT_ENDINGS.contains(&name.rsplit('.').next().unwrap_or(name));
    let strays = names.iter().filter(|name| !is_text(name) && !AT_THE_TOP.contains(&name.as_str()));
    strays.map(|name| format!("{name}: does not belong at the top of the project")).collect()
}

fn names_in(folder: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let files =
        entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    Ok(files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

fn problems(sources: &[Source]) -> Vec<String> {
    let mut found: Vec<String> = sources.iter().flat_map(code::problems).collect();
    found.extend(sources.iter().flat_map(alone::problems));
    found.extend(circles::problems(sources));
    found.extend(tree::problems(sources));
    found
}

fn collect(root: &Path, below: &str, sources: &mut Vec<Source>) -> Outcome {
    let folder = root.join(below);
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !NOT_OURS.contains(&name.as_str()) {
            collect(root, &path, sources)?;
        } else if TEXT_ENDINGS.contains(&name.rsplit('.').next().unwrap_or(&name)) {
            // Not text after all, or gone meanwhile: nothing to judge.
            if let Ok(text) = fs::read_to_string(entry.path()) {
                sources.push(Source { path, text });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_tool_left_at_the_top_is_named() {
        let names = ["Cargo.toml", "LICENSE", ".gitignore", "tool-1.0-any.whl", "core"];
        let found = strays(&names.map(str::to_owned));
        let expected = ["tool-1.0-any.whl", "core"];
        assert_eq!(
            found,
            expected.map(|it| format!("{it}: does not belong at the top of the project"))
        );
    }

    #[test]
    fn the_tree_is_tidy() {
        let problems = problems_of(&crate::paths::root()).unwrap();
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}

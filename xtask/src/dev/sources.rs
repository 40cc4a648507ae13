//! What a developer edits: which files there are and when each was changed.
//!
//! Invariant: looking at them takes milliseconds, as it is done several times a second. Folders that
//! a build writes into are not among them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::build::PAGE;
use crate::paths;

/// Where the style sheets are, which are shown without a build: those of all features, and those
/// that stand beside the components that they are for.
const STYLES: &[&str] = &["style", "src"];

/// What emulator and relay are made of.
const PROGRAMS: &[&str] = &["crates/emulator", "crates/relay"];

/// Folders of a crate that neither the page nor a program is made of.
const NOT_BUILT: &[&str] = &["tests", "examples", "benches"];

type Files = BTreeMap<PathBuf, SystemTime>;

/// Every file with the time of its last change, by what has to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    pub styles: Files,
    pub page: Files,
    pub programs: Files,
}

impl Sources {
    /// Looks at the project.
    pub fn look() -> Self {
        Self::below(&paths::root())
    }

    fn below(root: &Path) -> Self {
        let all = |names: &[&str]| {
            let mut files = Files::new();
            names.iter().for_each(|name| collect(&root.join(name), &mut files));
            files
        };
        let (mut styles, mut page) = (all(STYLES), all(PAGE));
        styles.retain(|path, _| is_style(path));
        page.retain(|path, _| !is_style(path));
        Self { styles, page, programs: all(PROGRAMS) }
    }
}

fn collect(path: &Path, files: &mut Files) {
    let Ok(about) = fs::metadata(path) else { return };
    if !about.is_dir() {
        if let (false, Ok(time)) = (is_hidden(path), about.modified()) {
            files.insert(path.to_owned(), time);
        }
        return;
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !NOT_BUILT.contains(&name) {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| collect(&entry.path(), files));
    }
}

fn is_style(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "css")
}

/// Editors keep files of their own beside the one that is edited.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(['.', '#']) || name.ends_with('~')
}

/// The files that were changed, added or removed, relative to the project.
pub fn changed(before: &Files, now: &Files) -> Vec<String> {
    let root = paths::root();
    let other = |path: &&PathBuf| before.get(*path) != now.get(*path);
    let all: std::collections::BTreeSet<&PathBuf> = before.keys().chain(now.keys()).collect();
    let named = |path: &PathBuf| path.strip_prefix(&root).unwrap_or(path).display().to_string();
    all.into_iter().filter(other).map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_of_one_kind() {
        let sources = Sources::look();
        let is_in = |files: &Files, name: &str| files.contains_key(&paths::root().join(name));
        assert!(is_in(&sources.styles, "style/base.css"));
        assert!(is_in(&sources.styles, "src/features/runs/run.css"));
        assert!(!is_in(&sources.styles, "src/features/runs/run.rs"));
        assert!(is_in(&sources.page, "src/main.rs"));
        assert!(is_in(&sources.page, "crates/session/src/lib.rs"));
        assert!(is_in(&sources.page, "index.html"));
        assert!(is_in(&sources.programs, "crates/relay/src/main.rs"));
        assert!(!is_in(&sources.page, "crates/comfy/tests/recordings.tsv"), "only tested");
        assert!(sources.page.keys().all(|path| !sources.styles.contains_key(path)));
    }

    #[test]
    fn what_changed_is_named() {
        let at = |seconds| SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let files = |list: &[(&str, u64)]| -> Files {
            list.iter().map(|(name, time)| (paths::root().join(name), at(*time))).collect()
        };
        let before = files(&[("src/a.rs", 1), ("src/b.rs", 1), ("src/c.rs", 1)]);
        let now = files(&[("src/a.rs", 1), ("src/b.rs", 2), ("src/d.rs", 1)]);
        let name = |name: &str| Path::new(name).display().to_string();
        assert_eq!(changed(&before, &now), ["src/b.rs", "src/c.rs", "src/d.rs"].map(name));
        assert!(changed(&now, &now).is_empty());
    }

    #[test]
    fn files_of_editors_are_left_out() {
        for name in ["src/.main.rs.swp", "src/#main.rs#", "src/main.rs~"] {
            assert!(is_hidden(Path::new(name)), "{name}");
        }
        assert!(!is_hidden(Path::new("src/main.rs")));
    }
}

//! What `worker.js` keeps for when there is no network: every file of the page that is the same for
//! everybody.

use std::path::Path;

use super::{files_of, names, read, read_text, write};
use crate::Outcome;

/// An operator's own: they are asked for first.
const BESIDE: [&str; 2] = ["config.json", "workflows/"];
/// Large, and not needed by most people: kept once the page has asked for them.
const LAZY: [&str; 1] = ["core-nodes.json"];
pub const WORKER: &str = "worker.js";
const NO_VERSION: &str = "const VERSION = \"\";";
const NO_FILES: &str = "const FILES = [];";
const NO_LAZY: &str = "const LAZY = [];";

/// Names the files in `dist`, and a version that follows from their contents.
pub fn name_files(dist: &Path) -> Outcome {
    let mut names = Vec::new();
    collect(dist, dist, &mut names)?;
    names.sort();
    let contents: Vec<Vec<u8>> =
        names.iter().map(|name| read(&dist.join(name))).collect::<Outcome<_>>()?;
    let mut parts: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    parts.extend(names.iter().map(String::as_bytes));
    let worker = dist.join(WORKER);
    let filled = filled(&read_text(&worker)?, names::hash(&parts), &names)?;
    write(&worker, &filled)
}

fn collect(dist: &Path, folder: &Path, names: &mut Vec<String>) -> Outcome {
    for path in files_of(folder)? {
        if path.is_dir() {
            collect(dist, &path, names)?;
        } else {
            names.extend(name(dist, &path).filter(|name| is_kept(name)));
        }
    }
    Ok(())
}

fn name(dist: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(dist).ok()?.iter();
    let parts: Vec<&str> = parts.map(|part| part.to_str()).collect::<Option<_>>()?;
    Some(parts.join("/"))
}

fn is_kept(name: &str) -> bool {
    name != WORKER && !BESIDE.iter().any(|beside| name.starts_with(beside))
}

/// The page itself is asked for as `./`: some hosts send whoever asks for `index.html` there.
fn filled(worker: &str, version: u64, names: &[String]) -> Outcome<String> {
    if ![NO_VERSION, NO_FILES, NO_LAZY].iter().all(|place| worker.contains(place)) {
        return Err(format!("{WORKER} has no place for its version and files"));
    }
    let quoted = |name: &String| match name.as_str() {
        "index.html" => "\"./\"".to_owned(),
        name => format!("\"{name}\""),
    };
    let list = |is_lazy: bool| {
        let names = names.iter().filter(|name| LAZY.contains(&name.as_str()) == is_lazy);
        names.map(quoted).collect::<Vec<String>>().join(",")
    };
    let files = format!("const FILES = [{}];", list(false));
    let lazy = format!("const LAZY = [{}];", list(true));
    let version = format!("const VERSION = \"{version:016x}\";");
    let worker = worker.replace(NO_VERSION, &version).replace(NO_FILES, &files);
    Ok(worker.replace(NO_LAZY, &lazy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_in_the_tree_is_filled_in() {
        let worker = include_str!("../../../public/worker.js");
        let names = ["core-nodes.json", "icons/flame.svg", "index.html"].map(str::to_owned);
        let filled = filled(worker, 0xab, &names).expect("a worker with its places");
        assert!(filled.contains("const VERSION = \"00000000000000ab\";"));
        assert!(filled.contains("const FILES = [\"icons/flame.svg\",\"./\"];"));
        assert!(filled.contains("const LAZY = [\"core-nodes.json\"];"));
        assert!(super::filled(&filled, 1, &names).is_err(), "filled in twice");
    }

    #[test]
    fn what_is_an_operators_is_not_kept() {
        for name in ["config.json", "workflows/janus-text-to-image.json", "worker.js"] {
            assert!(!is_kept(name), "{name}");
        }
        assert!(is_kept("index.html") && is_kept("icons/flame.svg"));
    }
}

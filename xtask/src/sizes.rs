//! How large the built page is, file by file.
//!
//! Invariant: counts what a browser that takes brotli receives as bodies.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// Prints every file of the page; those that `index.html` loads are summed up.
pub fn print(dist: &Path) -> Outcome {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.sort();
    let page = fs::read_to_string(dist.join("index.html")).unwrap_or_default();
    let (mut raw_sum, mut packed_sum) = (0, 0);
    println!("\n{:<44} {:>9} {:>9}  at the start", "file", "bytes", "brotli");
    for path in files {
        let Ok(name) = path.strip_prefix(dist) else { continue };
        let name = name.to_string_lossy().replace('\\', "/");
        let raw = length(&path);
        let packed = length(&twin(&path)).or(raw);
        let is_first = name == "index.html" || page.contains(&name);
        if is_first {
            raw_sum += raw.unwrap_or(0);
            packed_sum += packed.unwrap_or(0);
        }
        let mark = if is_first { "yes" } else { "" };
        println!("{name:<44} {:>9} {:>9}  {mark}", raw.unwrap_or(0), packed.unwrap_or(0));
    }
    println!("{:<44} {raw_sum:>9} {packed_sum:>9}", "named by index.html");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files)?;
        } else if !path.extension().is_some_and(|e| e == "br" || e == "gz") {
            files.push(path);
        }
    }
    Ok(())
}

fn twin(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|data| data.len())
}

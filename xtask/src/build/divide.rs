//! Two modules from the one that trunk made: what the form needs, and what is fetched after it.
//!
//! trunk has no step between the compiler and wasm-bindgen, so that step is made again here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{files_of, read_text, starts_with, write};
use crate::process;
use crate::tools::Tools;
use crate::{Outcome, paths, pins};

/// Puts two modules where trunk put one.
pub fn divide(tools: &Tools, dist: &Path) -> Outcome {
    let folder = paths::scratch().join("divided");
    let _ = fs::remove_dir_all(&folder);
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(wrong)?;
    let name = pins::PAGE_PACKAGE;
    let whole = paths::target().join(pins::WASM_TARGET).join("page").join(format!("{name}.wasm"));
    let mut command = Command::new(paths::program("pilotlight-divide"));
    process::run(command.arg(whole).arg(&folder).arg(name))?;
    let mut command = Command::new(&tools.wasm_bindgen);
    // The parts need what the linker exported: memory, table, stack.
    command.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-dir"]);
    command.arg(dist).args(["--out-name", name]).arg(folder.join(format!("{name}.wasm")));
    process::run(command.stdin(Stdio::null()))?;
    let mut command = Command::new(paths::program("pilotlight-trim"));
    command.arg(dist.join(format!("{name}.js"))).arg(dist.join(format!("{name}_bg.wasm")));
    process::run(&mut command)?;
    for path in files_of(&folder)? {
        let part = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if part.starts_with(&format!("{name}_")) {
            fs::copy(&path, dist.join(part)).map_err(wrong)?;
        }
    }
    instead_of_trunks(dist, name)
}

/// The lazy bundle that is loaded first, as `src/bundles.rs` names it.
const FIRST_LAZY_BUNDLE: &str = "second_bundle";

/// Packs the small modules into a larger one, once wasm-opt has made all of them smaller.
pub fn pack(dist: &Path) -> Outcome {
    let mut command = Command::new(paths::program("pilotlight-pack"));
    process::run(command.arg(dist).arg(pins::PAGE_PACKAGE).arg(FIRST_LAZY_BUNDLE))
}

/// Takes trunk's module away and names the divided one in the page.
fn instead_of_trunks(dist: &Path, name: &str) -> Outcome {
    let is_trunks = |path: &PathBuf| starts_with(path, &format!("{name}-"));
    let trunks: Vec<PathBuf> = files_of(dist)?.into_iter().filter(is_trunks).collect();
    let module = trunks.iter().find_map(|path| path.to_str()?.strip_suffix("_bg.wasm"));
    let old = module.and_then(|module| module.rsplit(['/', '\\']).next());
    let old = old.ok_or("trunk made no module")?;
    let page = dist.join("index.html");
    // The page's script begins with what fetches the parts: both come at once.
    let html = preloading(&read_text(&page)?, old)?;
    write(&page, &html.replace(old, name))?;
    for file in &trunks {
        fs::remove_file(file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// The page with a line for the script of the parts, before its first tag about the module.
fn preloading(html: &str, name: &str) -> Outcome<String> {
    let about = html.find(&format!("{name}.js")).map(|at| html.split_at(at).0.rfind('<'));
    let Some(at) = about.flatten() else {
        return Err("index.html does not name the page's module; see Trunk.toml".to_owned());
    };
    let (before, after) = html.split_at(at);
    Ok(format!("{before}<link rel=\"modulepreload\" href=\"./{name}_parts.js\">{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_the_parts_comes_with_the_page() {
        let page = "<head><title>x</title><link href=./page-1.js rel=modulepreload>";
        let expected = "<head><title>x</title>\
            <link rel=\"modulepreload\" href=\"./page-1_parts.js\">\
            <link href=./page-1.js rel=modulepreload>";
        assert_eq!(preloading(page, "page-1").as_deref(), Ok(expected));
        assert!(preloading("<head></head>", "page-1").is_err());
    }
}

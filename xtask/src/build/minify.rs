//! Minifies the scripts with esbuild; trunk's own minifier does not understand what wasm-bindgen
//! writes, and leaves scripts inside of the page alone.

use std::path::Path;
use std::process::{Command, Stdio};

use super::offline::WORKER;
use super::{ends_with, files_of, read_text, write};
use crate::tools::Tools;
use crate::{Outcome, process};

/// Minifies every script in `dist` and the one inside of `index.html`, if esbuild is installed, but
/// for the worker, which the build has to fill in first.
pub fn scripts(tools: &Tools, dist: &Path) -> Outcome {
    let Some(esbuild) = &tools.esbuild else { return Ok(()) };
    let is_minified = |path: &Path| ends_with(path, ".js") && !ends_with(path, WORKER);
    for path in files_of(dist)?.into_iter().filter(|path| is_minified(path)) {
        minify(esbuild, &path)?;
    }
    let page = dist.join("index.html");
    let html = read_text(&page)?;
    let Some((before, rest)) = html.split_once("<script>") else { return Ok(()) };
    let Some((script, after)) = rest.split_once("</script>") else { return Ok(()) };
    let part = dist.join("inline.js");
    write(&part, script)?;
    minify(esbuild, &part)?;
    let script = read_text(&part)?;
    std::fs::remove_file(&part).map_err(|error| format!("{}: {error}", part.display()))?;
    write(&page, &format!("{before}<script>{}</script>{after}", script.trim_end()))
}

/// Minifies the worker, once it is filled in.
pub fn worker(tools: &Tools, dist: &Path) -> Outcome {
    tools.esbuild.as_ref().map_or(Ok(()), |esbuild| minify(esbuild, &dist.join(WORKER)))
}

/// Replaces a script by a smaller one that does the same. Errors and warnings are esbuild's, but for
/// warnings about what wasm-bindgen writes (the same key twice in an object).
fn minify(esbuild: &Path, script: &Path) -> Outcome {
    let mut command = Command::new(esbuild);
    command.args(["--minify", "--log-level=error", "--charset=utf8", "--allow-overwrite"]);
    command.arg(script).arg(format!("--outfile={}", script.display()));
    process::run(command.stdin(Stdio::null()))
}

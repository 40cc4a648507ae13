//! `cargo xtask build`: the page into `dist/`, small, packed, its names following its content.
//!
//! Invariant: two builds with different bytes have different names, so a browser may keep a file
//! for ever by its name.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};

use crate::process::{self, cargo, duration, step};
use crate::tools::{self, Tools};
use crate::{Outcome, paths, pins, sizes};

/// Everything the page is made from, below the project's folder.
const SOURCES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/compress",
    "crates/engine",
    "index.html",
    "public",
    "src",
    "start.js",
    "style",
    "xtask/src/build.rs",
    "xtask/src/pins.rs",
];

pub fn run() -> Outcome {
    programs()?;
    page()?;
    sizes::print(&paths::dist())
}

/// Builds the page unless nothing has changed since the last time.
pub fn page() -> Outcome {
    let mark = paths::scratch().join("page-built");
    let started = SystemTime::now();
    if is_fresh(&mark) {
        step("the page in dist/ is up to date");
        return Ok(());
    }
    let tools = tools::ready()?;
    step("building the page (the first time takes about 4 minutes on 2 cores)");
    let clock = Instant::now();
    // A build that stops half-way must not look finished.
    let _ = fs::remove_file(&mark);
    fetch_crates()?;
    run_trunk(&tools)?;
    let dist = paths::dist();
    if let Some(wasm_opt) = &tools.wasm_opt {
        shrink(wasm_opt, &module(&dist)?)?;
    }
    squeeze(&dist)?;
    rename_by_content(&dist)?;
    process::run(Command::new(paths::program("pilotlight-compress")).arg(&dist))?;
    println!("    built in {}", duration(clock.elapsed()));
    // Without wasm-opt the next build tries again to get one.
    if tools.wasm_opt.is_some() {
        write_mark(&mark, started)?;
    }
    Ok(())
}

/// Builds the native programs: relay, emulator, packing.
///
/// All packages at once, as the tests do, so that shared crates are compiled once.
pub fn programs() -> Outcome {
    step("building the programs (the first time takes about 2 minutes)");
    let mut command = cargo();
    command.args(["build", "--release", "--quiet", "--workspace", "--bins"]);
    command.args(["--exclude", pins::PAGE_PACKAGE, "--exclude", pins::BROWSER_PACKAGE]);
    // Being replaced while it runs is something Windows does not allow.
    process::run(command.args(["--exclude", "xtask"]))
}

/// trunk builds offline, so that it fetches no tools; the crates must be there before.
fn fetch_crates() -> Outcome {
    let said = process::output("rustc", &["-vV"]).ok_or("rustc does not run")?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let mut command = cargo();
    command.args(["fetch", "--locked", "--quiet", "--target", pins::WASM_TARGET]);
    if let Some(host) = host {
        command.args(["--target", host]);
    }
    process::run(&mut command)
}

fn run_trunk(tools: &Tools) -> Outcome {
    let mut command = Command::new(&tools.trunk);
    command
        .args(["--log", "error", "build", "--release"])
        .current_dir(paths::root())
        .stdin(Stdio::null());
    command.env("PATH", tools.path()?).env("TRUNK_SKIP_VERSION_CHECK", "true");
    command.env("CARGO_ENCODED_RUSTFLAGS", without_places()?);
    // trunk takes NO_COLOR=1, as other programs set it, for a mistake.
    process::run(command.env_remove("NO_COLOR").env("RUST_BACKTRACE", "0"))
}

/// Paths of the building machine stand in panic messages. They say nothing to anybody else, and
/// without them the page is the same wherever it is built.
fn without_places() -> Outcome<String> {
    let sysroot = process::output("rustc", &["--print", "sysroot"]).ok_or("rustc does not run")?;
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from);
    let cargo = cargo.or_else(|| home.map(|home| home.join(".cargo")));
    let mut places = vec![(PathBuf::from(sysroot.trim()), "rust"), (paths::root(), "pilotlight")];
    if let Some(sources) = cargo.map(|cargo| cargo.join("registry").join("src")) {
        let registries = fs::read_dir(&sources).into_iter().flatten().flatten();
        places.extend(registries.map(|registry| (registry.path(), "crates")));
    }
    let flags: Vec<String> = places
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect();
    Ok(flags.join("\u{1f}"))
}

/// The page's WebAssembly file.
fn module(dist: &Path) -> Outcome<PathBuf> {
    let mut found = files_of(dist)?.into_iter().filter(|path| ends_with(path, "_bg.wasm"));
    match (found.next(), found.next()) {
        (Some(module), None) => Ok(module),
        _ => Err("trunk made no module, or more than one".to_owned()),
    }
}

fn shrink(wasm_opt: &Path, module: &Path) -> Outcome {
    let smaller = module.with_extension("smaller");
    let mut command = Command::new(wasm_opt);
    command.args(pins::WASM_OPT_FLAGS).arg(module).arg("-o").arg(&smaller);
    process::run(command.stdin(Stdio::null()))?;
    fs::rename(&smaller, module).map_err(|error| format!("{}: {error}", module.display()))
}

/// Takes comments and indentation out of the scripts, which trunk cannot: its own minifier does
/// not understand what wasm-bindgen writes, and leaves what is inside the page alone.
fn squeeze(dist: &Path) -> Outcome {
    for path in files_of(dist)?.into_iter().filter(|path| ends_with(path, ".js")) {
        let text = read_text(&path)?;
        write(&path, &squeezed(&text))?;
    }
    let page = dist.join("index.html");
    let html = read_text(&page)?;
    let Some((before, rest)) = html.split_once("<script>") else { return Ok(()) };
    let Some((script, after)) = rest.split_once("</script>") else { return Ok(()) };
    write(&page, &format!("{before}<script>{}</script>{after}", squeezed(script)))
}

/// Lines stay lines, so that nothing depends on semicolons; text that goes over several lines
/// would be changed, so a script with such a text stays as it is.
fn squeezed(script: &str) -> String {
    if script.lines().any(|line| line.matches('`').count() % 2 == 1 || line.ends_with('\\')) {
        return script.to_owned();
    }
    let mut kept = Vec::new();
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        let begins = line.starts_with("/*");
        if in_comment || begins {
            in_comment = !line.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// Gives the module and its JavaScript a name that follows from both contents, in the page too.
fn rename_by_content(dist: &Path) -> Outcome {
    let wasm = module(dist)?;
    let name = wasm.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let old = name.trim_end_matches("_bg.wasm").to_owned();
    let script = dist.join(format!("{old}.js"));
    let crate_name = old.rsplit_once('-').map_or(old.as_str(), |(name, _)| name);
    let new = format!("{crate_name}-{:016x}", hash(&[&read(&wasm)?, &read(&script)?]));
    let page = dist.join("index.html");
    let html = read_text(&page)?;
    if !html.contains(&format!("{old}.js")) || !html.contains(&format!("{old}_bg.wasm")) {
        return Err("index.html does not name the page's module; see Trunk.toml".to_owned());
    }
    let moved = |from: &Path, to: PathBuf| {
        fs::rename(from, &to).map_err(|error| format!("{}: {error}", to.display()))
    };
    moved(&wasm, dist.join(format!("{new}_bg.wasm")))?;
    moved(&script, dist.join(format!("{new}.js")))?;
    write(&page, &html.replace(&old, &new))
}

/// FNV-1a: told apart, not protected, is all that a name needs.
pub fn hash(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn files_of(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ending))
}

fn is_fresh(mark: &Path) -> bool {
    let Ok(built) = fs::metadata(mark).and_then(|data| data.modified()) else { return false };
    paths::dist().join("index.html").is_file()
        && SOURCES.iter().all(|name| newest(&paths::root().join(name)) <= Some(built))
}

/// The latest change below a path; folders count, because their time tells of removed files.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = fs::metadata(path).and_then(|data| data.modified()).ok();
    let below = fs::read_dir(path).into_iter().flatten().flatten();
    below.map(|entry| newest(&entry.path())).fold(own, Option::max)
}

fn write_mark(mark: &Path, started: SystemTime) -> Outcome {
    let wrong = |error: std::io::Error| format!("{}: {error}", mark.display());
    fs::create_dir_all(paths::scratch()).map_err(wrong)?;
    let file = fs::File::create(mark).map_err(wrong)?;
    // What was changed while it was built is newer than this.
    file.set_modified(started).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_squeezed(script: &str, expected: &str) {
        assert_eq!(squeezed(script), expected);
    }

    #[test]
    fn scripts_lose_comments_and_nothing_else() {
        check_squeezed("// why\n  a();\n\n  b(); // stays\n", "a();\nb(); // stays");
        check_squeezed("/**\n * long\n */\nf();\n/* short */\ng();", "f();\ng();");
        check_squeezed("x = `a\n  // b`;", "x = `a\n  // b`;");
        check_squeezed("x = \"a\\\n  b\";", "x = \"a\\\n  b\";");
        check_squeezed("x = `one`;\n", "x = `one`;");
    }

    #[test]
    fn the_hash_follows_every_byte() {
        assert_eq!(hash(&[b""]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(&[b"a"]), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash(&[b"fo", b"obar"]), 0x8594_4171_f739_67e8);
    }
}

//! Makes Rust of the locale files, and ends the build where they disagree.
//!
//! Writes `messages.rs`, which `src/text` includes, and for a test `three.rs`, the same with a
//! third language.

mod code;
mod fluent;
mod locales;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use locales::Locale;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=locales");
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                println!("cargo::error={error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Vec<String>> {
    let said = |error: &dyn std::fmt::Display| vec![error.to_string()];
    let folder = env::var_os("CARGO_MANIFEST_DIR").ok_or("no folder").map_err(|e| said(&e))?;
    let folder = Path::new(&folder).join("locales");
    let mut codes = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| said(&error))? {
        let path = entry.map_err(|error| said(&error))?.path();
        let code = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_some_and(|end| end == "ftl") {
            codes.push(code);
        }
    }
    // English first: the others follow it.
    codes.sort_by_key(|code| (code != "en", code.clone()));
    let (mut locales, mut errors) = (Vec::new(), Vec::new());
    for code in &codes {
        let path = folder.join(format!("{code}.ftl"));
        let text = fs::read_to_string(&path).map_err(|error| said(&error))?;
        match Locale::read(code, &format!("crates/i18n/locales/{code}.ftl"), &text) {
            Ok(locale) => locales.push(locale),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if errors.is_empty() {
        errors = locales::disagreements(&locales);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let out = env::var_os("OUT_DIR").ok_or("no place for code").map_err(|e| said(&e))?;
    let write = |name: &str, text: String| {
        fs::write(Path::new(&out).join(name), text).map_err(|error| said(&error))
    };
    write("messages.rs", code::write(&locales))?;
    locales.retain(|locale| ["en", "zh"].contains(&locale.known.code));
    locales.extend(locales.first().and_then(locales::pseudo));
    write("three.rs", code::write(&locales))
}

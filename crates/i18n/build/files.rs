//! Reads the locale files of a folder, and writes the generated code.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use crate::locales::{Locale, disagreements};

/// The groups that `crates/forms` generates for its labels; this crate has the others.
pub const OF_FORMS: fn(&str) -> bool = |group| ["input", "fixed", "workflow"].contains(&group);

/// Names of files and their contents.
type Written = Vec<(&'static str, String)>;

/// Generates the code. `place`: the parent folder of `build` and `locales`, relative to the crate
/// that is built. Ends the build with a line for each error in the files.
pub fn build(place: &str, make: impl FnOnce(&[Locale]) -> Written) -> ExitCode {
    println!("cargo::rerun-if-changed={place}/build");
    println!("cargo::rerun-if-changed={place}/locales");
    let outcome = read(Path::new(place)).map_err(|error| vec![error.to_string()]);
    let written = outcome
        .and_then(|outcome| outcome)
        .and_then(|locales| write(make(&locales)).map_err(|error| vec![error.to_string()]));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                println!("cargo::error={error}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Returns all files, English first, or their errors.
fn read(place: &Path) -> Result<Result<Vec<Locale>, Vec<String>>, Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(place).join("locales");
    let mut codes = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let code = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_some_and(|end| end == "ftl") {
            codes.push(code);
        }
    }
    codes.sort_by_key(|code| (code != "en", code.clone()));
    let (mut locales, mut errors) = (Vec::new(), Vec::new());
    for code in &codes {
        let text = fs::read_to_string(folder.join(format!("{code}.ftl")))?;
        match Locale::read(code, &format!("crates/i18n/locales/{code}.ftl"), &text) {
            Ok(locale) => locales.push(locale),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if errors.is_empty() {
        errors = disagreements(&locales);
    }
    Ok(if errors.is_empty() { Ok(locales) } else { Err(errors) })
}

fn write(written: Written) -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    for (name, text) in written {
        fs::write(Path::new(&out).join(name), text)?;
    }
    Ok(())
}

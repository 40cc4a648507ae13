//! Divides the page's module at the functions marked `wasm_split`, before wasm-bindgen sees it.
//!
//! Invariant: what cannot be divided as expected ends the build; a page is never made from halves
//! that do not fit.
//!
//! In: a module linked with `--emit-relocs`. Out, in the folder: `NAME.wasm` for wasm-bindgen,
//! `NAME_PART.wasm` per part, and `NAME_parts.js`, which fetches them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use wasm_split_cli_support::{Options, transform};

/// How the tool's script begins the module of a part: that needs a host which calls it
/// `application/wasm`, as the page's own module does not.
const STREAMED: &str = "WebAssembly.instantiateStreaming(src, imports)";
const FROM_BYTES: &str = "src.then(file => file.arrayBuffer())\
     .then(bytes => WebAssembly.instantiate(bytes, imports))";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [module, folder, name] = args.as_slice() else {
        eprintln!("usage: pilotlight-divide MODULE.wasm FOLDER NAME");
        return ExitCode::from(2);
    };
    match divide(Path::new(module), Path::new(folder), name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot divide {module}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn divide(module: &Path, folder: &Path, name: &str) -> Result<(), String> {
    let bytes = fs::read(module).map_err(|error| error.to_string())?;
    let script = format!("{name}_parts.js");
    let (main, link) = (folder.join(format!("{name}.wasm")), format!("./{script}"));
    let glue = format!("./{name}.js");
    let mut options = Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = &glue;
    options.link_name = &link;
    let divided = transform(options).map_err(|error| format!("{error:#}"))?;
    if divided.split_modules.is_empty() {
        return Err("nothing in it is marked as a part".to_owned());
    }
    let script = folder.join(script);
    let text = fs::read_to_string(&script).map_err(|error| error.to_string())?;
    let text = renamed(&text, name, &divided.split_modules)?;
    fs::write(&script, text).map_err(|error| error.to_string())
}

/// Gives the parts' files the page's name, and has them begun from their bytes.
fn renamed(script: &str, name: &str, parts: &[PathBuf]) -> Result<String, String> {
    if script.matches(STREAMED).count() != parts.len() {
        return Err("the tool's script begins its modules in another way".to_owned());
    }
    let mut script = script.replace(STREAMED, FROM_BYTES);
    for part in parts {
        let old = part.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let new = format!("{name}_{}", old.trim_start_matches("split_"));
        if script.matches(&format!("./{old}")).count() != 1 {
            return Err(format!("the tool's script does not name {old} once"));
        }
        script = script.replace(old, &new);
        fs::rename(part, part.with_file_name(new)).map_err(|error| error.to_string())?;
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_is_not_understood_is_refused() {
        let parts = [PathBuf::from("split_second_bundle.wasm")];
        let wrong = [
            ("", "another way"),
            (&format!("{STREAMED} {STREAMED}"), "another way"),
            (STREAMED, "split_second_bundle.wasm"),
        ];
        for (script, said) in wrong {
            let error = renamed(script, "page", &parts).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_module_without_marks_is_refused() {
        let folder = env::temp_dir().join(format!("pilotlight-divide-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let module = folder.join("empty.wasm");
        // The smallest module there is.
        fs::write(&module, b"\0asm\x01\0\0\0").unwrap();
        let divided = divide(&module, &folder, "page");
        fs::remove_dir_all(&folder).unwrap();
        assert!(divided.is_err());
    }
}

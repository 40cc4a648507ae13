//! Packs the small modules that several lazy bundles share into the module that all of them need, so
//! that none is a request of its own. They become its custom sections.
//!
//! Invariant: a script that does not look as expected ends the build.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasm_encoder::{CustomSection, Section};

/// A shared module below this size in bytes (uncompressed) is packed.
const SMALL_BYTES: usize = 10_000;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [folder, name] = args.as_slice() else {
        eprintln!("usage: pilotlight-pack FOLDER NAME");
        return ExitCode::from(2);
    };
    match pack_files(Path::new(folder), name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot pack the modules of {name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn pack_files(folder: &Path, name: &str) -> Result<(), String> {
    let mut chunks = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if let Some(chunk) = chunk_of(&path, name) {
            let bytes = fs::read(&path).map_err(|error| error.to_string())?;
            chunks.push((chunk, path, bytes));
        }
    }
    chunks.sort_by_key(|(_, _, bytes)| bytes.len());
    let Some((holder, holder_path, mut holder_bytes)) = chunks.pop() else { return Ok(()) };
    chunks.retain(|(_, _, bytes)| bytes.len() < SMALL_BYTES);
    let script_path = folder.join(format!("{name}_parts.js"));
    let script = fs::read_to_string(&script_path).map_err(|error| error.to_string())?;
    let packed: Vec<&str> = chunks.iter().map(|(chunk, ..)| chunk.as_str()).collect();
    let script = with_packed(&script, name, &holder, &packed)?;
    for (chunk, _, bytes) in &chunks {
        let section = CustomSection { name: chunk.into(), data: bytes.into() };
        section.append_to(&mut holder_bytes);
    }
    fs::write(&holder_path, holder_bytes).map_err(|error| error.to_string())?;
    fs::write(&script_path, script).map_err(|error| error.to_string())?;
    chunks.iter().try_for_each(|(_, path, _)| fs::remove_file(path)).map_err(|e| e.to_string())
}

/// Returns `chunk_7` for `NAME_chunk_7.wasm`.
fn chunk_of(path: &Path, name: &str) -> Option<String> {
    let file = path.file_name()?.to_str()?;
    let chunk = file.strip_prefix(name)?.strip_prefix('_')?.strip_suffix(".wasm")?;
    chunk.starts_with("chunk_").then(|| chunk.to_owned())
}

/// Returns the script with these modules read from the custom sections of `holder`. A module is
/// loaded by `const __chunk_7 = makeLoad(…, [DEPENDENCIES]);`, which gives a module and its instance.
fn with_packed(script: &str, name: &str, holder: &str, packed: &[&str]) -> Result<String, String> {
    let loader = format!("const __{holder} = makeLoad(");
    let rest = script.split_once(&loader).map(|(_, rest)| rest);
    let rest = rest.ok_or_else(|| format!("the script does not load {holder}"))?;
    // It must not wait for a module that is read from it.
    let end = rest.split_once("\n, [").map(|(_, end)| end).unwrap_or_default();
    if !end.starts_with("]);") {
        return Err(format!("{holder} depends on other modules"));
    }
    let mut script = script.to_owned();
    for chunk in packed {
        let fetched = format!("fetch(new URL(\"./{name}_{chunk}.wasm\", import.meta.url))");
        if script.matches(&fetched).count() != 1 {
            return Err(format!("the script does not fetch {chunk} once"));
        }
        script = script.replace(&fetched, &format!("packed(\"{chunk}\")"));
    }
    script.push_str(&format!(
        "\nfunction packed(name) {{\n    return __{holder}().then(({{ module }}) =>\n        \
         new Response(WebAssembly.Module.customSections(module, name)[0]));\n}}\n"
    ));
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(dependencies: &str) -> String {
        let load = |chunk: &str, dependencies: &str| {
            format!(
                "const __{chunk} = makeLoad(() => {{\n    const src = fetch(new URL(\
                 \"./page_{chunk}.wasm\", import.meta.url));\n}}\n, [{dependencies}]);\n"
            )
        };
        [load("chunk_1", dependencies), load("chunk_2", "")].concat()
    }

    #[test]
    fn small_modules_are_read_from_the_largest_one() {
        let script = with_packed(&script(""), "page", "chunk_1", &["chunk_2"]).unwrap();
        assert!(script.contains("fetch(new URL(\"./page_chunk_1.wasm\""));
        assert!(script.contains("const src = packed(\"chunk_2\");"));
        assert!(script.contains("return __chunk_1().then("));
        assert!(!script.contains("page_chunk_2.wasm"));
    }

    #[test]
    fn a_script_that_is_not_understood_is_refused() {
        let wrong = [
            (script("__chunk_2"), "chunk_1 depends on other modules"),
            (script("").replace("__chunk_1", "__other"), "the script does not load chunk_1"),
            (script("").replace("page_chunk_2", "page"), "the script does not fetch chunk_2 once"),
        ];
        for (script, said) in wrong {
            assert_eq!(with_packed(&script, "page", "chunk_1", &["chunk_2"]).unwrap_err(), said);
        }
    }

    #[test]
    fn packed_modules_are_custom_sections() {
        let folder = env::temp_dir().join(format!("pilotlight-pack-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let module = b"\0asm\x01\0\0\0";
        fs::write(folder.join("page_chunk_1.wasm"), [&module[..], &[0, 2, 1, b'x']].concat())
            .unwrap();
        fs::write(folder.join("page_chunk_2.wasm"), module).unwrap();
        fs::write(folder.join("page_parts.js"), script("")).unwrap();
        pack_files(&folder, "page").unwrap();
        let is_left = folder.join("page_chunk_2.wasm").exists();
        let bytes = fs::read(folder.join("page_chunk_1.wasm")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert!(!is_left);
        let mut sections = Vec::new();
        for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
            if let wasmparser::Payload::CustomSection(section) = payload.unwrap() {
                sections.push((section.name().to_owned(), section.data().to_vec()));
            }
        }
        let expected = [("x".to_owned(), Vec::new()), ("chunk_2".to_owned(), module.to_vec())];
        assert_eq!(sections, expected);
    }
}

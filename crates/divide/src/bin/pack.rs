//! Packs small modules of lazy bundles into the module that all lazy bundles share, as its custom
//! sections, so that none is a request of its own. The shared module takes the place and the name of
//! the bundle that is loaded first, whose own module is small.
//!
//! Invariant: a script that does not look as expected ends the build.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasm_encoder::{CustomSection, Section};

/// A shared module below this size in bytes (uncompressed) is packed.
const SMALL_BYTES: usize = 10_000;

/// A module: its name in the script, and its content.
struct Module {
    name: String,
    bytes: Vec<u8>,
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [folder, name, first_bundle] = args.as_slice() else {
        eprintln!("usage: pilotlight-pack FOLDER NAME FIRST_BUNDLE");
        return ExitCode::from(2);
    };
    match pack_files(Path::new(folder), name, first_bundle) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot pack the modules of {name}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Packs the module of `first_bundle` and the small shared modules into the largest shared one,
/// and names that one `NAME_FIRST_BUNDLE.wasm`. Without a shared module nothing changes.
fn pack_files(folder: &Path, name: &str, first_bundle: &str) -> Result<(), String> {
    let path_of = |module: &str| folder.join(format!("{name}_{module}.wasm"));
    let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut shared = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if let Some(module) = shared_module(&path, name) {
            shared.push(Module { name: module, bytes: read(&path)? });
        }
    }
    shared.sort_by_key(|module| module.bytes.len());
    let Some(mut holder) = shared.pop() else { return Ok(()) };
    let mut packed = shared;
    packed.retain(|module| module.bytes.len() < SMALL_BYTES);
    packed.push(Module { name: first_bundle.to_owned(), bytes: read(&path_of(first_bundle))? });

    let script_path = folder.join(format!("{name}_parts.js"));
    let script = fs::read_to_string(&script_path).map_err(|error| error.to_string())?;
    let names: Vec<&str> = packed.iter().map(|module| module.name.as_str()).collect();
    let script = with_packed(&script, name, &holder.name, first_bundle, &names)?;
    for module in &packed {
        let section = CustomSection { name: (&module.name).into(), data: (&module.bytes).into() };
        section.append_to(&mut holder.bytes);
    }
    let removed = packed.iter().map(|module| &module.name).chain([&holder.name]);
    removed
        .map(|module| path_of(module))
        .try_for_each(fs::remove_file)
        .and_then(|()| fs::write(path_of(first_bundle), holder.bytes))
        .and_then(|()| fs::write(&script_path, script))
        .map_err(|error| error.to_string())
}

/// Returns `chunk_7` for `NAME_chunk_7.wasm`, a module that several bundles share.
fn shared_module(path: &Path, name: &str) -> Option<String> {
    let file = path.file_name()?.to_str()?;
    let module = file.strip_prefix(name)?.strip_prefix('_')?.strip_suffix(".wasm")?;
    module.starts_with("chunk_").then(|| module.to_owned())
}

/// Returns the script with the modules of these names read from the custom sections of `holder`, and
/// `holder` fetched by the name of `first_bundle`. A module is loaded by
/// `const __chunk_7 = makeLoad(…, [DEPENDENCIES]);`, which gives a module and its instance.
fn with_packed(
    script: &str,
    name: &str,
    holder: &str,
    first_bundle: &str,
    packed: &[&str],
) -> Result<String, String> {
    let loader = format!("const __{holder} = makeLoad(");
    let rest = script.split_once(&loader).map(|(_, rest)| rest);
    let rest = rest.ok_or_else(|| format!("the script does not load {holder}"))?;
    // It must not wait for a module that is read from it.
    let end = rest.split_once("\n, [").map(|(_, end)| end).unwrap_or_default();
    if !end.starts_with("]);") {
        return Err(format!("{holder} depends on other modules"));
    }
    let mut script = script.to_owned();
    let mut replace = |module: &str, loaded: &str| {
        let fetched = fetch_of(name, module);
        if script.matches(&fetched).count() != 1 {
            return Err(format!("the script does not fetch {module} once"));
        }
        script = script.replace(&fetched, loaded);
        Ok(())
    };
    for module in packed {
        replace(module, &format!("packed(\"{module}\")"))?;
    }
    replace(holder, &fetch_of(name, first_bundle))?;
    script.push_str(&format!(
        "\nfunction packed(name) {{\n    return __{holder}().then(({{ module }}) =>\n        \
         new Response(WebAssembly.Module.customSections(module, name)[0]));\n}}\n"
    ));
    Ok(script)
}

/// Returns the expression by which the script fetches a module.
fn fetch_of(name: &str, module: &str) -> String {
    format!("fetch(new URL(\"./{name}_{module}.wasm\", import.meta.url))")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(dependencies: &str) -> String {
        let load = |module: &str, dependencies: &str| {
            format!(
                "const __{module} = makeLoad(() => {{\n    const src = {};\n}}\n, [{dependencies}]);\n",
                fetch_of("page", module)
            )
        };
        [load("chunk_1", dependencies), load("chunk_2", ""), load("first", "__chunk_1")].concat()
    }

    #[test]
    fn small_modules_and_the_first_bundle_are_read_from_the_largest_shared_module() {
        let packed = ["chunk_2", "first"];
        let script = with_packed(&script(""), "page", "chunk_1", "first", &packed).unwrap();
        assert_eq!(script.matches("fetch(").count(), 1, "{script}");
        let holder = "const __chunk_1 = makeLoad(() => {\n    const src = fetch(new URL(\"./page_first.wasm\"";
        assert!(script.starts_with(holder), "{script}");
        for module in packed {
            assert!(script.contains(&format!("const src = packed(\"{module}\");")), "{script}");
        }
        assert!(script.contains("return __chunk_1().then("));
    }

    #[test]
    fn a_script_that_is_not_understood_is_refused() {
        let wrong = [
            (script("__chunk_2"), "chunk_1 depends on other modules"),
            (script("").replace("__chunk_1 =", "__other ="), "the script does not load chunk_1"),
            (script("").replace("page_chunk_2", "page"), "the script does not fetch chunk_2 once"),
            (script("").replace("page_chunk_1", "page"), "the script does not fetch chunk_1 once"),
        ];
        for (script, expected) in wrong {
            let refused = with_packed(&script, "page", "chunk_1", "first", &["chunk_2", "first"]);
            assert_eq!(refused.unwrap_err(), expected);
        }
    }

    #[test]
    fn packed_modules_are_custom_sections() {
        let folder = env::temp_dir().join(format!("pilotlight-pack-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let module = b"\0asm\x01\0\0\0";
        let holder = [&module[..], &[0, 2, 1, b'x']].concat();
        let files = [("chunk_1", &holder[..]), ("chunk_2", module), ("first", module)];
        for (name, bytes) in files {
            fs::write(folder.join(format!("page_{name}.wasm")), bytes).unwrap();
        }
        fs::write(folder.join("page_parts.js"), script("")).unwrap();
        pack_files(&folder, "page", "first").unwrap();
        let mut left: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let bytes = fs::read(folder.join("page_first.wasm")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(left, ["page_first.wasm", "page_parts.js"]);
        let mut sections = Vec::new();
        for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
            if let wasmparser::Payload::CustomSection(section) = payload.unwrap() {
                sections.push((section.name().to_owned(), section.data().to_vec()));
            }
        }
        let expected = [
            ("x".to_owned(), Vec::new()),
            ("chunk_2".to_owned(), module.to_vec()),
            ("first".to_owned(), module.to_vec()),
        ];
        assert_eq!(sections, expected);
    }
}

//! Trims the page's module and its script after wasm-bindgen: short names for what the module
//! imports, and no classes that no script uses.
//!
//! Invariant: what does not look as expected ends the build.

use std::collections::HashMap;
use std::process::ExitCode;
use std::{env, fs};

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ExportSection, ImportSection};
use wasmparser::{ExportSectionReader, Imports, Parser, Payload};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [script, module] = args.as_slice() else {
        eprintln!("usage: pilotlight-trim SCRIPT.js MODULE.wasm");
        return ExitCode::from(2);
    };
    match trim_files(script, module) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot trim {module}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn trim_files(script: &str, module: &str) -> Result<(), String> {
    let text = fs::read_to_string(script).map_err(|error| error.to_string())?;
    let bytes = fs::read(module).map_err(|error| error.to_string())?;
    let (text, bytes) = trim(&text, &bytes)?;
    fs::write(script, text).map_err(|error| error.to_string())?;
    fs::write(module, bytes).map_err(|error| error.to_string())
}

fn trim(script: &str, module: &[u8]) -> Result<(String, Vec<u8>), String> {
    let (script, unused_exports) = without_classes(script)?;
    let mut trimming = Trimming { names: short_names(module)?, unused_exports };
    let script = with_names(&script, &trimming.names)?;
    let mut trimmed = wasm_encoder::Module::new();
    trimming
        .parse_core_module(&mut trimmed, Parser::new(0), module)
        .map_err(|error| error.to_string())?;
    Ok((script, trimmed.finish()))
}

/// Whether a module is the script of wasm-bindgen.
fn is_script(module: &str) -> bool {
    module.ends_with("_bg.js")
}

/// A short name for each function that the module imports from the script of wasm-bindgen. Their
/// own names end with a hash of 16 digits, which cannot be compressed.
fn short_names(module: &[u8]) -> Result<HashMap<String, String>, String> {
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::ImportSection(imports) = payload.map_err(|error| error.to_string())? else {
            continue;
        };
        for import in imports.into_imports() {
            let import = import.map_err(|error| error.to_string())?;
            if is_script(import.module) {
                let short = format!("_{:x}", names.len());
                names.entry(import.name.to_owned()).or_insert(short);
            }
        }
    }
    Ok(names)
}

/// Renames the functions in the object that the script hands to the module.
fn with_names(script: &str, names: &HashMap<String, String>) -> Result<String, String> {
    let mut found = 0;
    let lines = script.lines().map(|line| {
        let Some((name, rest)) = line.trim_start().split_once(": ") else { return line.to_owned() };
        let Some(short) = names.get(name) else { return line.to_owned() };
        found += 1;
        format!("{short}: {rest}")
    });
    let renamed = lines.collect::<Vec<_>>().join("\n");
    if found != names.len() {
        return Err(format!("the script defines {found} of {} imported functions", names.len()));
    }
    Ok(renamed)
}

/// Removes the exported classes that the rest of the script does not use. They come from a
/// dependency (streams of server functions). Also returns the module's exports that only they use.
fn without_classes(script: &str) -> Result<(String, Vec<String>), String> {
    let mut rest = script.to_owned();
    let mut removed = String::new();
    let names = script.lines().filter_map(|line| {
        let name = line.strip_prefix("export class ")?.split_whitespace().next()?;
        Some(name.to_owned())
    });
    for name in names.collect::<Vec<_>>() {
        let mut kept = rest.clone();
        let class = cut(&mut kept, &format!("export class {name} {{"), "\n}\n")?;
        let dispose = cut(&mut kept, &format!("if (Symbol.dispose) {name}."), "\n")?;
        let registry = cut(&mut kept, &format!("const {name}Finalization ="), ";\n")?;
        if !kept.contains(&name) {
            removed.extend([class, dispose, registry]);
            rest = kept;
        }
    }
    let mut unused: Vec<String> = removed
        .split("wasm.")
        .skip(1)
        .filter_map(|call| call.split_once('(').map(|(name, _)| name.to_owned()))
        .filter(|name| !rest.contains(&format!("wasm.{name}")))
        .collect();
    unused.sort();
    unused.dedup();
    Ok((rest, unused))
}

/// Cuts from the text what lies between these, both included.
fn cut(text: &mut String, begin: &str, end: &str) -> Result<String, String> {
    let missing = || format!("the script has no {begin:?}");
    let at = text.find(begin).ok_or_else(missing)?;
    let length = text[at..].find(end).ok_or_else(missing)? + end.len();
    let removed = text[at..at + length].to_owned();
    text.replace_range(at..at + length, "");
    Ok(removed)
}

struct Trimming {
    names: HashMap<String, String>,
    unused_exports: Vec<String>,
}

impl Reencode for Trimming {
    type Error = std::convert::Infallible;

    fn parse_imports(
        &mut self,
        section: &mut ImportSection,
        imports: Imports<'_>,
    ) -> Result<(), Error<Self::Error>> {
        if let Imports::Single(_, import) = &imports
            && is_script(import.module)
            && let Some(short) = self.names.get(import.name).cloned()
        {
            section.import(import.module, &short, self.entity_type(import.ty)?);
            return Ok(());
        }
        utils::parse_imports(self, section, imports)
    }

    fn parse_export_section(
        &mut self,
        section: &mut ExportSection,
        exports: ExportSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        for export in exports {
            let export = export?;
            if !self.unused_exports.iter().any(|name| name == export.name) {
                utils::parse_export(self, section, export)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, Function, FunctionSection, Module, TypeSection,
    };

    use super::*;

    const SCRIPT: &str = "\
export class Stream {
    free() { wasm.__wbg_stream_free(1); }
    pull() { wasm.stream_pull(1); wasm.shared(2); }
}
if (Symbol.dispose) Stream.prototype[Symbol.dispose] = Stream.prototype.free;
const imports = {
    __wbg_log_0123456789abcdef: function(arg0) {
        console.log(arg0);
    },
};
wasm.shared(3);
const StreamFinalization = (typeof FinalizationRegistry === 'undefined')
    ? {}
    : new FinalizationRegistry(ptr => wasm.__wbg_stream_free(ptr, 1));
";

    fn module(import: &str) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./page_bg.js", import, EntityType::Function(0));
        imports.import("./parts.js", "kept", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut exports = ExportSection::new();
        for name in ["shared", "stream_pull", "__wbg_stream_free"] {
            exports.export(name, ExportKind::Func, 2);
        }
        let mut code = CodeSection::new();
        let mut body = Function::new([]);
        body.instructions().end();
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&exports).section(&code);
        module.finish()
    }

    #[test]
    fn imports_get_short_names_and_unused_classes_go() {
        let (script, module) = trim(SCRIPT, &module("__wbg_log_0123456789abcdef")).unwrap();
        let expected = "const imports = {\n_0: function(arg0) {\n        console.log(arg0);\n    \
            },\n};\nwasm.shared(3);";
        assert_eq!(script, expected);
        let (mut imports, mut exports) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&module) {
            let payload = payload.unwrap();
            if let Payload::ImportSection(section) = &payload {
                let names = section.clone().into_imports();
                imports.extend(names.map(|one| one.unwrap().name.to_owned()));
            } else if let Payload::ExportSection(section) = &payload {
                let names = section.clone().into_iter();
                exports.extend(names.map(|one| one.unwrap().name.to_owned()));
            }
        }
        assert_eq!(imports, ["_0", "kept"]);
        assert_eq!(exports, ["shared"]);
    }

    #[test]
    fn a_class_that_is_used_stays() {
        let script = SCRIPT.replace("console.log(arg0)", "return Stream.__wrap(arg0)");
        let (script, unused) = without_classes(&script).unwrap();
        assert!(script.contains("export class Stream"));
        assert_eq!(unused, [""; 0]);
    }

    #[test]
    fn a_script_that_lacks_an_import_is_refused() {
        let error = trim(SCRIPT, &module("__wbg_other_0123456789abcdef")).unwrap_err();
        assert_eq!(error, "the script defines 0 of 1 imported functions");
    }
}

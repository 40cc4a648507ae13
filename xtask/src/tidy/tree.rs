//! Rules about files that must agree with each other.
//!
//! Invariant: a file that a rule needs and that is not there is itself a problem.

use super::Source;
use crate::pins;

/// Everything wrong between files.
pub fn problems(sources: &[Source]) -> Vec<String> {
    let mut found = styles_linked(sources);
    found.extend(xtask_alone(sources));
    found.extend(pins_agree(sources));
    found.extend(layers_hold(sources));
    found
}

fn text_of<'a>(sources: &'a [Source], path: &str) -> Option<&'a str> {
    sources.iter().find(|source| source.path == path).map(|source| source.text.as_str())
}

/// trunk does not follow `@import`, so a style that is not linked is not there; one that is wanted
/// by a part of the page alone comes inside of its module.
fn styles_linked(sources: &[Source]) -> Vec<String> {
    let Some(page) = text_of(sources, "index.html") else {
        return vec!["index.html is missing".to_owned()];
    };
    let styles = sources.iter().map(|source| source.path.as_str());
    styles
        .filter(|path| path.starts_with("style/") || path.starts_with("src/"))
        .filter(|path| path.ends_with(".css"))
        .filter(|path| !page.contains(&format!("\"{path}\"")) && !is_inside(sources, path))
        .map(|path| format!("index.html: {path} is not linked"))
        .collect()
}

fn is_inside(sources: &[Source], style: &str) -> bool {
    // By the path from the project, or by that from a folder above it.
    let tails = style.match_indices('/').map(|(at, _)| &style[at + 1..]).chain([style]);
    let included: Vec<String> = tails.map(|tail| format!("{tail}\")")).collect();
    let included = |text: &str| included.iter().any(|included| text.contains(included));
    let mut code = sources.iter().filter(|source| source.path.starts_with("src/"));
    code.any(|source| source.text.contains("include_str!") && included(&source.text))
}

fn xtask_alone(sources: &[Source]) -> Vec<String> {
    match text_of(sources, "xtask/Cargo.toml") {
        None => vec!["xtask/Cargo.toml is missing".to_owned()],
        Some(manifest) if manifest.contains("dependencies]") => {
            vec!["xtask/Cargo.toml: xtask has no dependencies".to_owned()]
        }
        Some(_) => Vec::new(),
    }
}

const OF_ONE_SIDE: &[&str] = &["tokio", "web-sys", "js-sys", "gloo", "leptos", "axum"];

/// What the page is made of, from below: none needs one that follows it. The emulator sees none.
const PAGE_CRATES: &[&str] = &[
    "pilotlight-comfy",
    "pilotlight-forms",
    "pilotlight-runs",
    "pilotlight-i18n",
    "pilotlight-session",
];

/// Pure crates compile for both sides and need no crate above them; the session needs no sentences.
fn layers_hold(sources: &[Source]) -> Vec<String> {
    let mut rules: Vec<(String, Vec<&str>)> = Vec::new();
    for (at, package) in PAGE_CRATES.iter().enumerate() {
        let folder = package.trim_start_matches("pilotlight-");
        let words = OF_ONE_SIDE.iter().chain(&PAGE_CRATES[at + 1..]).copied().collect();
        rules.push((format!("crates/{folder}/Cargo.toml"), words));
    }
    rules.push(("crates/session/Cargo.toml".to_owned(), vec!["pilotlight-i18n"]));
    rules.push(("crates/emulator/Cargo.toml".to_owned(), PAGE_CRATES.to_vec()));
    let mut found = Vec::new();
    for (path, words) in rules {
        let manifest = text_of(sources, &path).unwrap_or_default();
        for word in words.iter().filter(|word| manifest.contains(**word)) {
            found.push(format!("{path}: {word} does not belong there"));
        }
    }
    found
}

fn pins_agree(sources: &[Source]) -> Vec<String> {
    let version = pins::WASM_BINDGEN;
    let rules = [
        ("Cargo.lock", format!("name = \"wasm-bindgen\"\nversion = \"{version}\"\n")),
        ("Cargo.toml", format!("wasm-bindgen = \"={version}\"")),
        ("Trunk.toml", format!("wasm_bindgen = \"{version}\"")),
    ];
    let mut found = Vec::new();
    for (path, line) in rules {
        if !text_of(sources, path).is_some_and(|text| text.contains(&line)) {
            found.push(format!("{path}: wasm-bindgen is not {version}, as xtask/src/pins.rs says"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree that keeps the rules, with one file changed.
    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let version = pins::WASM_BINDGEN;
        let lock = format!("[[package]]\nname = \"wasm-bindgen\"\nversion = \"{version}\"\n");
        let mut sources: Vec<Source> = [
            ("index.html", "<link href=\"style/base.css\">".to_owned()),
            ("style/base.css", String::new()),
            ("style/own.css", String::new()),
            ("src/own.rs", "const OWN: &str = include_str!(\"../style/own.css\");".to_owned()),
            ("xtask/Cargo.toml", "[package]".to_owned()),
            ("Cargo.lock", lock),
            ("Cargo.toml", format!("wasm-bindgen = \"={version}\"")),
            ("Trunk.toml", format!("wasm_bindgen = \"{version}\"")),
        ]
        .into_iter()
        .map(|(path, text)| Source { path: path.to_owned(), text })
        .collect();
        sources.retain(|source| source.path != path);
        sources.push(Source { path: path.to_owned(), text: text.to_owned() });
        let found = problems(&sources);
        assert_eq!(found.len(), expected.len(), "{path}: {found:?}");
        for (sentence, part) in found.iter().zip(expected) {
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn files_agree() {
        check("README.md", "", &[]);
        check("style/new.css", "", &["style/new.css is not linked"]);
        check("src/own.rs", "", &["style/own.css is not linked"]);
        check("xtask/Cargo.toml", "[dependencies]\nserde = \"1\"\n", &["no dependencies"]);
        check("xtask/Cargo.toml", "[dev-dependencies]\n", &["no dependencies"]);
        check("Cargo.lock", "name = \"wasm-bindgen\"\nversion = \"0.2.99\"\n", &["Cargo.lock"]);
        check("Trunk.toml", "", &["Trunk.toml"]);
        check("crates/comfy/Cargo.toml", "tokio = \"1\"", &["tokio"]);
        check("crates/comfy/Cargo.toml", "pilotlight-forms.workspace = true", &["forms"]);
        check("crates/session/Cargo.toml", "pilotlight-i18n.workspace = true", &["i18n"]);
        check("crates/session/Cargo.toml", "pilotlight-runs.workspace = true", &[]);
        check("crates/emulator/Cargo.toml", "pilotlight-comfy.workspace = true", &["comfy"]);
    }
}

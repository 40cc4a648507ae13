//! No module imports another one that imports it, however long the way round, and what features are
//! built on imports none.
//!
//! Invariant: a module that re-exports its children (`pub use`) does not import them, and tests
//! import what they like. What `use` and paths that begin with `crate` or `super` name is an import.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;

/// The folders whose modules form no circle.
const FOLDERS: &[&str] = &[
    "crates/comfy/src",
    "crates/forms/src",
    "crates/i18n/src",
    "crates/runs/src",
    "crates/session/src",
    "src",
];

/// Modules of the page that features are built on.
const BELOW_FEATURES: &[&str] = &[
    "access_key",
    "app",
    "blobs",
    "browser",
    "command",
    "components",
    "events",
    "form_state",
    "framed",
    "layers",
    "pictures",
    "runtime",
    "scaled",
    "sheet",
    "storage",
];

type Graph = BTreeMap<String, BTreeSet<String>>;

/// A sentence for each circle.
pub fn problems(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        for circle in circles(&graph(sources, folder)) {
            found.push(format!("{folder}: these import each other: {}", circle.join(", ")));
        }
    }
    found.extend(upward(&graph(sources, "src")));
    found
}

/// A sentence for each module that imports a feature built on it.
fn upward(graph: &Graph) -> Vec<String> {
    let is_below = |name: &str| BELOW_FEATURES.contains(&name.split("::").next().unwrap_or(name));
    let imports = graph.iter().filter(|(from, _)| is_below(from));
    let arrows =
        imports.flat_map(|(from, all)| all.iter().map(move |to| (from.as_str(), to.as_str())));
    arrows
        .filter(|(_, to)| to.starts_with("features"))
        .map(|(from, to)| format!("src: {from} imports {to}, which is built on it"))
        .collect()
}

/// Which modules each module below a folder imports.
fn graph(sources: &[Source], folder: &str) -> Graph {
    let below = |source: &&Source| {
        source.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
            && source.path.ends_with(".rs")
    };
    let modules: BTreeMap<String, &str> = sources
        .iter()
        .filter(below)
        .map(|source| (module(&source.path[folder.len() + 1..]), source.text.as_str()))
        .filter(|(name, _)| {
            !name.split("::").any(|part| part == "tests" || part.ends_with("_tests"))
        })
        .collect();
    let names: BTreeSet<&str> = modules.keys().map(String::as_str).collect();
    let imports = |(name, text): (&String, &&str)| {
        let mut found: BTreeSet<String> =
            paths(text).iter().filter_map(|path| resolved(path, name, &names)).collect();
        found.remove(name);
        (name.clone(), found)
    };
    modules.iter().map(imports).collect()
}

/// `runtime/database/mod.rs` is `runtime::database`.
fn module(path: &str) -> String {
    let name = path.trim_end_matches(".rs").replace('/', "::");
    name.strip_suffix("::mod").map_or(name.clone(), str::to_owned)
}

/// Every path that a file imports or names, without those of re-exports and tests.
fn paths(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<&str> =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    let mut rest = code.as_str();
    let mut plain = String::new();
    while let Some(at) = find_use(rest) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let (statement, after) = from.split_once(';').unwrap_or((from, ""));
        let is_reexport = before.trim_end().ends_with("pub") || before.trim_end().ends_with(')');
        if !is_reexport {
            expand("", statement.trim_start_matches("use").trim(), &mut found);
        }
        rest = after;
    }
    plain.push_str(rest);
    found.extend(named(&plain));
    found
}

/// Where the next `use` statement begins.
fn find_use(code: &str) -> Option<usize> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    code.match_indices("use ")
        .map(|(at, _)| at)
        .find(|at| !at.checked_sub(1).is_some_and(|before| is_word(code.as_bytes()[before])))
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn expand(before: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let name = tree.split(" as ").next().unwrap_or(tree);
        if !name.is_empty() {
            found.push(format!("{before}{name}").trim_end_matches("::self").to_owned());
        }
        return;
    };
    let before = format!("{before}{}", &tree[..open]);
    let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut depth, mut start) = (0_u32, 0);
    for (at, char) in inner.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                expand(&before, &inner[start..at], found);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&before, &inner[start..], found);
}

/// The paths in expressions and types that begin with `crate::` or `super::`.
fn named(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == ':') {
                continue;
            }
            let is_in = |char: &char| char.is_alphanumeric() || *char == '_' || *char == ':';
            found.push(code[at..].chars().take_while(is_in).collect());
        }
    }
    found
}

/// The module that a path leads to, seen from another one.
fn resolved(path: &str, from: &str, names: &BTreeSet<&str>) -> Option<String> {
    let parts: Vec<&str> = path.split("::").filter(|part| !part.is_empty()).collect();
    let here: Vec<&str> = from.split("::").collect();
    let ups = parts.iter().take_while(|part| **part == "super").count();
    let mut place: Vec<&str> = match parts.first()? {
        &"crate" => parts[1..].to_vec(),
        &"self" => [&here[..], &parts[1..]].concat(),
        &"super" => [&here[..here.len().checked_sub(ups)?], &parts[ups..]].concat(),
        first => {
            let child = [&here[..], &[*first]].concat().join("::");
            match names.contains(child.as_str()) {
                true => [&here[..], &parts[..]].concat(),
                false => return None,
            }
        }
    };
    while !place.is_empty() {
        let name = place.join("::");
        if names.contains(name.as_str()) {
            return Some(name);
        }
        place.pop();
    }
    None
}

/// Every set of modules of which each reaches each other one.
fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|name| (name.as_str(), reach(graph, name))).collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    for (name, all) in &reached {
        if !all.contains(name) || found.iter().any(|circle| circle.iter().any(|one| one == name)) {
            continue;
        }
        let back = all.iter().filter(|one| reached[*one].contains(name));
        found.push(back.map(|one| (*one).to_owned()).collect());
    }
    found
}

/// What a module reaches by its imports.
fn reach<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut ahead: Vec<&str> = graph.get(from).into_iter().flatten().map(String::as_str).collect();
    while let Some(name) = ahead.pop() {
        if let Some((name, imports)) = graph.get_key_value(name)
            && found.insert(name.as_str())
        {
            ahead.extend(imports.iter().map(String::as_str));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let source = |(path, text): &(&str, &str)| Source {
            path: format!("src/{path}"),
            text: (*text).to_owned(),
        };
        circles(&graph(&files.iter().map(source).collect::<Vec<_>>(), "src"))
    }

    #[test]
    fn circles_are_found_however_they_are_written() {
        for (one, other) in [
            ("use crate::b::{self, C};", "use super::a;"),
            ("use crate::{x, b::{D}};", "fn f() { crate::a::g() }"),
            ("fn f(x: super::b::T) {}", "use super::a::{G as H};"),
        ] {
            let circle = found(&[("a.rs", one), ("b.rs", other), ("c.rs", "use crate::a;")]);
            assert_eq!(circle, [["a", "b"]], "{one} {other}");
        }
        let way_round = [
            ("a.rs", "use crate::b;"),
            ("b/mod.rs", "use crate::b::c;"),
            ("b/c.rs", "use crate::a;"),
        ];
        assert_eq!(found(&way_round), [["a", "b", "b::c"]]);
    }

    #[test]
    fn what_features_are_built_on_imports_none() {
        let arrow = |from: &str, to: &str| {
            let graph = Graph::from([(from.to_owned(), BTreeSet::from([to.to_owned()]))]);
            upward(&graph)
        };
        let expected = "src: components::menu imports features::form, which is built on it";
        assert_eq!(arrow("components::menu", "features::form"), [expected]);
        assert_eq!(arrow("runtime::http", "features::form").len(), 1);
        assert_eq!(arrow("bundles", "features::form").len(), 0);
        assert_eq!(arrow("features::form", "components::menu").len(), 0);
    }

    #[test]
    fn what_is_no_circle_is_none() {
        for (one, other) in [
            ("mod b;\npub use b::B;", "use super::T;"),
            ("// use crate::b;", "use crate::a;"),
            ("#[cfg(test)]\nmod tests { use crate::b; }", "use crate::a;"),
            ("use crate::because;", "use crate::a;"),
        ] {
            assert_eq!(
                found(&[("a/mod.rs", one), ("a/b.rs", other), ("b.rs", other)]),
                [] as [Vec<String>; 0],
                "{one}"
            );
        }
    }
}

//! Rules about one file.
//!
//! Invariant: comments may name what code may not, and tests may do what code may not, except
//! where a rule says otherwise.

use super::Source;

const LONGEST_FILE: usize = 450;
/// Tables of cases may be longer than code to be understood.
const LONGEST_TESTS: usize = 600;

const PURE_CRATES: &[&str] = &[
    "crates/comfy/src/",
    "crates/forms/src/",
    "crates/i18n/src/",
    "crates/runs/src/",
    "crates/session/src/",
];

/// Pure crates are told what happened; they never look for themselves.
const NOT_IN_PURE_CRATES: &[&str] = &[
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "gloo",
    "leptos",
    "tokio",
    "reqwest",
    "rand::",
    "std::fs",
    "std::net",
    "std::io",
    "std::env",
    "std::thread",
    "std::process",
    "SystemTime",
    "Instant",
];

/// What the emulator has to find out for itself.
const BELIEFS: &[&str] = &[
    "pilotlight_comfy",
    "pilotlight_forms",
    "pilotlight_runs",
    "pilotlight_i18n",
    "pilotlight_session",
];

/// Components have nothing to do with the network or with work that goes on by itself.
const NOT_IN_COMPONENTS: &[&str] = &["gloo", "gloo_net", "gloo_timers", "runtime", "features"];

/// Texts are put in as texts: what a server sent must never become markup.
const MARKUP: &[&str] = &["innerHTML", "outerHTML", "insertAdjacentHTML", "set_inner_html"];

/// Written in two parts, so that this file keeps the rule.
const UNFINISHED: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("d", "bg!"),
    concat!("#[ig", "nore"),
];

const OF_ONE_MACHINE: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// Everything wrong with one file.
pub fn problems(source: &Source) -> Vec<String> {
    let mut found = of_one_machine(source);
    if source.path.ends_with(".rs") {
        found.extend(rust(source));
    }
    let is_long_kind = [".rs", ".css", ".py"].iter().any(|ending| source.path.ends_with(ending));
    let lines = source.text.lines().count();
    let longest = if is_only_tests(&source.path) { LONGEST_TESTS } else { LONGEST_FILE };
    if is_long_kind && lines > longest {
        found.push(format!("{}: {lines} lines; {longest} at most", source.path));
    }
    if source.path.ends_with(".css") && source.path != "style/tokens.css" {
        found.extend(raw_colours(source));
    }
    found
}

fn rust(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    if !source.text.starts_with("//!") {
        found.push(format!("{}: does not begin with what it is (`//!`)", source.path));
    }
    found.extend(naming(source, &source.text, UNFINISHED, "is not finished code"));
    let code = before_tests(source);
    if PURE_CRATES.iter().any(|folder| source.path.starts_with(folder)) {
        found.extend(naming(source, code, NOT_IN_PURE_CRATES, "does not belong in a pure crate"));
    }
    if source.path.starts_with("src/components") {
        found.extend(naming(source, code, NOT_IN_COMPONENTS, "does not belong in a component"));
    }
    if source.path.starts_with("src/") {
        found.extend(naming(source, code, MARKUP, "makes markup of a text"));
    }
    if source.path.starts_with("src/") && source.path != "src/runtime/task.rs" {
        found.extend(naming(source, code, &["spawn_local"], "is for src/runtime/task.rs alone"));
    }
    if source.path.starts_with("src/") {
        found.extend(inert(source, code));
    }
    if source.path.starts_with("src/") && !source.path.starts_with("src/runtime/") {
        found.extend(naming(source, code, &["thread_local"], "is for src/runtime alone"));
    }
    if source.path.starts_with("crates/emulator/") {
        found.extend(naming(source, &source.text, BELIEFS, "would let a wrong belief agree"));
    }
    found
}

/// Elements without dynamic parts: Leptos makes them from markup, which the page's policy refuses.
fn inert(source: &Source, code: &str) -> Vec<String> {
    let lines = code.lines().enumerate().filter(|(_, line)| is_inert(line));
    let say = |(number, _): (usize, &str)| {
        let place = format!("{}:{}", source.path, number + 1);
        format!("{place}: an element without dynamic parts; build it, as `{{span().class(\"a\")}}`")
    };
    lines.map(say).collect()
}

/// Whether an element of this line has literal attributes or a literal text, and nothing else.
fn is_inert(line: &str) -> bool {
    let line = line.trim();
    let Some((tag, rest)) = line.strip_prefix('<').and_then(|line| line.split_once('>')) else {
        return false;
    };
    let is_closed = tag.ends_with('/');
    let tag = tag.trim_end_matches('/').trim();
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    let is_element = name.starts_with(|c: char| c.is_ascii_lowercase());
    // Between quotes there is every second piece.
    let outside: String = attributes.split('"').step_by(2).collect();
    let are_literal = outside.split_whitespace().all(|name| name.ends_with('='));
    let is_empty = is_closed || rest.starts_with("</");
    let is_text = rest.starts_with('"');
    is_element && are_literal && ((is_empty && !attributes.is_empty()) || is_text)
}

fn is_only_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.contains("/tests/") || name == "tests.rs" || name.ends_with("_tests.rs")
}

/// What comes before the module of tests; nothing of a file that only holds tests.
fn before_tests(source: &Source) -> &str {
    if is_only_tests(&source.path) {
        return "";
    }
    source.text.find("#[cfg(test)]\nmod ").map_or(&source.text, |at| &source.text[..at])
}

fn naming(source: &Source, text: &str, words: &[&str], why: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for word in words.iter().filter(|word| has_word(code, word)) {
            found.push(format!("{}:{}: {word} {why}", source.path, number + 1));
        }
    }
    found
}

/// Whether `word` is there as a whole: `tokio` is not in `tokios`.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let starts = !word.starts_with(is_part) || !before.is_some_and(is_part);
        let ends = !word.ends_with(is_part) || !after.is_some_and(is_part);
        starts && ends
    })
}

fn of_one_machine(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for path in OF_ONE_MACHINE {
            let is_start = |at: usize| {
                let before = line[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || "._-*}/".contains(c))
            };
            if line.match_indices(path).any(|(at, _)| is_start(at)) {
                let place = format!("{}:{}", source.path, number + 1);
                found.push(format!("{place}: {path} is a path of one machine"));
            }
        }
    }
    found
}

fn raw_colours(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        if value_part(line).is_some_and(has_colour) {
            let place = format!("{}:{}", source.path, number + 1);
            found.push(format!("{place}: a raw colour; they are in style/tokens.css"));
        }
    }
    found
}

/// What stands behind the first colon of a declaration; `None` for selectors and comments.
fn value_part(line: &str) -> Option<&str> {
    let inside = line.rsplit('{').next().unwrap_or(line);
    let line = if line.trim_end().ends_with('{') { return None } else { inside };
    let is_comment = line.trim_start().starts_with("/*") || line.trim_start().starts_with('*');
    if is_comment { None } else { line.split_once(':').map(|(_, value)| value) }
}

fn has_colour(value: &str) -> bool {
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch("];
    if functions.iter().any(|name| has_word(value, name)) {
        return true;
    }
    value.match_indices('#').any(|(at, _)| {
        let quoted = value[..at].ends_with(['(', '"', '\'']);
        let digits = value[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
        let next = value[at + 1..].chars().nth(digits);
        !quoted && [3, 4, 6, 8].contains(&digits) && !next.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let found = problems(&Source { path: path.to_owned(), text: text.to_owned() });
        assert_eq!(found.len(), expected.len(), "{path}: {found:?}");
        for (sentence, part) in found.iter().zip(expected) {
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn pure_crates_know_no_world() {
        let path = "crates/comfy/src/comfy.rs";
        check(path, "//! a\nfn f(operand: u8) {}\n", &[]);
        check(path, "//! a\nuse std::fs;\n", &[":2: std::fs"]);
        check(path, "//! a\nuse std::time::Instant;\n", &["Instant"]);
        check(path, "//! never web_sys\nfn f() {} // nor gloo\n", &[]);
        check(path, "//! a\n#[cfg(test)]\nmod tests {\n use std::fs;\n}\n", &[]);
        check("crates/runs/src/run/tests.rs", "//! a\nuse std::fs;\n", &[]);
        check("crates/relay/src/a.rs", "//! a\nuse std::fs;\n", &[]);
    }

    #[test]
    fn no_text_becomes_markup() {
        check("src/events.rs", "//! a\nset(el, \"innerHTML\", text);\n", &[":2: innerHTML"]);
        check("crates/browser/src/page.rs", "//! a\nset(el, \"innerHTML\", text);\n", &[]);
    }

    #[test]
    fn only_the_runtime_spawns() {
        check("src/app.rs", "//! a\nspawn_local(f);\n", &["for src/runtime/task.rs"]);
        check("src/features/a/b.rs", "//! a\nspawn_local(f);\n", &["for src/runtime/task.rs"]);
        check("src/runtime/task.rs", "//! a\nspawn_local(f);\n", &[]);
        let path = "src/components/a.rs";
        check(path, "//! a\nuse gloo_timers::x;\n", &["in a component"]);
        check(path, "//! a\nuse crate::features::x;\n", &["in a component"]);
    }

    #[test]
    fn no_view_is_made_from_markup() {
        let check = |line: &str, expected: &[&str]| {
            check("src/features/a/b.rs", &format!("//! a\n{line}\n"), expected);
        };
        check("<span class=\"a\"></span>", &["without dynamic parts"]);
        check("<hr class=\"a b\" hidden=\"\"/>", &["without dynamic parts"]);
        check("<th>\"1\"</th>", &["without dynamic parts"]);
        check("<th>{\"1\"}</th>", &[]);
        check("<td></td>", &[]);
        check("<p class=\"a\">{said}</p>", &[]);
        check("<input class=\"a\" value=value/>", &[]);
        check("<Icon href=\"#a\"/>", &[]);
        check("{span().class(\"a\")}", &[]);
    }

    #[test]
    fn only_the_runtime_holds_state() {
        check("src/features/a.rs", "//! a\nthread_local! {}\n", &["for src/runtime"]);
        check("src/events.rs", "//! a\nstd::thread_local! {}\n", &["for src/runtime"]);
        check("src/runtime/a.rs", "//! a\nthread_local! {}\n", &[]);
    }

    #[test]
    fn the_emulator_has_its_own_beliefs() {
        check("crates/emulator/src/a.rs", "//! a\nuse pilotlight_comfy::x;\n", &["wrong belief"]);
        check("crates/simulation/src/a.rs", "//! a\nuse pilotlight_comfy::x;\n", &[]);
    }

    #[test]
    fn code_is_finished_and_introduced() {
        check("src/a.rs", "fn main() {}\n", &["does not begin"]);
        check("src/a.rs", &format!("//! a\n{}()\n", UNFINISHED[0]), &["not finished"]);
        check("src/a.rs", &format!("//! a\n{}]\n", UNFINISHED[3]), &["not finished"]);
        check("src/a.rs", &format!("//! a\n{}", "\n".repeat(450)), &["451 lines"]);
        check("src/a.rs", &format!("//! a\n{}", "\n".repeat(449)), &[]);
        check("crates/a/tests/b.rs", &format!("//! a\n{}", "\n".repeat(599)), &[]);
        check("crates/a/tests/b.rs", &format!("//! a\n{}", "\n".repeat(600)), &["601 lines"]);
    }

    #[test]
    fn paths_of_one_machine_stay_there() {
        let [first, ..] = OF_ONE_MACHINE else { return };
        check("a.md", &format!("see {first}x"), &["path of one machine"]);
        check("a.md", &format!("`{first}x`"), &["path of one machine"]);
        check("a.md", &format!("https://x.example{first}"), &[]);
        check("a.md", &format!("target{first}x"), &[]);
    }

    #[test]
    fn colours_are_tokens() {
        let path = "style/form.css";
        check(path, ".a { color: #fff; }\n", &["raw colour"]);
        check(path, "  color: #a1b2c3;\n", &["raw colour"]);
        check(path, "  box-shadow: 0 1px rgb(0 0 0 / 20%);\n", &["raw colour"]);
        check(path, "#add:hover {\n  color: var(--ink);\n}\n", &[]);
        check(path, "  fill: url(#fade);\n", &[]);
        check(path, "/* like #fff */\n", &[]);
        check("style/tokens.css", "  --ink: #fff;\n", &[]);
    }
}

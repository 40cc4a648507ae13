//! The generated sources of the baseline page: a crate with 40 Leptos components.
//!
//! Invariant: the same manifest of the workspace gives the same sources. Versions, features and
//! profile are copied from that manifest, so that they cannot differ from the page's.

use crate::{Outcome, pins};

/// The name of the crate, of its program and of its built files.
pub const NAME: &str = "baseline";

const COMPONENTS: usize = 40;
/// What a component has: section, heading, two labels, two inputs, two buttons, a paragraph and
/// its output.
#[cfg(test)]
const ELEMENTS_OF_ONE: usize = 10;

/// The `id` of the last input; `bench start` waits for it.
const LAST_INPUT: &str = "last-input";

/// Dependencies whose lines are copied from the workspace.
const DEPENDENCIES: [&str; 2] = ["leptos", "wasm-bindgen"];
/// Profiles that are copied from the workspace; the second one inherits from the first.
const PROFILES: [&str; 2] = ["profile.release", "profile.page"];

/// Without styles and texts: the script that trunk adds is all that the page loads.
const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Baseline</title>
<link data-trunk rel="rust" data-bin="@NAME@" data-wasm-opt="0">
</head>
<body></body>
</html>
"#;

/// As the page's `Trunk.toml`, but for the patterns: trunk's own preloads and script are used.
const TRUNK: &str = r#"[build]
target = "index.html"
dist = "dist"
release = true
cargo_profile = "page"
public_url = "./"
filehash = true
minify = "on_release"
offline = true
locked = true
no_sri = true

[tools]
wasm_bindgen = "@WASM_BINDGEN@"
"#;

/// The value of an input: the signal's type, how the input shows and changes it.
struct Kind {
    /// Rust; `@SEED@` is a number that differs between components.
    initial: &'static str,
    /// Attributes; `@SIGNAL@` is the name of the signal.
    attributes: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        initial: "String::from(\"entry @SEED@\")",
        attributes: "prop:value=@SIGNAL@ \
            on:input=move |event| set_@SIGNAL@.set(event_target_value(&event))",
    },
    Kind {
        initial: "@SEED@_i64",
        attributes: "type=\"number\" prop:value=move || @SIGNAL@.get().to_string() \
            on:input=move |event| set_@SIGNAL@\
            .set(event_target_value(&event).parse().unwrap_or_default())",
    },
    Kind {
        initial: "@SEED@ % 2 == 0",
        attributes: "type=\"checkbox\" prop:checked=@SIGNAL@ \
            on:change=move |event| set_@SIGNAL@.set(event_target_checked(&event))",
    },
    Kind {
        initial: "@SEED@_f64 / 100.0",
        attributes: "type=\"range\" min=\"0\" max=\"1\" step=\"0.01\" \
            prop:value=move || @SIGNAL@.get().to_string() \
            on:input=move |event| set_@SIGNAL@\
            .set(event_target_value(&event).parse().unwrap_or_default())",
    },
];

const COMPONENT: &str = r#"
#[component]
fn Part@NUMBER@() -> impl IntoView {
    let (first, set_first) = signal(@FIRST_INITIAL@);
    let (second, set_second) = signal(@SECOND_INITIAL@);
    let derived = move || format!("Part @NUMBER@: {}, {}", first.get(), second.get());
    let reset = move |_| {
        set_first.set(@FIRST_INITIAL@);
        set_second.set(@SECOND_INITIAL@);
    };
    let clear = move |_| {
        set_first.set(Default::default());
        set_second.set(Default::default());
    };
    view! {
        <section class="part">
            <h2>"Part @NUMBER@"</h2>
            <label for="@FIRST_ID@">"First value of part @NUMBER@"</label>
            <input id="@FIRST_ID@" @FIRST_ATTRIBUTES@/>
            <label for="@SECOND_ID@">"Second value of part @NUMBER@"</label>
            <input id="@SECOND_ID@" @SECOND_ATTRIBUTES@/>
            <button type="button" on:click=reset>"Reset"</button>
            <button type="button" on:click=clear>"Clear"</button>
            <p><output>{derived}</output></p>
        </section>
    }
}
"#;

/// Returns path and text of every generated file. `workspace` is the text of the workspace's
/// manifest.
///
/// # Errors
/// A sentence when the manifest lacks a dependency or a profile.
pub fn all(workspace: &str) -> Outcome<[(&'static str, String); 4]> {
    Ok([
        ("Cargo.toml", manifest(workspace)?),
        ("Trunk.toml", TRUNK.replace("@WASM_BINDGEN@", pins::WASM_BINDGEN)),
        ("index.html", PAGE.replace("@NAME@", NAME)),
        ("src/main.rs", program()),
    ])
}

fn manifest(workspace: &str) -> Outcome<String> {
    // A workspace of its own: the folder is inside of the project's.
    let mut text = format!(
        "[workspace]\n\n[package]\nname = \"{NAME}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         publish = false\n\n[dependencies]\n"
    );
    for name in DEPENDENCIES {
        let start = format!("{name} = ");
        let line = workspace.lines().find(|line| line.starts_with(&start));
        text.push_str(line.ok_or_else(|| format!("Cargo.toml does not name {name}"))?);
        text.push('\n');
    }
    for name in PROFILES {
        let header = format!("[{name}]");
        let mut lines = workspace.lines().skip_while(|line| *line != header);
        lines.next().ok_or_else(|| format!("Cargo.toml has no section {header}"))?;
        text.push_str(&format!("\n{header}\n"));
        for line in lines.take_while(|line| !line.starts_with('[')) {
            if !line.is_empty() && !line.starts_with('#') {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    Ok(text)
}

fn program() -> String {
    let mut text =
        String::from("//! Generated by `cargo xtask bench`.\n\nuse leptos::prelude::*;\n");
    for number in 1..=COMPONENTS {
        text.push_str(&component(number));
    }
    text.push_str("\n#[component]\nfn App() -> impl IntoView {\n    view! {\n        <main>\n");
    for number in 1..=COMPONENTS {
        text.push_str(&format!("            <Part{number}/>\n"));
    }
    text.push_str("        </main>\n    }\n}\n\nfn main() {\n    mount_to_body(App);\n}\n");
    text
}

/// Returns one component; each combination of two kinds of inputs occurs.
fn component(number: usize) -> String {
    let (first, second) = (&KINDS[number % KINDS.len()], &KINDS[number / 4 % KINDS.len()]);
    let last = number == COMPONENTS;
    let second_id = if last { LAST_INPUT.to_owned() } else { format!("second-{number}") };
    let initial = |kind: &Kind, seed: usize| kind.initial.replace("@SEED@", &seed.to_string());
    let attributes = |kind: &Kind, signal: &str| kind.attributes.replace("@SIGNAL@", signal);
    [
        ("@FIRST_INITIAL@", initial(first, number)),
        ("@SECOND_INITIAL@", initial(second, number + COMPONENTS)),
        ("@FIRST_ATTRIBUTES@", attributes(first, "first")),
        ("@SECOND_ATTRIBUTES@", attributes(second, "second")),
        ("@FIRST_ID@", format!("first-{number}")),
        ("@SECOND_ID@", second_id),
        ("@NUMBER@", number.to_string()),
    ]
    .into_iter()
    .fold(COMPONENT.to_owned(), |text, (place, value)| text.replace(place, &value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "[profile.page]\ninherits = \"release\"\nlto = \"fat\"\n\n\
        # Native.\n[profile.release]\noverflow-checks = true\n\n[dependencies]\n\
        leptos = { version = \"=1.2.3\", features = [\"csr\"] }\nwasm-bindgen = \"=0.2.1\"\n";

    #[test]
    fn versions_and_profiles_are_those_of_the_workspace() {
        let expected = "[dependencies]\nleptos = { version = \"=1.2.3\", features = [\"csr\"] }\n\
            wasm-bindgen = \"=0.2.1\"\n\n[profile.release]\noverflow-checks = true\n\n\
            [profile.page]\ninherits = \"release\"\nlto = \"fat\"\n";
        let found = manifest(WORKSPACE).expect("a manifest");
        assert!(found.ends_with(expected), "{found}");
        assert!(manifest(&WORKSPACE.replace("leptos", "other")).is_err());
        assert!(manifest(&WORKSPACE.replace("profile.page", "profile.other")).is_err());
        assert!(manifest(include_str!("../../../Cargo.toml")).is_ok());
    }

    #[test]
    fn the_program_has_forty_components_of_ten_elements() {
        let text = program();
        let count = |part: &str| text.matches(part).count();
        assert_eq!(count("\nfn Part"), COMPONENTS);
        assert_eq!(count("            <Part"), COMPONENTS);
        let tags = ["<section ", "<h2>", "<label ", "<input ", "<button ", "<p>", "<output>"];
        let elements: usize = tags.iter().map(|tag| count(tag)).sum();
        assert_eq!(elements, COMPONENTS * ELEMENTS_OF_ONE);
        assert_eq!(count("id=\"last-input\""), 1);
        assert!(!text.contains('@'), "a place is not filled in");
        assert_eq!(text, program());
    }
}

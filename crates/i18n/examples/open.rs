//! `open [--classes OBJECT_INFO.json] FILES…` opens each file as the page does while the GPU sleeps,
//! and prints one line of JSON for each: what it is, or why it is refused, its fields, and the
//! prompt that a press of *Run* would send with nothing changed. Without `--classes`, which stands
//! for a server that was asked for all of its nodes, the descriptions that the page ships are used.
//! Invariant: it only reads, and every file gets a line.

use pilotlight_comfy::graph::{GraphRefusal, Moment, Untaken, core_nodes};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::{Draft, Field, Form, Given, derive, flaws};
use pilotlight_forms::open::{
    KnownClasses, MAX_FILE_BYTES, Opened, Prepared, Unopened, Unprepared, open_whole,
};
use pilotlight_i18n::present;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::io::{BufWriter, Write, stdout};
use std::path::Path;
use std::process::ExitCode;

const SHIPPED: &str = include_str!("../../../public/core-nodes.json");
/// The same for each run, so that two outputs can be compared.
const MOMENT: Moment =
    Moment { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5, draw: 0 };
/// Taken where a seed is left to chance.
const SEED: u64 = 0;
const LANGUAGE: Language = Language::English;

/// Where descriptions of node classes come from.
enum Source {
    /// The page ships them.
    Shipped,
    /// A server was asked for all of them, so a class without a description is one that it lacks.
    Server(KnownClasses),
}

/// What the arguments ask for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    classes: Option<OsString>,
    files: Vec<OsString>,
}

impl Asked {
    /// Reads the arguments; `--classes FILE` may stand anywhere among them, once.
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let mut asked = Self::default();
        while let Some(argument) = arguments.next() {
            if argument != "--classes" {
                asked.files.push(argument);
            } else if asked.classes.replace(arguments.next()?).is_some() {
                return None;
            }
        }
        Some(asked)
    }
}

fn main() -> ExitCode {
    let Some(Asked { classes, files }) = Asked::read(std::env::args_os().skip(1)) else {
        eprintln!("usage: open [--classes OBJECT_INFO.json] FILES…");
        return ExitCode::FAILURE;
    };
    let mut source = Source::Shipped;
    if let Some(path) = classes {
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let mut classes = KnownClasses::default();
                classes.add(&text);
                source = Source::Server(classes);
            }
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                return ExitCode::FAILURE;
            }
        }
    }
    let mut out = BufWriter::new(stdout().lock());
    for file in &files {
        let mut line = line(&source, Path::new(file)).to_string();
        line.push('\n');
        if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn line(source: &Source, file: &Path) -> Value {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut line = json!({
        "file": file.to_string_lossy(), "opened": null, "refusal": null, "fields": [],
        "problems": [], "notices": [], "missing_classes": [], "prompt": null,
    });
    let (opened, left_out) = match read(file) {
        Ok(read) => read,
        Err(Unread::Io(error)) => {
            line["refusal"] = error.into();
            return line;
        }
        Err(Unread::Unopened(why)) => {
            line["refusal"] = present::unopened(&name, &why, LANGUAGE).into();
            return line;
        }
    };
    let names = opened.classes();
    let mut shipped = KnownClasses::default();
    let known = match source {
        Source::Server(known) => known,
        Source::Shipped => {
            for reply in core_nodes::replies(SHIPPED, &names) {
                shipped.add(&reply);
            }
            &shipped
        }
    };
    line["missing_classes"] = known.missing(&names).into();
    match form(known, opened, &name) {
        Err(Unprepared::Unopened(why)) => {
            line["refusal"] = present::unopened(&name, &why, LANGUAGE).into();
        }
        Err(Unprepared::Unconverted(why)) => {
            line["refusal"] = present::unconverted(&why, LANGUAGE).into();
            if let GraphRefusal::MissingClasses { classes } = why {
                line["missing_classes"] = classes.into();
            }
        }
        Ok(Made { kind, form, classes, untaken }) => {
            line["opened"] = kind.into();
            let absent = match source {
                Source::Server(_) => known.missing(&names),
                Source::Shipped => Vec::new(),
            };
            let mut notices = Vec::new();
            if !left_out.is_empty() || !untaken.is_empty() {
                notices.push(present::left_out(&name, &left_out, &untaken, LANGUAGE));
            }
            tell(&form, &classes, &absent, notices, &mut line);
        }
    }
    line
}

/// Why a file is not opened.
enum Unread {
    Io(String),
    Unopened(Unopened),
}

/// Returns what is in the file, and the names of what is no part of a workflow.
fn read(file: &Path) -> Result<(Opened, Vec<String>), Unread> {
    let io = |error: std::io::Error| Unread::Io(error.to_string());
    if std::fs::metadata(file).map_err(io)?.len() > MAX_FILE_BYTES as u64 {
        return Err(Unread::Unopened(Unopened::TooLarge { limit_mb: MAX_FILE_BYTES >> 20 }));
    }
    open_whole(&std::fs::read(file).map_err(io)?).map_err(Unread::Unopened)
}

/// The form of a file.
struct Made {
    kind: &'static str,
    form: Form,
    classes: Vec<Class>,
    /// Saved values that the prompt does not contain.
    untaken: Vec<Untaken>,
}

fn form(known: &KnownClasses, opened: Opened, name: &str) -> Result<Made, Unprepared> {
    let kind = match opened {
        Opened::Api(_) => "api",
        Opened::Editor(_) => "editor",
        Opened::Both { .. } => "both",
        Opened::Package(package) => {
            let (form, classes) = package.parts();
            return Ok(Made { kind: "package", form, classes, untaken: Vec::new() });
        }
    };
    let Prepared { workflow, app, classes, untaken, .. } = opened.prepare(known, &MOMENT)?;
    let app = app.as_ref();
    let form = derive(Given { workflow, classes: &classes, author: None, app, name });
    Ok(Made { kind, form, classes, untaken })
}

/// Adds what the form shows, and what a press of *Run* would come to. `absent`: classes that the
/// server lacks.
fn tell(
    form: &Form,
    classes: &[Class],
    absent: &[String],
    mut notices: Vec<String>,
    line: &mut Value,
) {
    line["fields"] = form.fields.iter().map(field).collect();
    let mut problems = flaws(form.workflow(), classes, absent);
    let drafts = form.drafts(LANGUAGE);
    match form.without_empty(&drafts, classes).check(&drafts, SEED) {
        Ok(ready) => {
            let warnings = ready.warnings.iter();
            notices.extend(warnings.map(|it| present::warning(it, LANGUAGE)));
            if problems.is_empty() {
                line["prompt"] = ready.workflow.to_value();
            }
        }
        Err(found) => {
            let flaws = std::mem::replace(&mut problems, found);
            let more: Vec<Problem> =
                flaws.into_iter().filter(|flaw| !problems.contains(flaw)).collect();
            problems.extend(more);
        }
    }
    line["notices"] = notices.into();
    let said = |it: &Problem| present::named_problem(it, Some(form), LANGUAGE);
    line["problems"] = problems.iter().map(said).collect();
}

fn field(field: &Field) -> Value {
    let value = match &field.default_in(LANGUAGE) {
        Draft::Text(text) => text.as_str().into(),
        Draft::Switch(on) => Value::Bool(*on),
        Draft::Picture(_) => Value::Null,
    };
    let key = [field.key.node.as_str(), ".", &field.key.input].concat();
    json!({"key": key, "label": field.label.get(LANGUAGE), "widget": field.widget.name(),
        "value": value, "front": !field.advanced})
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_fixtures::{files, object_info, root};

    const KEYS: [&str; 8] =
        ["fields", "file", "missing_classes", "notices", "opened", "problems", "prompt", "refusal"];
    const FIELD_KEYS: [&str; 5] = ["front", "key", "label", "value", "widget"];

    fn keys(value: &Value) -> Vec<&str> {
        let mut keys: Vec<&str> =
            value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        keys
    }

    #[track_caller]
    fn check(source: &Source, file: &Path) -> Value {
        let line = line(source, file);
        assert_eq!(keys(&line), KEYS, "{line}");
        assert_eq!(line["file"], *file.to_string_lossy(), "{line}");
        let kinds = ["api", "editor", "both", "package"];
        match (line["opened"].as_str(), line["refusal"].as_str()) {
            (Some(kind), None) => assert!(kinds.contains(&kind), "{line}"),
            (None, Some(why)) => {
                assert!(!why.is_empty() && line["prompt"].is_null(), "{line}");
                assert_eq!(line["fields"], json!([]), "{line}");
            }
            _ => panic!("neither opened nor refused, or both: {line}"),
        }
        for list in ["problems", "notices", "missing_classes"] {
            let list = line[list].as_array().expect("a list");
            assert!(list.iter().all(|said| said.as_str().is_some_and(|it| !it.is_empty())));
        }
        for field in line["fields"].as_array().expect("a list") {
            assert_eq!(keys(field), FIELD_KEYS, "{line}");
            let key = field["key"].as_str().expect("a text");
            assert!(key.split_once('.').is_some_and(|(node, _)| !node.is_empty()), "{field}");
            assert!(field["front"].is_boolean() && field["widget"].is_string(), "{field}");
            assert!(field["label"].as_str().is_some_and(|it| !it.is_empty()), "{field}");
        }
        let runs = line["prompt"].as_object().is_some_and(|nodes| !nodes.is_empty());
        let is_told = !line["problems"].as_array().expect("a list").is_empty();
        assert!(runs || is_told || line["opened"].is_null(), "{line}");
        line
    }

    #[test]
    fn every_case_gets_a_line() {
        let mut classes = KnownClasses::default();
        classes.add(&object_info());
        let cases = files("cases");
        assert!(cases.len() > 30, "{cases:?}");
        for source in [Source::Shipped, Source::Server(classes)] {
            for case in &cases {
                check(&source, &root().join(case));
            }
        }
    }

    #[test]
    fn what_cannot_be_read_gets_a_line() {
        let missing = root().join("cases/no-such-file.json");
        for file in [missing, root(), root().join("README.md")] {
            assert!(check(&Source::Shipped, &file)["refusal"].is_string());
        }
    }

    #[test]
    fn classes_are_named_anywhere() {
        let read = |line: &str| Asked::read(line.split_whitespace().map(OsString::from));
        let asked = |classes: Option<&str>, files: &[&str]| {
            let files = files.iter().map(OsString::from).collect();
            Some(Asked { classes: classes.map(OsString::from), files })
        };
        assert_eq!(read("a b"), asked(None, &["a", "b"]));
        assert_eq!(read("--classes c a b"), asked(Some("c"), &["a", "b"]));
        assert_eq!(read("a --classes c b"), asked(Some("c"), &["a", "b"]));
        assert_eq!(read("a b --classes c"), asked(Some("c"), &["a", "b"]));
        assert_eq!(read("--classes c"), asked(Some("c"), &[]));
        assert_eq!(read("a --classes"), None);
        assert_eq!(read("--classes c a --classes d"), None);
    }
}

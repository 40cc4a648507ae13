//! The converter of the editor's workflow format: every recorded example, every rule in a tiny
//! graph, and input that means harm.

#![allow(clippy::unwrap_used, reason = "an example that cannot be read fails the test")]

mod examples;
mod harm;
mod links;
mod rules;
mod subgraphs;

use pilotlight_engine::graph::{Classes, GraphRefusal, Moment, convert};
use serde_json::Value;
use std::path::PathBuf;

/// Where the examples are.
fn folder(kind: &str) -> PathBuf {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures/ui-to-api");
    let folder = PathBuf::from(shared).join(kind);
    assert!(folder.exists(), "the examples are not at ../shared/fixtures beside the project");
    folder
}

fn classes() -> Classes {
    let text = std::fs::read_to_string(folder("object_info.json")).unwrap();
    Classes::parse(&text).unwrap()
}

/// The names of the examples of a kind, sorted.
fn names(kind: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder(kind))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn example(kind: &str, name: &str, file: &str) -> Value {
    let text = std::fs::read_to_string(folder(kind).join(name).join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn converted(classes: &Classes, graph: &Value) -> Result<Value, GraphRefusal> {
    convert(classes, graph, &Moment::default())
}

/// Whether two values are the same to JavaScript: `1.0` is `1`. Larger integers than it knows are
/// compared as it would round them.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

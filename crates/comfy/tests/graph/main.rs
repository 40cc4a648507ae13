//! The converter of the editor's workflow format: every recorded example, every rule in a tiny
//! graph, and input that means harm.

#![allow(clippy::unwrap_used, reason = "an example that cannot be read fails the test")]

mod cases;
mod examples;
mod groups;
mod harm;
mod links;
mod nodes;
mod places;
mod small;
mod subgraphs;
mod values;

use pilotlight_comfy::graph::{Classes, GraphRefusal, Moment, convert};
use serde_json::Value;

fn classes() -> Classes {
    Classes::parse(&pilotlight_fixtures::object_info()).unwrap()
}

/// The classes for the examples outside the project.
fn classes_outside() -> Classes {
    let mut classes = classes();
    if let Some(more) = pilotlight_fixtures::outside_object_info() {
        assert!(classes.add(&more), "object_info.json of the examples outside is no object");
    }
    classes
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn converted(classes: &Classes, graph: &Value) -> Result<Value, GraphRefusal> {
    convert(classes, graph, &Moment::default()).map(|it| it.prompt)
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

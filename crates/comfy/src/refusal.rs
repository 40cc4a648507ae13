//! What ComfyUI says when it refuses a prompt, or a part of it, as problems of fields.
//! Invariant: what has no case of its own is passed on in the server's words.

use serde_json::Value;

use crate::json;
use crate::problem::{Problem, Trouble};
use crate::schema::Kind;
use crate::workflow::{FieldKey, NodeId};

/// Reads everything a 400 names: its node errors, or its one error where it names no node's input.
pub fn refusals(body: &Value) -> Vec<Problem> {
    let mut problems = node_problems(body);
    let Some(error) = body.get("error").filter(|_| problems.is_empty()) else {
        return problems;
    };
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    let extra = |key: &str| {
        error
            .get("extra_info")
            .and_then(|extra| extra.get(key))
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (message, details) = (text("message"), text("details"));
    let trouble = match (text("type"), extra("class_type")) {
        ("missing_node_type", class) if !class.is_empty() => {
            Trouble::NodeMissing { class: class.to_owned(), title: extra("node_title").to_owned() }
        }
        ("prompt_no_outputs", _) => Trouble::NoOutput,
        _ if message == details => Trouble::Other(message.to_owned()),
        _ => Trouble::Other(format!("{message} {details}").trim().to_owned()),
    };
    problems.push(Problem { raw: json::text(error), ..Problem::of(trouble) });
    problems
}

/// More would not be read.
const MAX_PROBLEMS: usize = 200;
const MAX_WITHOUT: usize = 50;

/// Reads the problems under `node_errors`, which stand in a 200 as well. Which outputs a node takes away
/// stands at its first problem.
pub fn node_problems(body: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (node, entry) in body.get("node_errors").and_then(Value::as_object).into_iter().flatten() {
        let without = entry.get("dependent_outputs").and_then(Value::as_array);
        let without = without.into_iter().flatten().filter_map(Value::as_str).map(NodeId::new);
        let mut without: Vec<NodeId> = without.take(MAX_WITHOUT).collect();
        for error in entry.get("errors").and_then(Value::as_array).into_iter().flatten() {
            if problems.len() < MAX_PROBLEMS {
                let without = std::mem::take(&mut without);
                problems.push(Problem { without, ..node_problem(node, error) });
            }
        }
    }
    problems
}

fn node_problem(node: &str, error: &Value) -> Problem {
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    let extra = error.get("extra_info");
    let limit = |key: &str| {
        let config =
            extra.and_then(|extra| extra.get("input_config")).and_then(|config| config.get(1));
        config.and_then(|config| config.get(key)).map(json::text).unwrap_or_default()
    };
    let received = || match extra.and_then(|extra| extra.get("received_value")) {
        Some(Value::String(value)) => value.clone(),
        Some(value) => json::text(value),
        None => String::new(),
    };
    let trouble = match text("type") {
        "required_input_missing" => Trouble::Missing,
        "value_smaller_than_min" => Trouble::TooSmall { min: limit("min") },
        "value_bigger_than_max" => Trouble::TooLarge { max: limit("max") },
        "value_not_in_list" => Trouble::NotInList { value: received() },
        "invalid_input_type" => Trouble::WrongType,
        _ => Trouble::Other(format!("{}: {}", text("message"), text("details"))),
    };
    let input = extra.and_then(|extra| extra.get("input_name")).and_then(Value::as_str);
    let config = extra.and_then(|extra| extra.get("input_config"));
    let (trouble, offered) = match (trouble, config.and_then(Kind::of)) {
        (Trouble::NotInList { value }, Some(Kind::Choice { options })) if options.is_empty() => {
            (Trouble::NoneInstalled { value }, options)
        }
        (trouble @ Trouble::NotInList { .. }, Some(Kind::Choice { options })) => (trouble, options),
        (trouble, _) => (trouble, Vec::new()),
    };
    Problem {
        place: input.map(|input| FieldKey::new(node, input)),
        offered,
        raw: json::text(error),
        ..Problem::of(trouble)
    }
}

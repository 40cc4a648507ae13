//! What ComfyUI checks before it queues a graph, error for error.
//!
//! Invariant: the control flow is the one of ComfyUI's `validate_prompt`, so that the same mistakes
//! lead to the same errors on the same nodes; widget values are converted in the graph itself.

use crate::comfy::check::{Check, error, traceback};
use crate::comfy::classes::{self, Class};
use crate::comfy::disk::Disk;
use crate::comfy::python::python_text;
use crate::json::{Json, map, strings};
use crate::params::{OutputOrder, Params, Version};

/// A graph that may be queued, at least in part.
#[derive(Debug)]
pub struct Valid {
    /// The outputs that will run, in the order they will run in.
    pub outputs: Vec<String>,
    /// Empty, or what is wrong with the outputs that will not run.
    pub node_errors: Json,
}

/// Why a graph is not queued.
#[derive(Debug)]
pub enum Refusal {
    /// 400 with these two.
    Bad { error: Json, node_errors: Json },
    /// Python raised where nothing catches: 500.
    Crash,
}

/// Checks `graph` and converts its widget values; `turn` decides the order when it varies.
pub fn validate(
    graph: &mut Json,
    params: &Params,
    disk: &Disk,
    turn: u64,
) -> Result<Valid, Refusal> {
    let Json::Map(nodes) = &*graph else { return Err(Refusal::Crash) };
    let mut outputs = Vec::new();
    for (id, node) in nodes {
        if class_of(id, node, params)?.output_node {
            outputs.push(id.clone());
        }
    }
    if outputs.is_empty() {
        return refuse(error("prompt_no_outputs", "Prompt has no outputs", "", map([])), map([]));
    }
    outputs.sort();
    let backwards = match params.output_order {
        OutputOrder::Ascending => false,
        OutputOrder::Descending => true,
        OutputOrder::Varies => turn % 2 == 1,
    };
    if backwards {
        outputs.reverse();
    }
    check_outputs(&outputs, graph, params, disk)
}

fn refuse<T>(error: Json, node_errors: Json) -> Result<T, Refusal> {
    Err(Refusal::Bad { error, node_errors })
}

fn class_of(id: &str, node: &Json, params: &Params) -> Result<&'static Class, Refusal> {
    let new = params.version == Version::V0_33_0;
    let details = format!("Node ID '#{id}'");
    let Some(class_type) = node.get("class_type") else {
        if node.as_map().is_none() && (new || node.as_str().is_none()) {
            return Err(Refusal::Crash);
        }
        let title = node.get("_meta").and_then(|m| m.get("title")).cloned().unwrap_or(Json::Null);
        let error = if new {
            let shown = title.as_str().map_or_else(|| format!("ID #{id}"), str::to_owned);
            let message = format!(
                "Node '{shown}' has no class_type. The workflow may be corrupted or a custom node is missing."
            );
            let extra =
                map([("node_id", id.into()), ("class_type", Json::Null), ("node_title", title)]);
            error("missing_node_type", &message, &details, extra)
        } else {
            error(
                "invalid_prompt",
                "Cannot execute because a node is missing the class_type property.",
                &details,
                map([]),
            )
        };
        return refuse(error, map([]));
    };
    let name = python_text(class_type);
    if let Some(class) = classes::find(params.version, &params.missing_classes, &name) {
        return Ok(class);
    }
    let title = node.get("_meta").and_then(|m| m.get("title")).cloned().unwrap_or(Json::Null);
    let error = if new {
        let message = format!(
            "Node '{}' not found. The custom node may not be installed.",
            title.as_str().unwrap_or(&name)
        );
        let extra = map([
            ("node_id", id.into()),
            ("class_type", class_type.clone()),
            ("node_title", title),
        ]);
        error("missing_node_type", &message, &details, extra)
    } else {
        error(
            "invalid_prompt",
            &format!("Cannot execute because node {name} does not exist."),
            &details,
            map([]),
        )
    };
    refuse(error, map([]))
}

fn check_outputs(
    outputs: &[String],
    graph: &mut Json,
    params: &Params,
    disk: &Disk,
) -> Result<Valid, Refusal> {
    let mut check = Check::new(graph, params, disk);
    let mut good = Vec::new();
    let mut said = Vec::new();
    let mut node_errors: Vec<(String, Vec<Json>, Vec<String>)> = Vec::new();
    for output in outputs {
        match check.node(output) {
            Ok(true) => good.push(output.clone()),
            Ok(false) => said.extend(check.reasons(output)),
            Err(raised) => {
                let extra = map([
                    ("exception_type", raised.kind.into()),
                    ("traceback", traceback("validate_prompt")),
                ]);
                let reason = error(
                    "exception_during_validation",
                    "Exception when validating node",
                    &raised.text,
                    extra,
                );
                said.push(reason.clone());
                check.note(output, vec![reason]);
            }
        }
        if good.last() == Some(output) {
            continue;
        }
        for (id, reasons) in check.seen.iter().filter(|(_, reasons)| !reasons.is_empty()) {
            match node_errors.iter_mut().find(|(node, ..)| node == id) {
                Some((.., dependent)) => dependent.push(output.clone()),
                None => node_errors.push((id.clone(), reasons.clone(), vec![output.clone()])),
            }
        }
    }
    let node_errors = Json::Map(
        node_errors
            .into_iter()
            .map(|(id, errors, dependent)| {
                let class = check.member(&id, "class_type").cloned().unwrap_or(Json::Null);
                let dependent = strings(dependent.iter().map(String::as_str));
                (
                    id,
                    map([
                        ("errors", Json::List(errors)),
                        ("dependent_outputs", dependent),
                        ("class_type", class),
                    ]),
                )
            })
            .collect(),
    );
    if good.is_empty() {
        let text = |e: &Json, key| e.get(key).and_then(Json::as_str).unwrap_or("").to_owned();
        let outer: Vec<String> = said
            .iter()
            .map(|e| format!("{}: {}", text(e, "message"), text(e, "details")))
            .collect();
        let error = error(
            "prompt_outputs_failed_validation",
            "Prompt outputs failed validation",
            &outer.join("\n"),
            map([]),
        );
        return refuse(error, node_errors);
    }
    Ok(Valid { outputs: good, node_errors })
}

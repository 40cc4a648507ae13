//! What a JSON value is: a workflow in one of its formats, something around one, or neither.
//! Invariant: what is handed on as the editor's format has nodes, and not too many.

use super::kind::Kind;
use super::opened::{MAX_EDITOR_NODES, Opened, Unopened};
use crate::form::Package;
use pilotlight_comfy::json;
use pilotlight_comfy::workflow::{Refusal, Workflow};
use serde_json::{Map, Value};

/// What the server leaves in the nodes of a graph that ran.
const MARK: &str = "is_changed";

/// A graph to run and one of the editor, or what stands in their places.
pub(super) type Parts = (Option<Value>, Option<Value>);

/// What a JSON file is.
pub(super) fn opened(value: Value) -> Result<Opened, Unopened> {
    if value.get("pilotlight").is_some() {
        return Package::from_value(&value).map(Opened::Package).map_err(Unopened::Package);
    }
    let kind = other(&value);
    concluded(parts(value)).unwrap_or(Err(Unopened::Other { kind }))
}

/// `None`: neither part is a workflow.
pub(super) fn concluded((prompt, workflow): Parts) -> Option<Result<Opened, Unopened>> {
    Some(match (prompt.and_then(graph), workflow.and_then(editor)) {
        (None, None) => return None,
        (Some(Ok(prompt)), Some(Ok(workflow))) => Ok(Opened::Both { prompt, workflow }),
        (Some(Ok(prompt)), Some(Err(_)) | None) => Ok(Opened::Api(prompt)),
        (Some(Err(_)) | None, Some(Ok(workflow))) => Ok(Opened::Editor(workflow)),
        (Some(Err(refusal)), Some(Err(_)) | None) | (None, Some(Err(refusal))) => {
            Err(Unopened::Workflow(refusal))
        }
    })
}

/// Takes a value apart: a graph by itself, a request, what a picture carries, an entry of the
/// history or the queue, a history of one run, a job.
pub(super) fn parts(mut value: Value) -> Parts {
    if is_graph(&value) {
        return (Some(value), None);
    }
    if is_editor(&value) {
        return (None, Some(value));
    }
    match taken(&mut value, "prompt") {
        Some(mut entry) if entry.is_array() => queued(&mut entry),
        Some(prompt) => {
            let workflow = taken(&mut value, "workflow");
            let workflow = workflow.or_else(|| workflow_of(value.get_mut("extra_data")?));
            (read(prompt), workflow.and_then(read))
        }
        None if value.is_array() => queued(&mut value),
        None => inside(&mut value),
    }
}

/// `[number, id, graph, extra, outputs]`, as the history and the queue have it.
fn queued(entry: &mut Value) -> Parts {
    match entry.as_array_mut().and_then(|entry| entry.get_mut(2..4)) {
        Some([graph, extra]) if is_graph(graph) => (Some(graph.take()), workflow_of(extra)),
        Some(_) | None => (None, None),
    }
}

/// A history of one run, a job, or what the editor's own function makes of a graph.
fn inside(value: &mut Value) -> Parts {
    let mut entries = value.as_object_mut().into_iter().flatten();
    if let (Some((_, run)), None) = (entries.next(), entries.next())
        && run.get("prompt").is_some()
    {
        return parts(run.take());
    }
    match (taken(value, "output"), taken(value, "workflow")) {
        (_, Some(job)) if job.get("prompt").is_some() => parts(job),
        (prompt, workflow) => (prompt, workflow.and_then(read)),
    }
}

fn workflow_of(extra: &mut Value) -> Option<Value> {
    taken(extra.get_mut("extra_pnginfo")?, "workflow")
}

/// Taking an entry out of a map costs the page 5 kB; leaving `null` in its place costs nothing.
fn taken(value: &mut Value, key: &str) -> Option<Value> {
    value.get_mut(key).map(Value::take)
}

/// JSON that stands as a text inside JSON.
fn read(value: Value) -> Option<Value> {
    match value {
        Value::String(text) => json::parse(&text),
        Value::Object(_) => Some(value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

fn is_graph(value: &Value) -> bool {
    let nodes = value.as_object().into_iter().flatten();
    nodes.into_iter().any(|(_, node)| node.get("class_type").is_some())
}

/// A graph to run. The server leaves a mark in each node it looked at, and believes it when it
/// comes back: a node whose file was replaced would not run again (`IsChangedCache` in ComfyUI's
/// `execution.py`). So the marks are taken off.
fn graph(mut value: Value) -> Option<Result<Workflow, Refusal>> {
    if !is_graph(&value) {
        return None;
    }
    for (_, node) in value.as_object_mut().into_iter().flatten() {
        if let Some(node) = node.as_object_mut().filter(|node| node.contains_key(MARK)) {
            let mut kept = Map::new();
            for (key, value) in node.iter_mut().filter(|(key, _)| *key != MARK) {
                kept.insert(key.clone(), value.take());
            }
            *node = kept;
        }
    }
    Some(Workflow::from_value(value))
}

/// Other programs have lists of nodes too: these have an `id` and a `type`, and the whole has
/// `links` or a numbered version.
fn is_editor(value: &Value) -> bool {
    let Some(nodes) = value.get("nodes").and_then(Value::as_array) else {
        return false;
    };
    let is_node =
        |node: &Value| node.get("id").is_some() && node.get("type").is_some_and(Value::is_string);
    let linked = value.get("links").is_some_and(Value::is_array);
    let versioned = value.get("version").is_some_and(Value::is_number);
    (linked || versioned) && nodes.iter().all(is_node)
}

fn editor(value: Value) -> Option<Result<Value, Refusal>> {
    if !is_editor(&value) {
        return None;
    }
    let count = |graph: &Value| graph.get("nodes").and_then(Value::as_array).map_or(0, Vec::len);
    let subgraphs = value.get("definitions").and_then(|all| all.get("subgraphs"));
    let subgraphs = subgraphs.and_then(Value::as_array).into_iter().flatten();
    let own = count(&value);
    Some(match own + subgraphs.map(count).sum::<usize>() {
        _ if own == 0 => Err(Refusal::NoNodes),
        0..=MAX_EDITOR_NODES => Ok(value),
        _ => Err(Refusal::TooManyNodes { limit: MAX_EDITOR_NODES }),
    })
}

/// What to call a value in which there is no workflow.
fn other(value: &Value) -> Kind {
    let Some(map) = value.as_object().filter(|map| !map.is_empty()) else {
        return Kind::OtherJson;
    };
    let all_have =
        |key, more| map.values().all(|entry| entry.get(key).is_some() && entry.get(more).is_some());
    match () {
        () if all_have("input", "output") => Kind::ObjectInfo,
        () if all_have("prompt", "outputs") => Kind::History,
        () => Kind::OtherJson,
    }
}

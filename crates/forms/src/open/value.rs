//! What a JSON value is: a workflow in one of its formats, something around one, or neither.
//! Invariant: what is handed on as the editor's format has nodes, and not too many.

use super::kind::Kind;
use super::opened::{MAX_EDITOR_NODES, Opened, Unopened};
use super::shape::{is_editor, is_graph, read};
use super::wrapper;
use crate::form::Package;
use pilotlight_comfy::json;
use pilotlight_comfy::workflow::{Refusal, Workflow};
use serde_json::{Map, Value};

/// What the server leaves in the nodes of a graph that ran.
const MARK: &str = "is_changed";

/// A graph to run and one of the editor, or what stands in their places.
pub(super) type Parts = (Option<Value>, Option<Value>);

/// What a JSON file is. JSON may stand as a text in JSON, more than once.
pub(super) fn opened(mut value: Value, left_out: &mut Vec<String>) -> Result<Opened, Unopened> {
    if value.is_string() {
        value = read(value).ok_or(Unopened::Other { kind: Kind::OtherJson })?;
    }
    if value.get("pilotlight").is_some() {
        return Package::from_value(&value).map(Opened::Package).map_err(Unopened::Package);
    }
    let kind = other(&value);
    if is_graph(&value) || is_editor(&value) {
        return concluded(parts(value), left_out).unwrap_or(Err(Unopened::Other { kind }));
    }
    let known = parts(value.clone());
    let found = concluded(known, left_out).or_else(|| {
        let inside = (kind == Kind::OtherJson).then(|| wrapper::inside(&value, left_out))?;
        concluded(inside, left_out)
    });
    found.unwrap_or(Err(Unopened::Other { kind }))
}

/// `None`: neither part is a workflow.
pub(super) fn concluded(
    (prompt, workflow): Parts,
    left_out: &mut Vec<String>,
) -> Option<Result<Opened, Unopened>> {
    let prompt = prompt.and_then(|prompt| graph(prompt, left_out));
    let workflow = workflow.and_then(|workflow| editor(workflow, left_out));
    Some(match (prompt, workflow) {
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

/// A graph to run. The server leaves a mark in each node it looked at, and believes it when it
/// comes back: a node whose file was replaced would not run again (`IsChangedCache` in ComfyUI's
/// `execution.py`). So the marks are taken off.
fn graph(mut value: Value, left_out: &mut Vec<String>) -> Option<Result<Workflow, Refusal>> {
    if !is_graph(&value) {
        return None;
    }
    let is_node = |node: &Value| node.get("class_type").is_some() || node.get("inputs").is_some();
    if let Some(nodes) = value.as_object_mut()
        && !nodes.values().all(is_node)
    {
        let mut kept = Map::new();
        for (id, node) in nodes.iter_mut() {
            if is_node(node) {
                kept.insert(id.clone(), node.take());
            } else {
                left_out.push(id.clone());
            }
        }
        *nodes = kept;
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

fn editor(mut value: Value, left_out: &mut Vec<String>) -> Option<Result<Value, Refusal>> {
    if !is_editor(&value) {
        return None;
    }
    let count = |graph: &Value| graph.get("nodes").and_then(Value::as_array).map_or(0, Vec::len);
    let subgraphs = value.get("definitions").and_then(|all| all.get("subgraphs"));
    let subgraphs = subgraphs.and_then(Value::as_array).into_iter().flatten();
    let own = count(&value);
    Some(match own + subgraphs.map(count).sum::<usize>() {
        _ if own == 0 => Err(Refusal::NoNodes),
        0..=MAX_EDITOR_NODES => {
            repair(&mut value, left_out);
            Ok(value)
        }
        _ => Err(Refusal::TooManyNodes { limit: MAX_EDITOR_NODES }),
    })
}

/// Puts right what is plain to see: a version that is not the one that the links are written in, and
/// nodes of one id. Of those the editor makes one node, at the first place and with the last
/// contents.
fn repair(value: &mut Value, left_out: &mut Vec<String>) {
    // Old editors left gaps where links were removed.
    let links = value.get("links").and_then(Value::as_array).into_iter().flatten();
    let links: Vec<&Value> = links.filter(|link| !link.is_null()).collect();
    let lists = !links.is_empty() && links.iter().all(|link| link.is_array());
    let objects = !links.is_empty() && links.iter().all(|link| link.is_object());
    let version = value.get("version").and_then(Value::as_f64);
    let said = match version {
        Some(0.4) => !objects,
        Some(_) | None => !lists && version.is_some(),
    };
    if let Some(map) = value.as_object_mut().filter(|_| !said) {
        map.insert("version".to_owned(), if objects { 1.into() } else { 0.4.into() });
    }
    let nodes = value.get_mut("nodes").and_then(Value::as_array_mut);
    let Some(nodes) = nodes else { return };
    let mut places: Map<String, Value> = Map::new();
    let mut kept: Vec<Value> = Vec::new();
    for node in nodes.iter_mut() {
        let id = node.get("id").map(json::text).unwrap_or_default();
        let place = places.get(&id).and_then(Value::as_u64).and_then(|at| at.try_into().ok());
        match place.and_then(|at: usize| kept.get_mut(at)) {
            Some(first) => {
                let class = first.get("type").and_then(Value::as_str).unwrap_or_default();
                left_out.push([class, " #", &id].concat());
                *first = node.take();
            }
            None => {
                places.insert(id, kept.len().into());
                kept.push(node.take());
            }
        }
    }
    *nodes = kept;
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

//! What the history says of a run: its messages and its entry.
//!
//! Invariant: the members are those of the recordings, in their order.

use std::sync::Arc;

use crate::comfy::classes;
use crate::comfy::nodes::Broken;
use crate::comfy::worker::Running;
use crate::json::{Json, map, strings};
use crate::params::Params;

/// One of `status.messages`.
pub fn message(name: &str, body: Json) -> Json {
    Json::List(vec![name.into(), body])
}

/// What the last message says of the node at which a run ended.
pub fn failing(running: &Running, id: &str, class: &str, more: Vec<(String, Json)>) -> Json {
    let mut body = map([
        ("prompt_id", running.item.id.as_str().into()),
        ("node_id", id.into()),
        ("node_type", class.into()),
        ("executed", strings(running.executed.iter().map(String::as_str))),
    ]);
    if let Json::Map(pairs) = &mut body {
        pairs.extend(more);
    }
    body
}

/// What `execution_error` says.
pub fn raised(
    running: &Running,
    id: &str,
    class: &str,
    inputs: &Json,
    broken: &Broken,
    params: &Params,
) -> Json {
    let known = classes::find(params.version, &params.missing_classes, class);
    let mut given = Vec::new();
    for (name, value) in inputs.as_map().unwrap_or_default() {
        if known.is_some_and(|c| c.inputs.iter().any(|i| i.name == *name)) {
            let linked = value.as_list().is_some();
            let shown = if linked { "(from another node)".into() } else { value.clone() };
            given.push((name.clone(), Json::List(vec![shown])));
        }
    }
    for name in known.map(|c| c.hidden.as_slice()).unwrap_or_default() {
        let shown = if name == "unique_id" { id } else { "(hidden)" };
        given.push((name.clone(), strings([shown])));
    }
    let traceback = strings([
        "  File \"/app/execution.py\", line 545, in execute\n    output_data, output_ui, has_subgraph, has_pending_tasks = await get_output_data(prompt_id, unique_id, obj, input_data_all)\n",
        "  File \"/app/execution.py\", line 306, in process_inputs\n    result = f(**inputs)\n             ^^^^^^^^^^^\n",
    ]);
    let all = running.signatures.iter().map(|(id, _)| id.as_str());
    failing(
        running,
        id,
        class,
        vec![
            ("exception_message".to_owned(), broken.message.as_str().into()),
            ("exception_type".to_owned(), broken.kind.into()),
            ("traceback".to_owned(), traceback),
            ("current_inputs".to_owned(), Json::Map(given)),
            ("current_outputs".to_owned(), strings(all)),
        ],
    )
}

/// The JSON of a history entry.
pub fn entry(running: &Running, success: bool) -> Arc<str> {
    let mut outputs = Vec::new();
    let mut meta = Vec::new();
    for (id, made) in &running.made {
        if let Some(shown) = &made.shown {
            outputs.push((id.clone(), shown.clone()));
            let names = [
                ("node_id", id.as_str().into()),
                ("display_node", id.as_str().into()),
                ("parent_node", Json::Null),
                ("real_node_id", id.as_str().into()),
            ];
            meta.push((id.clone(), map(names)));
        }
    }
    let status = map([
        ("status_str", if success { "success" } else { "error" }.into()),
        ("completed", success.into()),
        ("messages", Json::List(running.messages.clone())),
    ]);
    map([
        ("prompt", running.item.to_json()),
        ("outputs", Json::Map(outputs)),
        ("status", status),
        ("meta", Json::Map(meta)),
    ])
    .python()
    .into()
}

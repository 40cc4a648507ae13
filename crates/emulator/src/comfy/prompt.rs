//! The routes that change something: queueing a graph, dropping, interrupting, forgetting.
//!
//! Invariant: a second POST under the same `prompt_id` queues a second run, as the real server does.

use std::sync::Arc;

use super::{Comfy, Crash, files, json, validate, worker};
use crate::comfy::check::error;
use crate::comfy::python::python_text;
use crate::comfy::queue::Item;
use crate::comfy::validate::Refusal;
use crate::http::{Reply, Request};
use crate::journal::{Execution, Journal, Outcome};
use crate::json::{Json, map};
use crate::params::{Params, Version};
use crate::parse;

impl Comfy {
    /// Every route that takes a POST with a body of its own.
    pub(super) fn post(
        &mut self,
        path: &str,
        request: &Request,
        now: u64,
        params: &Params,
        journal: &mut Journal,
    ) -> Result<Reply, Crash> {
        match path {
            "/prompt" => return self.prompt(request, now, params, journal),
            "/upload/image" => return files::upload(request, &mut self.disk, now).ok_or(Crash),
            "/interrupt" => {
                let body = parse::python(&request.body).unwrap_or(Json::Map(Vec::new()));
                body.as_map().ok_or(Crash)?;
                let id = body.get("prompt_id").filter(|id| **id != Json::Null).map(python_text);
                self.worker.interrupt(id.as_deref().filter(|id| !id.is_empty()), now, params);
                return Ok(Reply::empty(200));
            }
            _ => {}
        }
        let body = parse::python(&request.body).ok_or(Crash)?;
        let clear = body.get("clear") == Some(&Json::Bool(true));
        let deleted = || {
            body.get("delete").and_then(Json::as_list).unwrap_or_default().iter().map(python_text)
        };
        match path {
            "/queue" if clear => {
                for item in self.worker.queue.clear() {
                    drop_item(journal, &item, now);
                }
            }
            "/queue" => {
                for item in
                    deleted().filter_map(|id| self.worker.queue.remove(&id)).collect::<Vec<_>>()
                {
                    drop_item(journal, &item, now);
                }
            }
            "/history" if clear => self.worker.history.clear(),
            "/history" => deleted().for_each(|id| self.worker.history.remove(&id)),
            _ => self.worker.free(),
        }
        Ok(Reply::empty(200))
    }

    fn prompt(
        &mut self,
        request: &Request,
        now: u64,
        params: &Params,
        journal: &mut Journal,
    ) -> Result<Reply, Crash> {
        let mut body = parse::python(&request.body).ok_or(Crash)?;
        if !matches!(body, Json::Map(_) | Json::List(_) | Json::Str(_)) {
            return Err(Crash);
        }
        let number = self.number(&body)?;
        let bad = |error: Json, node_errors: Json| {
            Ok(json(400, &map([("error", error), ("node_errors", node_errors)])))
        };
        if body.get("prompt").is_none() {
            return bad(
                error("no_prompt", "No prompt provided", "No prompt provided", map([])),
                map([]),
            );
        }
        let Some(id) = self.prompt_id(&body, params.version) else {
            let details = "prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one";
            return bad(
                error("invalid_prompt_id", "prompt_id must be a valid UUID", details, map([])),
                map([]),
            );
        };
        let Json::Map(pairs) = &mut body else { return Err(Crash) };
        let mut take = |key| {
            pairs.iter_mut().find(|(k, _)| k == key).map(|(_, v)| std::mem::replace(v, Json::Null))
        };
        let (graph, client, extra) = (take("prompt"), take("client_id"), take("extra_data"));
        let mut graph = graph.ok_or(Crash)?;
        let valid = match validate::validate(&mut graph, params, &self.disk, self.rng.bits()) {
            Ok(valid) => valid,
            Err(Refusal::Crash) => return Err(Crash),
            Err(Refusal::Bad { error, node_errors }) => return bad(error, node_errors),
        };
        let mut extra = extra.filter(|e| e.as_map().is_some()).unwrap_or(Json::Map(Vec::new()));
        if let Some(client) = client {
            extra.set("client_id", client);
        }
        if worker::stamped(params.version) {
            extra.set("create_time", Json::from(params.epoch_ms + now));
        }
        let shown =
            if params.nan_in_history { with_nan(graph.clone()).python() } else { graph.python() };
        let answer = map([
            ("prompt_id", id.as_str().into()),
            ("number", number.clone()),
            ("node_errors", valid.node_errors),
        ]);
        let execution = Execution {
            prompt_id: id.clone(),
            pod: self.pod,
            queued_ms: now,
            started_ms: None,
            ended_ms: None,
            outcome: Outcome::Queued,
            nodes_run: 0,
            foreign: false,
        };
        journal.executions.push(execution);
        self.worker.queue.push(Item {
            number,
            id,
            graph: Arc::new(graph),
            graph_text: shown.into(),
            extra: Arc::new(extra),
            outputs: valid.outputs,
            execution: journal.executions.len() - 1,
        });
        self.work(now, params, journal);
        Ok(json(200, &answer))
    }

    fn number(&mut self, body: &Json) -> Result<Json, Crash> {
        if let Some(given) = body.get("number") {
            let number = match given.as_str() {
                Some(text) => text.trim().parse().ok(),
                None => given.as_f64(),
            };
            return number.map(Json::Float).ok_or(Crash);
        }
        let number = self.counter;
        self.counter += 1;
        let front = body.get("front") == Some(&Json::Bool(true));
        Ok(Json::Int(if front { -number } else { number }))
    }

    fn prompt_id(&mut self, body: &Json, version: Version) -> Option<String> {
        let own = body.get("prompt_id");
        match (version, own) {
            (Version::V0_33_0, None | Some(Json::Null))
            | (Version::V0_3_64, None)
            | (Version::Ancient, _) => Some(self.rng.uuid()),
            (Version::V0_3_64, Some(id)) => Some(python_text(id)),
            (Version::V0_33_0, Some(id)) => {
                id.as_str().filter(|id| canonical(id)).map(str::to_owned)
            }
        }
    }

    /// Puts runs of other people into the queue.
    pub fn add_neighbours(&mut self, now: u64, params: &Params, journal: &mut Journal) {
        for i in 0..params.neighbours {
            let seconds = params.neighbour_ms as f64 / 1000.0;
            let body = format!(
                r#"{{"prompt": {{"1": {{"class_type": "JanusModelLoader", "inputs": {{"model_name": "deepseek-ai/Janus-Pro-7B"}}}}, "2": {{"class_type": "JanusImageGeneration", "inputs": {{"prompt": "somebody else's [sleep={seconds}]", "seed": {i}, "batch_size": 1, "cfg_weight": 5, "temperature": 1, "top_p": 0.95, "model": ["1", 0], "processor": ["1", 1]}}}}, "3": {{"class_type": "SaveImage", "inputs": {{"filename_prefix": "neighbour", "images": ["2", 0]}}}}}}}}"#
            );
            let request = Request::new("POST", "/prompt").with_body("application/json", body);
            if self.prompt(&request, now, params, journal).is_ok()
                && let Some(execution) = journal.executions.last_mut()
            {
                execution.foreign = true;
            }
        }
    }
}

fn drop_item(journal: &mut Journal, item: &Item, now: u64) {
    if let Some(execution) = journal.executions.get_mut(item.execution) {
        (execution.outcome, execution.ended_ms) = (Outcome::Deleted, Some(now));
    }
}

fn canonical(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
        })
}

fn with_nan(mut graph: Json) -> Json {
    if let Json::Map(nodes) = &mut graph {
        for (_, node) in nodes {
            if let Json::Map(members) = node
                && let Some((_, inputs)) = members.iter_mut().find(|(key, _)| key == "inputs")
                && inputs.get("top_p").is_some()
            {
                inputs.set("top_p", Json::Float(f64::NAN));
            }
        }
    }
    graph
}

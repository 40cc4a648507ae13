//! The one worker of ComfyUI: takes a run from the queue, goes through its nodes, writes its history.
//!
//! Invariant: runs go strictly one after the other; an interrupt bites between two nodes only
//! (unless nodes report progress); a graph that was just run is answered from the cache.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::comfy::classes;
use crate::comfy::disk::Disk;
use crate::comfy::messages::{entry, failing, message, raised};
use crate::comfy::nodes::{self, Bench, Made, Product};
use crate::comfy::python::python_text;
use crate::comfy::queue::{History, Item, Queue};
use crate::journal::{Journal, Outcome};
use crate::json::{Json, map, strings};
use crate::params::{Params, Version};
use crate::rng::{self, Rng};

/// What the worker works with.
pub struct Shop<'a> {
    pub params: &'a Params,
    pub disk: &'a mut Disk,
    pub rng: &'a mut Rng,
    pub journal: &'a mut Journal,
}

/// The worker with its queue, history and caches.
#[derive(Debug, Default)]
pub struct Worker {
    pub queue: Queue,
    pub history: History,
    running: Option<Running>,
    /// Ended runs on their way into the history.
    leaving: VecDeque<(u64, String, Arc<str>)>,
    cache: Vec<(u64, Arc<Made>)>,
    models: Vec<String>,
    /// The next Janus node kills the pod half way.
    pub doomed: bool,
    /// When the pod will die of what runs now.
    pub dies_at: Option<u64>,
}

/// The run in the works.
#[derive(Debug)]
pub struct Running {
    pub item: Item,
    /// Signature and id of each node of the graph that is needed.
    pub signatures: Vec<(String, u64)>,
    steps: VecDeque<String>,
    step_ends: u64,
    pub made: Vec<(String, Arc<Made>)>,
    /// Nodes that ran in this run.
    pub executed: Vec<String>,
    pub messages: Vec<Json>,
    interrupted: bool,
}

impl Worker {
    /// An idle worker; `doomed`: its first Janus node kills the pod.
    pub fn new(doomed: bool) -> Self {
        Self { doomed, ..Self::default() }
    }

    /// When something happens by itself.
    pub fn next_at(&self, now: u64) -> Option<u64> {
        let start = (self.running.is_none() && !self.queue.is_empty()).then_some(now);
        let step = self.running.as_ref().map(|r| r.step_ends);
        [start, step, self.leaving.front().map(|(due, ..)| *due)].into_iter().flatten().min()
    }

    /// What runs now.
    pub fn running(&self) -> Option<&Item> {
        self.running.as_ref().map(|r| &r.item)
    }

    /// Does everything that is due at `now`.
    pub fn advance(&mut self, now: u64, shop: &mut Shop<'_>) {
        while self.leaving.front().is_some_and(|(due, ..)| *due <= now) {
            if let Some((_, id, entry)) = self.leaving.pop_front() {
                self.history.insert(id, entry);
            }
        }
        loop {
            if self.running.is_none() {
                let Some(item) = self.queue.pop() else { break };
                self.start(item, now, shop);
            }
            if self.running.as_ref().is_none_or(|r| r.step_ends > now) {
                break;
            }
            self.end_step(now, shop);
        }
    }

    /// `/interrupt`: stops what runs, when `id` is empty or names it.
    pub fn interrupt(&mut self, id: Option<&str>, now: u64, params: &Params) {
        if let Some(running) = self.running.as_mut().filter(|r| id.is_none_or(|id| r.item.id == id))
        {
            running.interrupted = true;
            if params.node_progress {
                running.step_ends = running.step_ends.min(now + 50);
            }
        }
    }

    /// `/free`: forgets results and models.
    pub fn free(&mut self) {
        self.cache.clear();
        self.models.clear();
    }

    /// Everything queued or running is gone with the pod.
    pub fn die(&mut self, now: u64, journal: &mut Journal) {
        for item in self.queue.clear().into_iter().chain(self.running.take().map(|r| r.item)) {
            settle(journal, &item, Outcome::Lost, now);
        }
    }

    fn start(&mut self, item: Item, now: u64, shop: &mut Shop<'_>) {
        if let Some(execution) = shop.journal.executions.get_mut(item.execution) {
            (execution.started_ms, execution.outcome) = (Some(now), Outcome::Running);
        }
        let signatures = self.signatures(&item, shop);
        self.cache.retain(|(known, _)| signatures.iter().any(|(_, s)| s == known));
        let mut made: Vec<(String, Arc<Made>)> = Vec::new();
        for (id, signature) in &signatures {
            if let Some((_, result)) = self.cache.iter().find(|(known, _)| known == signature) {
                made.push((id.clone(), result.clone()));
            }
        }
        let mut cached: Vec<&str> = made.iter().map(|(id, _)| id.as_str()).collect();
        cached.sort_unstable();
        let stamp = |at: u64| ("timestamp", Json::from(shop.params.epoch_ms + at));
        let id = || ("prompt_id", Json::from(item.id.as_str()));
        let messages = vec![
            message("execution_start", map([id(), stamp(now)])),
            message("execution_cached", map([("nodes", strings(cached)), id(), stamp(now + 1)])),
        ];
        let steps = signatures
            .iter()
            .map(|(id, _)| id)
            .filter(|id| !made.iter().any(|(done, _)| done == *id))
            .cloned()
            .collect();
        self.running = Some(Running {
            item,
            signatures,
            steps,
            step_ends: now + 1,
            made,
            executed: Vec::new(),
            messages,
            interrupted: false,
        });
        self.begin_step(now + 1, shop);
    }

    /// The needed nodes in the order they will run in, each with what identifies its result.
    fn signatures(&self, item: &Item, shop: &mut Shop<'_>) -> Vec<(String, u64)> {
        let mut order = Vec::new();
        for output in &item.outputs {
            visit(&item.graph, output, shop, &mut order);
        }
        order
    }

    /// Sets out on the next node, or ends the run when there is none or it was interrupted.
    fn begin_step(&mut self, now: u64, shop: &mut Shop<'_>) {
        let Some(running) = self.running.as_mut() else { return };
        let Some(id) = running.steps.front() else {
            return self.finish(now, Outcome::Success, None, shop);
        };
        let node = running.item.graph.get(id);
        let class = node.and_then(|n| n.get("class_type")).map(python_text).unwrap_or_default();
        if running.interrupted {
            let extra = failing(running, id, &class, vec![]);
            return self.finish(
                now,
                Outcome::Interrupted,
                Some(("execution_interrupted", extra)),
                shop,
            );
        }
        let empty = Json::Map(Vec::new());
        let inputs = node.and_then(|n| n.get("inputs")).unwrap_or(&empty);
        let model = inputs.get("model_name").and_then(Json::as_str).unwrap_or("");
        let loaded = self.models.iter().any(|known| known == model);
        let duration = nodes::duration(&class, inputs, shop.params, loaded, shop.rng);
        running.step_ends = now + duration.ms;
        let janus = matches!(class.as_str(), "JanusImageGeneration" | "JanusImageUnderstanding");
        if duration.kills || (janus && std::mem::take(&mut self.doomed)) {
            self.dies_at = Some(now + duration.ms / 2);
        }
    }

    fn end_step(&mut self, now: u64, shop: &mut Shop<'_>) {
        let Some(running) = self.running.as_mut() else { return };
        let graph = running.item.graph.clone();
        let Some(id) = running.steps.front().cloned() else { return };
        let node = graph.get(&id);
        let class = node.and_then(|n| n.get("class_type")).map(python_text).unwrap_or_default();
        if running.interrupted && shop.params.node_progress {
            let extra = failing(running, &id, &class, vec![]);
            return self.finish(
                now,
                Outcome::Interrupted,
                Some(("execution_interrupted", extra)),
                shop,
            );
        }
        let empty = Json::Map(Vec::new());
        let inputs = node.and_then(|n| n.get("inputs")).unwrap_or(&empty);
        let made = &running.made;
        let upstream = |link: &Json| -> Option<&Product> {
            let source = link.as_list()?.first()?.as_str()?;
            made.iter().find(|(id, _)| id == source).map(|(_, m)| &m.product)
        };
        let mut bench = Bench {
            params: shop.params,
            disk: &mut *shop.disk,
            rng: &mut *shop.rng,
            now_ms: now,
            graph_text: &running.item.graph_text,
            extra: &running.item.extra,
        };
        match nodes::run(&class, &id, inputs, &upstream, &mut bench) {
            Ok(result) => {
                let result = Arc::new(result);
                if class == "JanusModelLoader" {
                    self.models.push(inputs.get("model_name").map(python_text).unwrap_or_default());
                }
                if let Some((_, signature)) =
                    running.signatures.iter().find(|(node, _)| *node == id)
                {
                    self.cache.push((*signature, result.clone()));
                }
                running.steps.pop_front();
                running.executed.push(id.clone());
                running.made.push((id, result));
                if let Some(execution) = shop.journal.executions.get_mut(running.item.execution) {
                    execution.nodes_run += 1;
                }
                self.begin_step(now, shop);
            }
            Err(broken) => {
                let extra = raised(running, &id, &class, inputs, &broken, shop.params);
                self.finish(now, Outcome::Error, Some(("execution_error", extra)), shop);
            }
        }
    }

    fn finish(
        &mut self,
        now: u64,
        outcome: Outcome,
        last: Option<(&str, Json)>,
        shop: &mut Shop<'_>,
    ) {
        let Some(mut running) = self.running.take() else { return };
        let stamp = Json::from(shop.params.epoch_ms + now);
        let (name, mut body) = last.unwrap_or_else(|| {
            ("execution_success", map([("prompt_id", running.item.id.as_str().into())]))
        });
        body.set("timestamp", stamp);
        running.messages.push(message(name, body));
        settle(shop.journal, &running.item, outcome, now);
        let gap = shop.rng.below(shop.params.gap_ms + 1);
        let due = self.leaving.back().map_or(0, |(due, ..)| *due).max(now + gap);
        let entry = entry(&running, outcome == Outcome::Success);
        if due <= now {
            self.history.insert(running.item.id, entry);
        } else {
            self.leaving.push_back((due, running.item.id, entry));
        }
    }
}

fn settle(journal: &mut Journal, item: &Item, outcome: Outcome, now: u64) {
    if let Some(execution) = journal.executions.get_mut(item.execution) {
        (execution.outcome, execution.ended_ms) = (outcome, Some(now));
    }
}

/// Puts a node behind everything it needs, with a hash of all that decides its result.
fn visit(graph: &Json, id: &str, shop: &mut Shop<'_>, order: &mut Vec<(String, u64)>) -> u64 {
    if let Some((_, known)) = order.iter().find(|(node, _)| node == id) {
        return *known;
    }
    let node = graph.get(id);
    let class = node.and_then(|n| n.get("class_type")).map(python_text).unwrap_or_default();
    let known = classes::find(shop.params.version, &shop.params.missing_classes, &class);
    let mut text = class.clone();
    let inputs = node.and_then(|n| n.get("inputs")).and_then(Json::as_map).unwrap_or_default();
    let mut sorted: Vec<&(String, Json)> = inputs
        .iter()
        .filter(|(name, _)| known.is_none_or(|c| c.inputs.iter().any(|i| i.name == *name)))
        .collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, value) in sorted {
        let shown = match value.as_list() {
            Some([Json::Str(source), slot]) => {
                format!("{:x}/{}", visit(graph, source, shop, order), slot.python())
            }
            _ => value.python(),
        };
        text = format!("{text}\n{name}={shown}");
        if class == "LoadImage"
            && let Some(file) = value.as_str().and_then(|name| shop.disk.annotated(name))
        {
            text = format!("{text}#{:x}", file.fingerprint());
        }
    }
    match class.as_str() {
        "ShowText|pysssss" => text.push_str(id),
        "SaveText|pysssss" => text = format!("{text}{}", shop.rng.bits()),
        _ => {}
    }
    let signature = rng::hash(text.as_bytes());
    order.push((id.to_owned(), signature));
    signature
}

/// `extra_data` gets a `create_time` in the newer version.
pub fn stamped(version: Version) -> bool {
    version == Version::V0_33_0
}

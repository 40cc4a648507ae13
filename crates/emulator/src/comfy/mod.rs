//! ComfyUI inside one pod: routes, queue, history, files, and the extension's routes.
//!
//! Invariant: everything it remembers dies with the pod, except what a volume keeps of its disk.

mod check;
pub mod classes;
pub mod disk;
mod files;
mod guard;
mod messages;
mod nodes;
mod origin;
mod prompt;
mod python;
mod queue;
mod samples;
mod validate;
mod wait;
mod worker;

use std::sync::OnceLock;

use crate::comfy::disk::Disk;
use crate::comfy::queue::Item;
use crate::comfy::wait::Wait;
use crate::comfy::worker::{Shop, Worker};
use crate::http::{Reply, Request, Ticket, decode, query_value};
use crate::journal::Journal;
use crate::json::{Json, map};
use crate::params::{Params, Version};
use crate::parse;
use crate::rng::Rng;

/// A running ComfyUI.
#[derive(Debug)]
pub struct Comfy {
    /// Which pod it runs in, counted from 1.
    pub pod: u64,
    pub disk: Disk,
    worker: Worker,
    rng: Rng,
    counter: i128,
    replies: Vec<(u64, Ticket, Reply)>,
    waits: Vec<Wait>,
    /// The pages of listed origins that are not answered yet.
    listed: Vec<(Ticket, String)>,
}

impl Comfy {
    /// A fresh process with what `disk` holds; `doomed`: its first run kills it.
    pub fn new(pod: u64, disk: Disk, seed: u64, doomed: bool) -> Self {
        let worker = Worker::new(doomed);
        Self {
            pod,
            disk,
            worker,
            rng: Rng::new(seed),
            counter: 0,
            replies: Vec::new(),
            waits: Vec::new(),
            listed: Vec::new(),
        }
    }

    /// Takes a request; the answer comes from [`Comfy::advance`].
    pub fn handle(
        &mut self,
        ticket: Ticket,
        request: &Request,
        now: u64,
        params: &Params,
        journal: &mut Journal,
    ) {
        let listed = guard::listed(request, params);
        let known = listed.is_some();
        self.listed.extend(listed.map(|origin| (ticket, origin)));
        let refused = guard::gate(request, params)
            .or_else(|| if known { None } else { origin::gate(request, params) });
        let answer = match refused {
            Some(reply) => Some(reply),
            None => self.route(ticket, request, now, params, journal),
        };
        if let Some(reply) = answer {
            self.reply(ticket, reply, request.method == "HEAD", now, params);
        }
    }

    fn reply(&mut self, ticket: Ticket, mut reply: Reply, head: bool, now: u64, params: &Params) {
        let is_refusal = reply.headers.iter().any(|(name, _)| name.starts_with("Access-Control-"));
        if !is_refusal {
            origin::dress(&mut reply, params);
        }
        let listed = self.listed.iter().position(|(of, _)| *of == ticket);
        let listed = listed.map(|at| self.listed.swap_remove(at).1);
        guard::dress(&mut reply, listed.as_deref(), params);
        if head {
            reply.body.clear();
        }
        let busy = if self.worker.running().is_some() { params.busy_answer_ms } else { 0 };
        self.replies.push((now + params.answer_ms + busy, ticket, reply));
    }

    /// When something happens by itself.
    pub fn next_at(&self, now: u64, params: &Params) -> Option<u64> {
        let replies = self.replies.iter().map(|(due, ..)| *due);
        let waits = self.waits.iter().map(|wait| wait.next_at(params));
        replies.chain(waits).chain(self.worker.next_at(now)).chain(self.worker.dies_at).min()
    }

    /// When it will die of what runs in it.
    pub fn dies_at(&self) -> Option<u64> {
        self.worker.dies_at
    }

    /// The first Janus node from now on kills the pod half way.
    pub fn doom(&mut self) {
        self.worker.doomed = true;
    }

    /// Does what is due and hands over the answers.
    pub fn advance(
        &mut self,
        now: u64,
        params: &Params,
        journal: &mut Journal,
        out: &mut Vec<(Ticket, Reply)>,
    ) {
        self.work(now, params, journal);
        let mut answered = Vec::new();
        self.waits.retain_mut(|wait| match wait.answer(&self.worker, now, params) {
            Some(body) => {
                answered.push((wait.ticket, body));
                false
            }
            None => true,
        });
        for (ticket, body) in answered {
            self.reply(ticket, json_text(200, body), false, now, params);
        }
        let mut i = 0;
        while i < self.replies.len() {
            if self.replies[i].0 <= now {
                let (_, ticket, reply) = self.replies.remove(i);
                out.push((ticket, reply));
            } else {
                i += 1;
            }
        }
    }

    fn work(&mut self, now: u64, params: &Params, journal: &mut Journal) {
        let mut shop = Shop { params, disk: &mut self.disk, rng: &mut self.rng, journal };
        self.worker.advance(now, &mut shop);
    }

    /// The client of a request left.
    pub fn forget(&mut self, ticket: Ticket) {
        self.waits.retain(|wait| wait.ticket != ticket);
        self.listed.retain(|(of, _)| *of != ticket);
        self.replies.retain(|(_, t, _)| *t != ticket);
    }

    /// The process ends; what was queued or running is lost.
    pub fn die(&mut self, now: u64, journal: &mut Journal) {
        self.worker.die(now, journal);
    }

    /// `{"running": [ids], "pending": [ids]}`.
    pub fn queue_json(&self) -> Json {
        let ids = |items: &mut dyn Iterator<Item = &Item>| {
            Json::List(items.map(|i| i.id.as_str().into()).collect())
        };
        let running = ids(&mut self.worker.running().into_iter());
        map([("running", running), ("pending", ids(&mut self.worker.queue.items().iter()))])
    }

    fn route(
        &mut self,
        ticket: Ticket,
        request: &Request,
        now: u64,
        params: &Params,
        journal: &mut Journal,
    ) -> Option<Reply> {
        if request.path.starts_with("//") {
            return Some(Reply::new(404, "text/plain; charset=utf-8", "404: Not Found"));
        }
        let path = request
            .path
            .strip_prefix("/api")
            .filter(|rest| rest.starts_with('/'))
            .unwrap_or(&request.path);
        let is_there = params.extension && (path != AWAKE || params.extension_holds);
        let (gets, posts) = methods(path, is_there);
        let twin = path.strip_prefix("/pilotlight").filter(|_| posts);
        match request.method.as_str() {
            "GET" | "HEAD" if gets => {}
            "GET" | "HEAD" => return Some(Reply::new(404, "application/octet-stream", "")),
            "POST" if posts => {
                let reads_body = twin.is_none();
                if reads_body && request.body.len() as u64 > params.max_body_bytes {
                    let text =
                        format!("Maximum request body size {} exceeded.", params.max_body_bytes);
                    return Some(Reply::new(413, "text/plain; charset=utf-8", text));
                }
            }
            _ => {
                let allow = if posts { "GET,HEAD,POST" } else { "GET,HEAD" };
                return Some(
                    Reply::new(405, "text/plain; charset=utf-8", "405: Method Not Allowed")
                        .header("Allow", allow),
                );
            }
        }
        if let Some(id) = path.strip_prefix("/pilotlight/wait/") {
            let known = query_value(&request.query, "known");
            self.waits.push(Wait::new(ticket, decode(id, false), known, now, params));
            return None;
        }
        if path == AWAKE {
            self.waits.push(Wait::awake(ticket, now, params));
            return None;
        }
        Some(match (request.method.as_str(), twin) {
            ("POST", None) => self.post(path, request, now, params, journal).unwrap_or_else(crash),
            (_, twin) => self.get(twin.unwrap_or(path), request, params),
        })
    }

    fn get(&self, path: &str, request: &Request, params: &Params) -> Reply {
        let (first, rest) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
        match (first, rest) {
            ("prompt", _) => {
                let remaining =
                    self.worker.queue.len() + usize::from(self.worker.running().is_some());
                json(
                    200,
                    &map([("exec_info", map([("queue_remaining", (remaining as u64).into())]))]),
                )
            }
            ("queue", _) => {
                let running = self.worker.running().map(Item::to_json).into_iter().collect();
                let pending = self.worker.queue.items().iter().map(Item::to_json).collect();
                json(
                    200,
                    &map([
                        ("queue_running", Json::List(running)),
                        ("queue_pending", Json::List(pending)),
                    ]),
                )
            }
            ("history", "") => self.history_list(request).unwrap_or_else(crash),
            ("history", id) => json_text(200, self.worker.history.one(&decode(id, false))),
            ("view", _) => files::view(request, &self.disk, params),
            ("object_info", class) => self.object_info(&decode(class, false), params),
            ("system_stats", _) => json_text(200, system_stats(params.version)),
            ("features", _) => json(200, &features(params)),
            _ => Reply::new(
                200,
                "text/html",
                "<!doctype html><title>ComfyUI</title><p>A pretend ComfyUI.\n",
            ),
        }
    }

    fn history_list(&self, request: &Request) -> Result<Reply, Crash> {
        let number = |name| {
            query_value(&request.query, name)
                .map(|text| text.parse::<i64>().map_err(|_| Crash))
                .transpose()
        };
        let (max_items, offset) = (number("max_items")?, number("offset")?.unwrap_or(-1));
        Ok(json_text(200, self.worker.history.list(max_items, offset)))
    }

    fn object_info(&self, wanted: &str, params: &Params) -> Reply {
        let all = classes::classes(params.version)
            .iter()
            .filter(|class| !params.missing_classes.contains(&class.name));
        let shown = all.filter(|class| wanted.is_empty() || class.name == wanted).map(|class| {
            let mut description = class.description.clone();
            if class.name == "LoadImage" {
                let files = Json::List(self.disk.inputs().map(Json::from).collect());
                let image = Json::List(vec![files, map([("image_upload", true.into())])]);
                description.set("input", map([("required", map([("image", image)]))]));
            }
            if class.name == "JanusModelLoader" {
                let models =
                    class.inputs.iter().map(|input| classes::with_models(input, params)).collect();
                let models = Json::List(models);
                description.set("input", map([("required", map([("model_name", models)]))]));
            }
            (class.name.clone(), description)
        });
        json(200, &Json::Map(shown.collect()))
    }
}

/// Python raised where nothing catches.
#[derive(Debug)]
struct Crash;

fn crash(_: Crash) -> Reply {
    Reply::new(
        500,
        "text/plain; charset=utf-8",
        "500 Internal Server Error\n\nServer got itself in trouble",
    )
}

fn json(status: u16, body: &Json) -> Reply {
    json_text(status, body.python())
}

fn json_text(status: u16, body: String) -> Reply {
    Reply::new(status, "application/json; charset=utf-8", body)
}

/// The extension's route that is held for its own sake.
const AWAKE: &str = "/pilotlight/awake";

/// Whether a path takes GET and whether it takes POST.
fn methods(path: &str, extension: bool) -> (bool, bool) {
    if let Some(twin) = path.strip_prefix("/pilotlight/") {
        let waits =
            twin.strip_prefix("wait/").is_some_and(|id| !id.is_empty() && !id.contains('/'));
        let held = waits || path == AWAKE;
        let core = twin != "features"
            && !twin.is_empty()
            && methods(&path["/pilotlight".len()..], false).0;
        return if extension { (held, held || core) } else { (false, false) };
    }
    match path {
        "/" | "/view" | "/system_stats" | "/object_info" | "/features" => (true, false),
        "/prompt" | "/queue" | "/history" => (true, true),
        "/interrupt" | "/free" | "/upload/image" => (false, true),
        _ => {
            let below = |base| {
                path.strip_prefix(base)
                    .is_some_and(|rest: &str| !rest.is_empty() && !rest.contains('/'))
            };
            (below("/history/") || below("/object_info/"), false)
        }
    }
}

fn features(params: &Params) -> Json {
    let mut features = map([
        ("supports_preview_metadata", true.into()),
        ("max_upload_size", params.max_body_bytes.into()),
    ]);
    if params.version == Version::V0_33_0 {
        features.set("supports_model_type_tags", true.into());
        features.set("extension", map([("manager", map([("supports_v4", true.into())]))]));
        features.set("node_replacements", true.into());
        features.set("assets", false.into());
    }
    features
}

fn system_stats(version: Version) -> String {
    static NEW: OnceLock<String> = OnceLock::new();
    static OLD: OnceLock<String> = OnceLock::new();
    let read = |text: &str| parse::python(text.as_bytes()).unwrap_or(Json::Null).python();
    let text = match version {
        Version::V0_33_0 => {
            NEW.get_or_init(|| read(include_str!("../../data/system_stats-0.33.0.json")))
        }
        Version::V0_3_64 | Version::Ancient => {
            OLD.get_or_init(|| read(include_str!("../../data/system_stats-0.3.64.json")))
        }
    };
    text.clone()
}

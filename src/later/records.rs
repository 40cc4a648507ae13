//! What is stored of runs, so that they are taken up after a reload.

use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::record::Stored;
use pilotlight_engine::run::Run;
use pilotlight_engine::text::Kept;
use serde_json::Value;

use super::keeping;
use crate::app::{Job, Page};
use crate::{browser, storage};

/// Names this browser to the server, which shows it in its queue.
pub fn client_id() -> String {
    storage::get("client").unwrap_or_else(|| {
        let id = PromptId::from_random(browser::random()).to_string();
        storage::set("client", &id);
        id
    })
}

/// Stores a run as it is now, or lets go of it when nothing is left to take up. One that brought
/// something is let go of by `keeping`, once that is written.
pub fn keep(page: Page, job: &Job) {
    let key = record_key(job.number);
    let Some(stored) = job.run.peek(Run::stored) else {
        if job.run.peek(|run| run.brought().is_none()) {
            storage::remove(&key);
        }
        return;
    };
    let endpoint = page.endpoint.map(|endpoint| endpoint.key());
    let form = page.sheet(job.order.sheet).map(|sheet| sheet.form.id.clone());
    let mut pictures = Vec::new();
    for attached in &job.order.ready.attachments {
        pictures.push(json::object(vec![
            ("key", Value::String(attached.key.to_string())),
            ("picture", attached.picture.to_value()),
        ]));
    }
    let mut record = json::object(vec![
        ("run", stored.to_value()),
        ("number", Value::from(job.number)),
        ("endpoint", Value::from(endpoint)),
        ("form", Value::from(form)),
        ("title", Value::String(job.order.title.clone())),
        ("drafts", job.order.drafts.to_value()),
        ("workflow", job.order.ready.workflow.to_value()),
        ("pictures", Value::Array(pictures)),
        ("seed", Value::from(job.order.ready.seed)),
    ]);
    if storage::set(&key, &json::text(&record)) {
        return;
    }
    // What the history said is the larger part, and can be asked for again.
    record["run"] = Stored { ended: None, ..stored }.to_value();
    if !storage::set(&key, &json::text(&record)) {
        keeping::say(page, Kept::RunsNotKept);
    }
}

/// Stores when and what was last heard, so that a page opened again can say so.
pub fn keep_server(page: Page) {
    let Some(endpoint) = page.endpoint else { return };
    let server = page.server.now();
    let facts = server.facts.unwrap_or_default();
    let kept = json::object(vec![
        ("endpoint", Value::String(endpoint.key())),
        ("heard", Value::from(server.heard_at.map(|at| at.0))),
        ("version", Value::from(facts.version)),
        ("device", Value::from(facts.device)),
    ]);
    storage::set("server", &json::text(&kept));
}

/// A stored run as it is now, if there is still something of it to take up.
pub fn record(number: u32) -> Option<Value> {
    json::parse(&storage::get(&record_key(number))?)
}

fn record_key(number: u32) -> String {
    format!("run.{number:08}")
}

/// Lets go of a stored run.
pub fn forget(number: u32) {
    storage::remove(&record_key(number));
}

/// A run belongs to the page that holds the lock of this name.
pub fn lock_name(number: u32) -> String {
    format!("pilotlight run {number}")
}

pub fn next_number() -> u32 {
    let last: u32 = storage::get("count").and_then(|count| count.parse().ok()).unwrap_or(0);
    let next = last.wrapping_add(1);
    storage::set("count", &next.to_string());
    next
}

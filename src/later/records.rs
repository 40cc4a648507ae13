//! What is stored of runs, so that they are taken up after a reload. Invariant: what runs that were
//! wanted together have in common is stored once, after the records that name it: a base that no
//! record names is nobody's.

use std::rc::Rc;

use pilotlight_engine::form::{Drafts, FieldKey};
use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::record::Stored;
use pilotlight_engine::run::Run;
use pilotlight_engine::workflow::Workflow;
use serde_json::{Map, Value};

use crate::app::{Job, Order, Page, Share};
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
/// something is let go of by `keeping`, once that is written. `false` when it is in memory only.
pub fn keep(page: Page, job: &Job) -> bool {
    let key = record_key(job.number);
    let Some(stored) = job.run.peek(Run::stored) else {
        if job.run.peek(|run| run.brought().is_none()) {
            storage::remove(&key);
        }
        return true;
    };
    let endpoint = page.endpoint.now().map(|endpoint| endpoint.key());
    let form = page.sheet(job.order.sheet).map(|sheet| sheet.form.id.clone());
    let mut pictures = Vec::new();
    for attached in &job.order.ready.attachments {
        pictures.push(json::object(vec![
            ("key", Value::String(attached.key.to_string())),
            ("picture", attached.picture.to_value()),
        ]));
    }
    let made_from = match &job.share {
        Some(share) => [
            ("base", Value::from(share.base)),
            ("values", values_to_value(&share.values)),
            ("drafts", share.drafts.to_value()),
        ],
        None => [
            ("base", Value::Null),
            ("workflow", job.order.ready.workflow.to_value()),
            ("drafts", job.order.drafts.to_value()),
        ],
    };
    let mut record = vec![
        ("run", stored.to_value()),
        ("number", Value::from(job.number)),
        ("place", Value::from(job.place.now())),
        ("endpoint", Value::from(endpoint)),
        ("form", Value::from(form)),
        ("title", Value::String(job.order.title.clone())),
        ("pictures", Value::Array(pictures)),
        ("seed", Value::from(job.order.ready.seed)),
    ];
    record.extend(made_from);
    let mut record = json::object(record);
    if storage::keep(&key, &json::text(&record)) {
        return true;
    }
    // What the history said is the larger part, and can be asked for again.
    record["run"] = Stored { ended: None, ..stored }.to_value();
    storage::keep(&key, &json::text(&record))
}

/// How an order differs from the one that is stored under this number; `None` when it is of
/// another workflow.
pub fn share(base: u32, of: &Order, order: &Order) -> Option<Rc<Share>> {
    let values = order.ready.workflow.beside(&of.ready.workflow)?;
    Some(Rc::new(Share { base, values, drafts: order.drafts.beside(&of.drafts) }))
}

/// Stores what runs share, behind their records. `false` when it is in memory only.
pub fn keep_base(base: u32, of: &Order) -> bool {
    let kept = json::object(vec![
        ("number", Value::from(base)),
        ("workflow", of.ready.workflow.to_value()),
        ("drafts", of.drafts.to_value()),
    ]);
    storage::keep(&base_key(base), &json::text(&kept))
}

/// The workflow that a stored run sends, the drafts that it was made from, and what it shares.
pub fn made_from(record: &Value) -> Option<(Workflow, Drafts, Option<Rc<Share>>)> {
    let drafts = Drafts::from_value(record.get("drafts")?)?;
    let Some(base) = number_of(record, "base") else {
        let workflow = Workflow::from_value(record.get("workflow")?.clone()).ok()?;
        return Some((workflow, drafts, None));
    };
    let kept = json::parse(&storage::get(&base_key(base))?)?;
    let mut workflow = Workflow::from_value(kept.get("workflow")?.clone()).ok()?;
    let mut all = Drafts::from_value(kept.get("drafts")?)?;
    let mut values = Vec::new();
    for (key, value) in record.get("values")?.as_object()? {
        let key = FieldKey::parse(key)?;
        if !workflow.set(&key, value.clone()) {
            return None;
        }
        values.push((key, value.clone()));
    }
    all.merge(drafts.clone());
    Some((workflow, all, Some(Rc::new(Share { base, values, drafts }))))
}

/// The drafts that stored runs share.
pub fn shared_drafts() -> Vec<Drafts> {
    let bases = storage::all("base.").into_iter().filter_map(|text| json::parse(&text));
    bases.filter_map(|base| Drafts::from_value(base.get("drafts")?)).collect()
}

/// Lets go of what no stored run needs any more, here or in another page of this browser.
pub fn forget_bases() {
    // In this order: a base is stored behind the records that name it.
    let bases: Vec<Value> =
        storage::all("base.").iter().filter_map(|text| json::parse(text)).collect();
    if bases.is_empty() {
        return;
    }
    let records: Vec<Value> =
        storage::all("run.").iter().filter_map(|text| json::parse(text)).collect();
    for base in bases.iter().filter_map(|base| number_of(base, "number")) {
        if !records.iter().any(|record| number_of(record, "base") == Some(base)) {
            forget_base(base);
        }
    }
}

pub fn forget_base(base: u32) {
    storage::remove(&base_key(base));
}

fn values_to_value(values: &[(FieldKey, Value)]) -> Value {
    let mut map = Map::new();
    for (key, value) in values {
        map.insert(key.to_string(), value.clone());
    }
    Value::Object(map)
}

/// A number that people know a run by.
pub fn number_of(record: &Value, name: &str) -> Option<u32> {
    u32::try_from(record.get(name)?.as_u64()?).ok()
}

fn base_key(base: u32) -> String {
    format!("base.{base:08}")
}

/// Stores when and what was last heard, so that a page opened again can say so.
pub fn keep_server(page: Page) {
    let Some(endpoint) = page.endpoint.now() else { return };
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

//! What the server said of node classes: asked once, kept per endpoint with the time it was said.
//! Invariant: nothing is asked here of a server that may sleep unless somebody pressed for it.

use std::cell::RefCell;
use std::rc::Rc;

use pilotlight_engine::comfy::{self, Endpoint};
use pilotlight_engine::failure::Fault;
use pilotlight_engine::json;
use serde_json::Value;

use super::http::Call;
use crate::app::Page;
use crate::task::{self, Work};
use crate::{browser, storage};

/// Longer descriptions, mostly lists of thousands of files, are asked for again next time.
const KEPT_BYTES: usize = 100_000;
/// A workflow with more classes than this is not one that a form is made of.
const MAX_ASKED: usize = 300;

/// The replies that are kept for these classes, each an `/object_info/{class}` of one class.
pub fn kept(page: Page, names: &[String]) -> Vec<String> {
    let Some(endpoint) = page.endpoint else { return Vec::new() };
    names.iter().filter_map(|name| kept_one(&endpoint.key(), name)).collect()
}

fn kept_one(endpoint: &str, name: &str) -> Option<String> {
    let kept = json::parse(&storage::get(&key(name))?)?;
    let text = |field: &str| kept.get(field).and_then(Value::as_str);
    (text("endpoint") == Some(endpoint)).then(|| text("reply").map(str::to_owned))?
}

/// Asks for them: the first alone, since it may have to wake the GPU, then all others at once.
pub async fn ask(page: Page, names: &[String], limit_ms: u64) -> Result<Vec<String>, Fault> {
    let Some(endpoint) = page.endpoint else { return Ok(Vec::new()) };
    let names = names.get(..MAX_ASKED).unwrap_or(names);
    let Some((first, rest)) = names.split_first() else { return Ok(Vec::new()) };
    let mut replies = vec![ask_one(endpoint, first, limit_ms).await?];
    let came: Rc<RefCell<Vec<Result<String, Fault>>>> = Rc::default();
    let mut work: Vec<Work> = Vec::new();
    for name in rest.iter().cloned() {
        let came = came.clone();
        work.push(Box::pin(async move {
            let reply = ask_one(endpoint, &name, limit_ms).await;
            came.borrow_mut().push(reply);
        }));
    }
    task::all(work).await;
    for reply in came.take() {
        replies.push(reply?);
    }
    Ok(replies)
}

async fn ask_one(endpoint: &Endpoint, name: &str, limit_ms: u64) -> Result<String, Fault> {
    let call = Call { signal: None, limit_ms };
    let reply = comfy::class(&call.send(&endpoint.class(name), None).await)?;
    if reply.len() <= KEPT_BYTES {
        let kept = json::object(vec![
            ("endpoint", Value::String(endpoint.key())),
            ("said", Value::from(browser::now().0)),
            ("reply", Value::String(reply.clone())),
        ]);
        storage::set(&key(name), &json::text(&kept));
    }
    Ok(reply)
}

fn key(name: &str) -> String {
    format!("class.{name}")
}

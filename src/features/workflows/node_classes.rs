//! Descriptions of node classes from the server, stored per endpoint with the time of the reply.
//! Invariant: a server that may sleep is asked only after a press.

use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

use pilotlight_comfy::comfy::{self, Endpoint};
use pilotlight_comfy::failure::Fault;
use pilotlight_comfy::json;
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::time::At;
use pilotlight_comfy::workflow::{Node, link};
use pilotlight_forms::form;
use pilotlight_i18n::present::Described;
use pilotlight_session::Event;
use serde::{Deserialize, Serialize};

use crate::app::{Page, Sheet};
use crate::runtime::http::Call;
use crate::runtime::task;
use crate::runtime::task::Work;
use crate::{browser, runtime, storage};

/// Longer descriptions (with lists of thousands of files) are not stored, but requested again.
const KEPT_BYTES: usize = 100_000;
/// How long the reply that a class is missing is believed.
const ABSENT_MS: u64 = 10 * 60_000;
/// The most classes that are requested for one workflow.
const MAX_ASKED: usize = 300;
/// The time limit of a request to a server that is awake.
pub const AWAKE_LIMIT_MS: u64 = 30_000;

/// Returns the stored replies for these classes, each an `/object_info/{class}` of one class.
pub fn kept(page: Page, names: &[String]) -> Vec<String> {
    let Some(endpoint) = page.endpoint.get_untracked() else { return Vec::new() };
    names.iter().filter_map(|name| kept_one(&endpoint.key(), name)).collect()
}

fn kept_one(endpoint: &str, name: &str) -> Option<String> {
    let reply = record(endpoint, name)?.reply;
    (!reply.is_empty()).then_some(reply)
}

/// Returns whether a reply of the server about this class is stored, even if it has no such class.
pub fn is_kept(page: Page, name: &str) -> bool {
    let endpoint = page.endpoint.get_untracked();
    endpoint.is_some_and(|endpoint| kept_one(&endpoint.key(), name).is_some())
}

/// Deletes the stored description of a class.
pub fn forget(name: &str) {
    storage::remove(&key(name));
}

/// Returns whether the server is awake, so that a request wakes no GPU.
pub fn is_awake(page: Page) -> bool {
    page.server.with_untracked(|server| server.is_awake(browser::now()))
}

/// Returns where the choices and bounds of a form come from: the age of the oldest reply if all of
/// its classes are as this server described them.
pub fn described(page: Page, sheet: &Sheet) -> Described {
    let names = named(sheet, |node| node.inputs().any(|(_, value)| link(value).is_none()));
    let endpoint = page.endpoint.get_untracked().map(|endpoint| endpoint.key()).unwrap_or_default();
    let mut age = None;
    for class in sheet.classes.iter().filter(|class| names.contains(&class.name)) {
        let kept = record(&endpoint, &class.name);
        let Some(said) = kept.as_ref().and_then(|kept| same(kept, class)) else {
            let is_shipped = sheet.classes.iter().any(|class| class.shipped);
            return if is_shipped { Described::Shipped } else { Described::WithForm };
        };
        age = age.max(Some(browser::now().since(said)));
    }
    age.map_or(Described::NotYet, |ms| Described::Ago { ms })
}

/// Returns when the server described a class like this. Long descriptions are not compared.
fn same(kept: &Kept, class: &Class) -> Option<At> {
    let is_same = || Some(Class::read_all(&json::parse(&kept.reply)?).contains(class));
    (kept.reply.is_empty() || is_same()?).then_some(kept.said)
}

/// Returns the classes of those of the form's nodes that are `wanted`, without duplicates.
pub fn named(sheet: &Sheet, wanted: impl Fn(&Node<'_>) -> bool) -> Vec<String> {
    let nodes = sheet.form.workflow().nodes().filter(|(_, node)| wanted(node));
    let mut names: Vec<String> = nodes.map(|(_, node)| node.class().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A stored description of a class.
#[derive(Serialize, Deserialize)]
struct Kept {
    endpoint: String,
    said: At,
    /// Empty if it was too long to be stored.
    reply: String,
}

fn record(endpoint: &str, name: &str) -> Option<Kept> {
    let kept: Kept = json::from_text(&storage::get(&key(name))?)?;
    (kept.endpoint == endpoint).then_some(kept)
}

/// Returns the problems that prevent a run whatever is entered, according to the form's classes and
/// those that the server recently reported as missing.
pub fn flaws(page: Page, sheet: &Sheet) -> Vec<Problem> {
    let mut names = named(sheet, |_| true);
    let endpoint = page.endpoint.get_untracked().map(|endpoint| endpoint.key()).unwrap_or_default();
    names.retain(|name| is_absent(&endpoint, name));
    form::flaws(sheet.form.workflow(), &sheet.classes, &names)
}

/// Returns whether the server recently reported that it lacks this class. Older replies are not
/// believed, since the class may have been installed.
fn is_absent(endpoint: &str, name: &str) -> bool {
    let Some(kept) = record(endpoint, name) else { return false };
    browser::now().since(kept.said) < ABSENT_MS && kept.reply.trim() == "{}"
}

/// Requests descriptions: first one alone, which may wake the GPU, then the others at once.
pub async fn ask(page: Page, names: &[String], limit_ms: u64) -> Result<Vec<String>, Fault> {
    let Some(endpoint) = page.endpoint.get_untracked() else { return Ok(Vec::new()) };
    let names = names.get(..MAX_ASKED).unwrap_or(names);
    let Some((first, rest)) = names.split_first() else { return Ok(Vec::new()) };
    let asked = browser::now();
    runtime::asked().set(Some(asked));
    let reply = ask_one(&endpoint, first, limit_ms).await;
    runtime::asked().set(None);
    let mut replies = vec![reply?];
    runtime::tell(page, Event::ServerAnswered { asked });
    let came: Rc<RefCell<Vec<Result<String, Fault>>>> = Rc::default();
    let mut work: Vec<Work> = Vec::new();
    for name in rest {
        let (came, name) = (came.clone(), name.clone());
        let endpoint = endpoint.clone();
        work.push(Box::pin(async move {
            let reply = ask_one(&endpoint, &name, limit_ms).await;
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
    let heard = comfy::class(&call.send(&endpoint.class(name), None).await);
    let reply = heard.inspect_err(runtime::note_key_refusal)?;
    // Of a description that is too long, only the time is stored.
    let text = if reply.len() <= KEPT_BYTES { reply.clone() } else { String::new() };
    let kept = Kept { endpoint: endpoint.key(), said: browser::now(), reply: text };
    storage::set(&key(name), &json::to_text(&kept));
    Ok(reply)
}

fn key(name: &str) -> String {
    format!("class.{name}")
}

//! A workflow that a person opens: the bytes of a file in, a tab out. Its module is fetched when
//! somebody opens one. Invariant: what cannot be opened is refused in a sentence and changes nothing.

use std::cell::RefCell;

use pilotlight_engine::form::{AppMode, Form, Given, derive};
use pilotlight_engine::graph::{self, Classes, GraphRefusal};
use pilotlight_engine::json;
use pilotlight_engine::language::{Label, Language};
use pilotlight_engine::open::{self, MAX_FILE_BYTES, Opened, Unopened};
use pilotlight_engine::schema::Class;
use pilotlight_engine::server::Server;
use pilotlight_engine::text;
use pilotlight_engine::workflow::Workflow;

use super::{Unfetched, classes, fill_all, part_came};
use crate::app::{Notice, Page};
use crate::browser::{self, Picked};
use crate::{desk, storage, task};

/// How long a server that is awake may take to describe a class.
const AWAKE_LIMIT_MS: u64 = 30_000;

/// What was opened and waits for class descriptions.
struct Waiting {
    name: String,
    opened: Opened,
    classes: Vec<String>,
}

thread_local! {
    static WAITING: RefCell<Option<Waiting>> = const { RefCell::new(None) };
}

/// What a person wants opened.
pub enum Wanted {
    File(Picked),
    /// A text that was pasted.
    Text(String),
    /// What was opened and lacks descriptions, which the server is now to be asked for.
    Described,
}

pub fn want(page: Page, wanted: Wanted) {
    task::spawn(async move {
        match door(page, wanted).await {
            Ok(()) => part_came(page),
            Err(Unfetched) => desk::add_notice(page, Notice::PartMissing),
        }
    });
}

/// The door to a module of its own, as `later` has one.
#[cfg(feature = "divided")]
#[leptos::wasm_split::wasm_split(opening, wasm_split_path = leptos::wasm_split, fallible)]
fn door(page: Page, wanted: Wanted) -> Result<(), Unfetched> {
    open_it(page, wanted);
    Ok(())
}

#[cfg(not(feature = "divided"))]
async fn door(page: Page, wanted: Wanted) -> Result<(), Unfetched> {
    open_it(page, wanted);
    std::future::ready(Ok(())).await
}

fn open_it(page: Page, wanted: Wanted) {
    match wanted {
        Wanted::File(picked) => file(page, picked),
        Wanted::Text(text) => {
            let name = text::Word::PastedText.say(page.language.now());
            bytes_of(page, name.to_owned(), text.as_bytes());
        }
        Wanted::Described => ask_for_classes(page),
    }
}

fn file(page: Page, picked: Picked) {
    task::spawn(async move {
        let name = picked.name();
        if picked.size_bytes() > MAX_FILE_BYTES as u64 {
            let why = Unopened::TooLarge { limit_mb: MAX_FILE_BYTES >> 20 };
            return refuse(page, |language| text::unopened(&name, &why, language));
        }
        let Some(bytes) = picked.bytes().await else {
            return refuse(page, |language| text::unopened(&name, &Unopened::Empty, language));
        };
        bytes_of(page, name, &bytes);
    });
}

fn bytes_of(page: Page, name: String, bytes: &[u8]) {
    page.notices.update(|all| {
        all.retain(|one| !matches!(one, Notice::Unopened(_) | Notice::ClassesWanted(_)));
    });
    match open::open(bytes) {
        Err(why) => refuse(page, |language| text::unopened(&name, &why, language)),
        Ok(Opened::Package(package)) => {
            let (form, classes) = package.parts();
            put(page, form, classes);
        }
        Ok(opened) => settle(page, Waiting { name, opened, classes: Vec::new() }, &[], true),
    }
}

/// Asks the server for what is still missing, although it may sleep: somebody pressed for it.
fn ask_for_classes(page: Page) {
    let Some(waiting) = WAITING.take() else { return };
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::ClassesWanted(_))));
    ask(page, waiting, page.config.limits().waking_ms);
}

fn ask(page: Page, waiting: Waiting, limit_ms: u64) {
    task::spawn(async move {
        match classes::ask(page, &waiting.classes, limit_ms).await {
            Ok(replies) => {
                page.server.update(|server| server.heard_at = Some(browser::now()));
                settle(page, waiting, &replies, false);
            }
            Err(_) => lacks(page, waiting),
        }
    });
}

/// Makes a form of it with the descriptions that are there. `may_ask`: whether a server that is
/// awake has not been asked yet.
fn settle(page: Page, waiting: Waiting, replies: &[String], may_ask: bool) {
    let named = named(&waiting.opened);
    let mut known = classes::kept(page, &named);
    known.extend(replies.iter().cloned());
    let mut for_graph = Classes::default();
    let mut list = Vec::new();
    for reply in &known {
        for_graph.add(reply);
        list.extend(json::parse(reply).iter().flat_map(Class::read_all));
    }
    let missing: Vec<String> =
        named.into_iter().filter(|name| !list.iter().any(|class| class.name == *name)).collect();
    if may_ask && !missing.is_empty() && is_awake(page) {
        return ask(page, Waiting { classes: missing, ..waiting }, AWAKE_LIMIT_MS);
    }
    let Waiting { name, opened, classes: _ } = waiting;
    let (flow, app) = match opened {
        Opened::Api(prompt) => (prompt, None),
        Opened::Both { prompt, workflow } => (prompt, AppMode::read(&workflow)),
        Opened::Package(package) => (package.form().workflow().clone(), None),
        Opened::Editor(editor) => match graph::convert(&for_graph, &editor, &browser::moment()) {
            Ok(prompt) => match Workflow::from_value(prompt) {
                Ok(flow) => (flow, AppMode::read(&editor)),
                Err(why) => {
                    let why = Unopened::Workflow(why);
                    return refuse(page, |language| text::unopened(&name, &why, language));
                }
            },
            Err(GraphRefusal::MissingClasses { classes }) if may_ask => {
                return lacks(page, Waiting { name, opened: Opened::Editor(editor), classes });
            }
            Err(why) => return refuse(page, |language| text::unconverted(&why, language)),
        },
    };
    show(page, &name, flow, app.as_ref(), list);
}

/// The classes that it names, each once.
fn named(opened: &Opened) -> Vec<String> {
    let mut names: Vec<String> = match opened {
        Opened::Api(prompt) | Opened::Both { prompt, .. } => {
            prompt.nodes().map(|(_, node)| node.class().to_owned()).collect()
        }
        Opened::Editor(editor) => graph::classes(editor),
        Opened::Package(_) => Vec::new(),
    };
    names.sort();
    names.dedup();
    names
}

fn is_awake(page: Page) -> bool {
    page.server.peek(|server: &Server| server.is_awake(browser::now()))
}

/// Goes to the form that this workflow belongs to and fills it in, or makes one.
fn show(page: Page, name: &str, flow: Workflow, app: Option<&AppMode>, classes: Vec<Class>) {
    let sheets = page.sheets.now();
    let fits = sheets.iter().enumerate();
    let found = fits.filter_map(|(at, sheet)| Some((at, sheet.form.refill(&flow)?))).next();
    let Some((at, drafts)) = found else {
        let form = derive(Given { workflow: flow, classes: &classes, author: None, app, name });
        return put(page, form, classes);
    };
    go_to(page, at);
    if let Some(sheet) = sheets.get(at) {
        fill_all(sheet, drafts);
    }
}

/// Goes to the tab of this form, or gives it one. Another form of the same id, as one that was
/// edited since, keeps its own.
fn put(page: Page, mut form: Form, classes: Vec<Class>) {
    let at = page.sheets.peek(|sheets| {
        let id = form.id.clone();
        let found = sheets.iter().position(|sheet| {
            form.id.clone_from(&sheet.form.id);
            form == sheet.form
        });
        form.id = id;
        found
    });
    let at = at.unwrap_or_else(|| {
        free_id(page, &mut form);
        let sheet = desk::sheet((form, classes), page.language.now(), true);
        page.sheets.update(|sheets| {
            sheets.push(sheet);
            sheets.len() - 1
        })
    });
    go_to(page, at);
}

fn go_to(page: Page, at: usize) {
    let Some(sheet) = page.sheet(at) else { return };
    if sheet.is_opened {
        keep(&sheet.form, sheet.classes);
        sheet.is_closed.set(false);
    }
    desk::pick_tab(page, at);
}

/// Stores a form for the next visit.
pub fn keep(form: &Form, classes: &[Class]) {
    storage::set(&key(form), &form.to_file(classes));
}

/// Gives a form an id that no tab has: its own, or one with this number behind it.
pub fn free_id(page: Page, form: &mut Form) -> usize {
    let own = form.id.clone();
    let mut number = 1;
    while page.sheets.peek(|all| all.iter().any(|sheet| sheet.form.id == form.id)) {
        number += 1;
        // An id has at most 64 characters, all of them ASCII.
        form.id = format!("{}-{number}", own.get(..56).unwrap_or(&own));
    }
    number
}

/// Takes a tab away; what ran in it stays.
pub fn close(page: Page, at: usize) {
    let Some(sheet) = page.sheet(at).filter(|sheet| sheet.is_opened) else { return };
    storage::remove(&key(&sheet.form));
    sheet.is_closed.set(true);
    let open = |sheet: &&crate::app::Sheet| !sheet.is_closed.now();
    desk::pick_tab(page, page.sheets.peek(|all| all.iter().position(open).unwrap_or(0)));
}

fn lacks(page: Page, waiting: Waiting) {
    let why = GraphRefusal::MissingClasses { classes: waiting.classes.clone() };
    let said = in_both(|language| text::unconverted(&why, language));
    WAITING.replace(Some(waiting));
    desk::add_notice(page, Notice::ClassesWanted(said));
}

fn refuse(page: Page, say: impl Fn(Language) -> String) {
    desk::add_notice(page, Notice::Unopened(in_both(say)));
}

fn in_both(say: impl Fn(Language) -> String) -> Label {
    Label { en: say(Language::English), zh: say(Language::Chinese) }
}

fn key(form: &Form) -> String {
    [desk::WORKFLOWS, &form.id].concat()
}

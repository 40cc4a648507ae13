//! Opens a workflow from a file, a text, an address or a shared link in a tab. Its bundle is loaded
//! when something is opened. Invariant: what cannot be opened is refused with a message and changes
//! nothing.

use leptos::prelude::*;
use std::cell::RefCell;

use pilotlight_comfy::graph::{self, Classes, GraphRefusal};
use pilotlight_comfy::json;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::Workflow;
use pilotlight_forms::form::{AppMode, FieldKey, Given, Widget, derive, id_of_name};
use pilotlight_forms::open::{self, MAX_FILE_BYTES, Opened, Unopened};
use pilotlight_i18n::present;
use pilotlight_i18n::text::FormText;

use crate::app::{GalleryWish, Notice, Opening, Page, Part};
use crate::blobs;
use crate::browser;
use crate::browser::Picked;
use crate::command::InputCommand;
use crate::features::workflows::{fetch, link, node_classes, opened, shared};
use crate::runtime::task;
use crate::{desk, pictures};

/// Where a workflow comes from.
struct Source {
    /// The name in messages.
    name: String,
    /// The title of a form that is made from it.
    title: String,
    /// The address that the page's address contains, and the hash of the file found there.
    link: Option<(String, String)>,
    /// Whether the configuration names it, so that the user did not open it.
    is_configured: bool,
}

/// An opened workflow that waits for class descriptions.
struct Waiting {
    source: Source,
    opened: Opened,
    classes: Vec<String>,
    /// What of the file isn't part of the workflow.
    left_out: Vec<String>,
}

/// The state of this module.
#[derive(Default)]
struct State {
    waiting: RefCell<Vec<Waiting>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens a workflow.
pub fn open(page: Page, wanted: Opening) {
    match wanted {
        Opening::File(picked) => file(page, picked),
        Opening::Text(text) => {
            let name = FormText::PastedText.say(page.language.get_untracked());
            bytes_of(page, Source::named(name), text.as_bytes());
        }
        Opening::Link { address, of_page } => linked(page, address, of_page),
        Opening::Shared(fragment) => {
            clear(page);
            if let Err(why) = shared::follow(page, &fragment) {
                refuse(page, |language| present::unshared(&why, language));
            }
            link::followed(page);
        }
        Opening::Configured => configured(page),
        Opening::Described => ask_for_classes(page),
    }
}

fn file(page: Page, picked: Picked) {
    task::spawn(async move {
        let name = picked.name();
        if is_archive(&picked).await {
            return page.open(Part::Gallery(GalleryWish::Archive(picked)));
        }
        if picked.size_bytes() > MAX_FILE_BYTES as u64 {
            let why = Unopened::TooLarge { limit_mb: MAX_FILE_BYTES >> 20 };
            return refuse(page, |language| present::unopened(&name, &why, language));
        }
        let Some(bytes) = picked.bytes().await else {
            return refuse(page, |language| present::unopened(&name, &Unopened::Empty, language));
        };
        let is_picture = picked.is_picture();
        if let (true, Some(key), Err(_)) = (is_picture, picture_field(page), open::open(&bytes)) {
            return page.send(InputCommand::TakeFile(key, picked));
        }
        bytes_of(page, Source::named(&name), &bytes);
    });
}

/// Returns whether a file begins like a zip archive.
async fn is_archive(picked: &Picked) -> bool {
    let start = blobs::part(&picked.0, 0.0, 4.0).await;
    matches!(start.as_deref(), Some(b"PK\x03\x04" | b"PK\x05\x06"))
}

/// Returns the field of the current form that takes an image without a workflow.
fn picture_field(page: Page) -> Option<FieldKey> {
    let sheet = page.sheet(page.tab.get_untracked())?;
    let field = sheet.form.fields.iter().find(|field| field.widget == Widget::Picture)?;
    Some(field.key.clone())
}

fn linked(page: Page, address: String, of_page: bool) {
    task::spawn(async move {
        page.toast.set(present::opening(&address, page.language.get_untracked()));
        let fetched = fetch::fetch(page, &address).await;
        page.toast.set(String::new());
        let (title, bytes) = match fetched {
            Ok(file) => file,
            Err(fetch::Unfetched::Unlinked(why)) => {
                clear(page);
                return refuse(page, |language| present::unlinked(&address, &why, language));
            }
            Err(fetch::Unfetched::Unopened(why)) => {
                clear(page);
                return refuse(page, |language| present::unopened(&address, &why, language));
            }
        };
        let known = link::known(page, &address, &bytes).filter(|_| of_page);
        let link = of_page.then(|| (address.clone(), pictures::hash(&bytes)));
        let source = Source { name: address, title, link, is_configured: false };
        match known {
            Some(at) => {
                opened::go_to(page, at);
                done(page, &source);
            }
            None => bytes_of(page, source, &bytes),
        }
    });
}

/// Opens the configured workflows one after another, so that their tabs have the same order.
fn configured(page: Page) {
    task::spawn(async move {
        for path in page.others {
            match fetch::fetch(page, path).await {
                Ok((title, bytes)) => {
                    let source = Source { is_configured: true, ..Source::named(path) };
                    read(page, Source { title, ..source }, &bytes);
                }
                Err(fetch::Unfetched::Unlinked(why)) => {
                    refuse(page, |language| present::unlinked(path, &why, language));
                }
                Err(fetch::Unfetched::Unopened(why)) => {
                    refuse(page, |language| present::unopened(path, &why, language));
                }
            }
        }
        link::begin(page);
    });
}

impl Source {
    fn named(name: &str) -> Self {
        let name = name.to_owned();
        Self { title: name.clone(), name, link: None, is_configured: false }
    }
}

/// Removes the notices about workflows that were opened before.
fn clear(page: Page) {
    state().waiting.take();
    page.notices.update(|all| {
        all.retain(|one| {
            !matches!(one, Notice::Unopened(_) | Notice::ClassesWanted(_) | Notice::LeftOut(_))
        });
    });
}

fn bytes_of(page: Page, source: Source, bytes: &[u8]) {
    clear(page);
    read(page, source, bytes);
}

fn read(page: Page, source: Source, bytes: &[u8]) {
    match open::open_whole(bytes) {
        Err(why) => refuse(page, |language| present::unopened(&source.name, &why, language)),
        Ok((Opened::Package(package), _)) => {
            let (form, classes) = package.parts();
            opened::put(page, form, classes);
            done(page, &source);
        }
        Ok((opened, left_out)) => {
            settle(page, Waiting { source, opened, classes: Vec::new(), left_out }, &[], true);
        }
    }
}

/// Stores the link of the workflow once its tab is selected.
fn done(page: Page, source: &Source) {
    if let Some((address, hash)) = &source.link {
        link::keep(page, address, hash);
    }
}

/// Requests the missing class descriptions, even if that wakes the server: the user pressed for it.
fn ask_for_classes(page: Page) {
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::ClassesWanted(_))));
    for waiting in state().waiting.take() {
        ask(page, waiting, page.config.limits().waking_ms);
    }
}

fn ask(page: Page, waiting: Waiting, limit_ms: u64) {
    task::spawn(async move {
        match node_classes::ask(page, &waiting.classes, limit_ms).await {
            Ok(replies) => settle(page, waiting, &replies, false),
            Err(_) => lacks(page, waiting),
        }
    });
}

/// Makes a form with the available descriptions. `may_ask`: whether a server that is awake may
/// still be asked for others.
fn settle(page: Page, waiting: Waiting, replies: &[String], may_ask: bool) {
    let named = named(&waiting.opened);
    let mut known = node_classes::kept(page, &named);
    known.extend(replies.iter().cloned());
    let mut for_graph = Classes::default();
    let mut list = Vec::new();
    for reply in &known {
        for_graph.add(reply);
        list.extend(json::parse(reply).iter().flat_map(Class::read_all));
    }
    let missing: Vec<String> =
        named.into_iter().filter(|name| !list.iter().any(|class| class.name == *name)).collect();
    if may_ask && !missing.is_empty() && node_classes::is_awake(page) {
        return ask(page, Waiting { classes: missing, ..waiting }, node_classes::AWAKE_LIMIT_MS);
    }
    let Waiting { source, opened, classes: _, left_out } = waiting;
    let mut untaken = Vec::new();
    let (flow, app) = match opened {
        Opened::Api(prompt) => (prompt, None),
        Opened::Both { prompt, workflow } => (prompt, AppMode::read(&workflow)),
        Opened::Package(package) => (package.form().workflow().clone(), None),
        Opened::Editor(editor) => {
            match graph::convert_whole(&for_graph, &editor, &browser::moment()) {
                Ok((prompt, values)) => match Workflow::from_value(prompt) {
                    Ok(flow) => {
                        untaken = values;
                        (flow, AppMode::read(&editor))
                    }
                    Err(why) => {
                        let why = Unopened::Workflow(why);
                        return refuse(page, |language| {
                            present::unopened(&source.name, &why, language)
                        });
                    }
                },
                Err(GraphRefusal::MissingClasses { classes }) if may_ask => {
                    let opened = Opened::Editor(editor);
                    return lacks(page, Waiting { source, opened, classes, left_out });
                }
                Err(why) => return refuse(page, |language| present::unconverted(&why, language)),
            }
        }
    };
    if source.is_configured {
        let given = Given {
            workflow: flow,
            classes: &list,
            author: None,
            app: app.as_ref(),
            name: &source.title,
        };
        let mut form = derive(given);
        // A link can name the form by this id, and entered values survive a change of the file.
        form.id = id_of_name(form.title.get(Language::English)).unwrap_or(form.id);
        return opened::add(page, form, list);
    }
    if !left_out.is_empty() || !untaken.is_empty() {
        let said =
            Label::of(|language| present::left_out(&source.name, &left_out, &untaken, language));
        desk::add_notice(page, Notice::LeftOut(said));
    }
    show(page, &source.title, flow, app.as_ref(), list);
    done(page, &source);
}

/// Returns the names of its classes without duplicates.
fn named(opened: &Opened) -> Vec<String> {
    let mut names: Vec<String> = match opened {
        Opened::Api(prompt) | Opened::Both { prompt, .. } => {
            prompt.nodes().map(|(_, node)| node.class().to_owned()).collect()
        }
        Opened::Editor(editor) => graph::classes(editor),
        Opened::Package(_) => Vec::new(),
    };
    names.extend(names.iter().filter_map(|name| graph::list_class(name)).next().map(str::to_owned));
    names.sort();
    names.dedup();
    names
}

/// Selects the form that this workflow belongs to and fills it in, or makes a new one.
fn show(page: Page, name: &str, flow: Workflow, app: Option<&AppMode>, classes: Vec<Class>) {
    let sheets = page.sheets.get_untracked();
    let fits = sheets.iter().enumerate();
    let found = fits.filter_map(|(at, sheet)| Some((at, sheet.form.refill(&flow)?))).next();
    let Some((at, drafts)) = found else {
        let form = derive(Given { workflow: flow, classes: &classes, author: None, app, name });
        opened::put(page, form, classes);
        return;
    };
    opened::go_to(page, at);
    if let Some(sheet) = sheets.get(at) {
        desk::fill_all(sheet, drafts);
    }
}

fn lacks(page: Page, waiting: Waiting) {
    let why = GraphRefusal::MissingClasses { classes: waiting.classes.clone() };
    let said = Label::of(|language| present::unconverted(&why, language));
    state().waiting.borrow_mut().push(waiting);
    desk::add_notice(page, Notice::ClassesWanted(said));
}

fn refuse(page: Page, say: impl Fn(Language) -> String) {
    desk::add_notice(page, Notice::Unopened(Label::of(say)));
}

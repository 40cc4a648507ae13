//! Opens a workflow from a file, a text, an address or a shared link in a tab. Its bundle is loaded
//! when something is opened. Invariant: what cannot be opened is refused with a message and changes
//! nothing.

use leptos::prelude::*;
use std::cell::RefCell;

use pilotlight_comfy::graph::GraphRefusal;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_forms::form::{Field, Given, Widget, derive, id_of_name};
use pilotlight_forms::open::{
    self, KnownClasses, MAX_FILE_BYTES, Opened, Prepared, Unopened, Unprepared,
};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{FormText, OpeningText};

use crate::app::{GalleryRequest, Notice, Opening, Page, Part};
use crate::blobs;
use crate::browser;
use crate::browser::Picked;
use crate::command::InputCommand;
use crate::features::shell::announce;
use crate::features::workflows::{core_nodes, fetch, link, node_classes, opened, shared};
use crate::runtime::task;
use crate::{form_state, pictures};

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

/// Whether the server was asked for missing descriptions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    NotYet,
    Answered,
    Unanswered,
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
            task::spawn(async move {
                bytes_of(page, Source::named(name), text.as_bytes()).await;
            });
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
            return page.open(Part::Gallery(GalleryRequest::Archive(picked)));
        }
        if picked.size_bytes() > MAX_FILE_BYTES as u64 {
            let why = Unopened::TooLarge { limit_mb: MAX_FILE_BYTES >> 20 };
            return refuse(page, |language| present::unopened(&name, &why, language));
        }
        let Some(bytes) = picked.bytes().await else {
            return refuse(page, |language| present::unopened(&name, &Unopened::Empty, language));
        };
        let is_picture = picked.is_picture();
        if let (true, Some(field), Err(_)) = (is_picture, picture_field(page), open::open(&bytes)) {
            let language = page.language.get_untracked();
            let used = OpeningText::ImageUsed { name: &name, field: field.label.get(language) };
            announce::say(page, &used.say(language));
            return page.send(InputCommand::TakeFile(field.key, picked));
        }
        bytes_of(page, Source::named(&name), &bytes).await;
    });
}

/// Returns whether a file begins like a zip archive.
async fn is_archive(picked: &Picked) -> bool {
    let start = blobs::part(&picked.0, 0.0, 4.0).await;
    matches!(start.as_deref(), Some(b"PK\x03\x04" | b"PK\x05\x06"))
}

/// Returns the field of the current form that an image without a workflow is put into.
fn picture_field(page: Page) -> Option<Field> {
    let sheet = page.sheet(page.tab.get_untracked())?;
    sheet.form.fields.iter().find(|field| field.widget == Widget::Picture).cloned()
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
            None => bytes_of(page, source, &bytes).await,
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
                    read(page, Source { title, ..source }, &bytes).await;
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

async fn bytes_of(page: Page, source: Source, bytes: &[u8]) {
    clear(page);
    read(page, source, bytes).await;
}

async fn read(page: Page, source: Source, bytes: &[u8]) {
    match open::open_whole(bytes) {
        Err(why) => refuse(page, |language| present::unopened(&source.name, &why, language)),
        Ok((Opened::Package(package), _)) => {
            let (form, classes) = package.parts();
            opened::put(page, form, classes);
            done(page, &source);
        }
        Ok((opened, left_out)) => {
            let waiting = Waiting { source, opened, classes: Vec::new(), left_out };
            settle(page, waiting, &[], Asked::NotYet).await;
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
            Ok(replies) => settle(page, waiting, &replies, Asked::Answered).await,
            Err(_) => settle(page, waiting, &[], Asked::Unanswered).await,
        }
    });
}

/// Makes a form with the available descriptions: those of the server, and the page's own of classes
/// for which no reply of the server is stored.
async fn settle(page: Page, waiting: Waiting, replies: &[String], asked: Asked) {
    let named = waiting.opened.classes();
    let mut known = KnownClasses::default();
    for reply in node_classes::kept(page, &named).iter().chain(replies) {
        known.add(reply);
    }
    let mut missing = known.missing(&named);
    if asked == Asked::NotYet && !missing.is_empty() && node_classes::is_awake(page) {
        return ask(page, Waiting { classes: missing, ..waiting }, node_classes::AWAKE_LIMIT_MS);
    }
    // Of these the server said that it has none.
    missing.retain(|name| !node_classes::is_kept(page, name));
    for reply in core_nodes::replies(page, &missing).await {
        known.add(&reply);
    }
    match waiting.opened.prepare(&known, &browser::moment()) {
        Ok(prepared) => show(page, &waiting, prepared),
        Err(Unprepared::Unconverted(GraphRefusal::MissingClasses { classes }))
            if asked != Asked::Answered =>
        {
            lacks(page, Waiting { classes, ..waiting });
        }
        Err(Unprepared::Unconverted(why)) => {
            refuse(page, |language| present::unconverted(&why, language));
        }
        Err(Unprepared::Unopened(why)) => {
            let name = &waiting.source.name;
            refuse(page, |language| present::unopened(name, &why, language));
        }
    }
}

/// Adds a configured form behind the others. Otherwise selects the form that this workflow belongs
/// to and fills it in, or makes a new one.
fn show(page: Page, waiting: &Waiting, prepared: Prepared) {
    let Prepared { workflow, app, editor, classes, untaken } = prepared;
    let Waiting { source, left_out, .. } = waiting;
    let name = source.title.as_str();
    let given = |workflow| {
        let (classes, app) = (&*classes, app.as_ref());
        Given { workflow, classes, author: None, app, name }
    };
    if source.is_configured {
        let mut form = derive(given(workflow));
        // A link can name the form by this id, and entered values survive a change of the file.
        form.id = id_of_name(form.title.get(Language::English)).unwrap_or(form.id);
        return opened::add(page, form, classes, editor);
    }
    if !left_out.is_empty() || !untaken.is_empty() {
        let said =
            Label::of(|language| present::left_out(&source.name, left_out, &untaken, language));
        form_state::add_notice(page, Notice::LeftOut(said));
    }
    let sheets = page.sheets.get_untracked();
    let fits = sheets.iter().enumerate();
    let found = fits.filter_map(|(at, sheet)| Some((at, sheet.form.refill(&workflow)?))).next();
    let at = match found {
        Some((at, drafts)) => {
            opened::go_to(page, at);
            if let Some(sheet) = sheets.get(at) {
                form_state::fill_all(sheet, drafts);
            }
            at
        }
        None => {
            let form = derive(given(workflow));
            opened::put(page, form, classes)
        }
    };
    if let Some((sheet, editor)) = page.sheet(at).zip(editor) {
        opened::keep_editor(&sheet, &editor);
    }
    done(page, source);
}

fn lacks(page: Page, waiting: Waiting) {
    let why = GraphRefusal::MissingClasses { classes: waiting.classes.clone() };
    let said = Label::of(|language| present::unconverted(&why, language));
    state().waiting.borrow_mut().push(waiting);
    form_state::add_notice(page, Notice::ClassesWanted(said));
}

fn refuse(page: Page, say: impl Fn(Language) -> String) {
    form_state::add_notice(page, Notice::Unopened(Label::of(say)));
}

//! The state of the page, and what a person can want of it.
//!
//! Invariant: it is created once and lives as long as the page. Views read it and send commands;
//! only `desk`, `runtime` and the actions of features change it.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::problem::{Problem, Warning};
use pilotlight_comfy::sighting::Media;
use pilotlight_comfy::time::At;
use pilotlight_forms::form::{Drafts, FieldKey, Form, Ready};
use pilotlight_i18n::present::{Pill, Reader};
use pilotlight_i18n::text::Plain;
use pilotlight_runs::config::{Config, Theme};
use pilotlight_runs::estimate::Waits;
use pilotlight_runs::kept::Row;
use pilotlight_runs::run::Run;
use pilotlight_runs::server::Server;

use pilotlight_session::RunRequest;
use web_sys::Blob;

use crate::browser::Picked;
use crate::command::{Command, Dialog};
pub use crate::sheet::{Complaint, FieldRef, Sheet, TIMES_MAX};
use leptos::prelude::*;

/// Everything the page knows; copied freely, being no more than a place.
#[derive(Clone, Copy)]
pub struct Page(&'static State);

impl Deref for Page {
    type Target = State;

    fn deref(&self) -> &State {
        self.0
    }
}

pub struct State {
    pub config: &'static Config,
    /// Workflows of the configuration in another format than the page's own, by their paths; the
    /// second part opens them.
    pub others: &'static [String],
    /// `None` when the configuration names no usable address: nothing can be run then. Exchanged
    /// by `features::server::endpoint` alone.
    pub endpoint: RwSignal<Option<Arc<Endpoint>>>,
    /// One per tab, in the order of the tabs; grows, so that a place stays a place. A form that is
    /// edited is another sheet in the same place.
    pub sheets: RwSignal<Vec<Sheet>>,
    pub tab: RwSignal<usize>,
    pub language: RwSignal<Language>,
    pub theme: RwSignal<Theme>,
    /// Oldest first.
    pub jobs: RwSignal<Vec<Job>, LocalStorage>,
    /// Newest first.
    pub findings: RwSignal<Vec<Finding>, LocalStorage>,
    pub server: RwSignal<Server>,
    pub waits: RwSignal<Waits>,
    /// Moves every second while a run is live, else every half minute.
    pub now: RwSignal<At>,
    pub notices: RwSignal<Vec<Notice>>,
    /// A word or two that go by themselves; empty when there is nothing to say.
    pub toast: RwSignal<String>,
    /// What the live region says.
    pub spoken: RwSignal<String>,
    pub dialog: RwSignal<Option<Dialog>>,
    /// The field that should get the focus; taken by the field that does.
    pub focus: RwSignal<Option<FieldKey>>,
    /// The second part of the page, once it is there.
    pub later: RwSignal<Option<&'static Later>>,
    /// Something was asked for that waits for it.
    pub waiting: RwSignal<bool>,
    /// What was asked for before the second part is there.
    pub asked_for: StoredValue<Vec<Command>, LocalStorage>,
    /// Whether the second part is on its way.
    pub is_coming: StoredValue<bool>,
    /// Fetches the second part.
    pub fetch: fn(Page),
}

/// What the second part can do.
pub struct Later {
    /// Runs and results, in the feed.
    pub feed: fn(Page) -> AnyView,
    /// What opens over the page.
    pub dialogs: fn(Page) -> AnyView,
    /// What is known of the server, with all that goes on.
    pub pill: fn(Page) -> Pill,
    /// More of it, to unfold.
    pub panel: fn(Page) -> AnyView,
    /// What else can be done with a form; below it.
    pub more: fn(Page) -> AnyView,
    /// What there is to know that no field and no run is to blame for.
    pub notices: fn(Page) -> AnyView,
    /// What is wrong with a field (`true`), or worth knowing of it.
    pub note: fn(FieldHandle) -> Option<(bool, String)>,
    /// What so many runs of the form in this tab are expected to cost, in words.
    pub cost: fn(Page, usize, u32) -> Option<String>,
    /// What is wrong with no field that the form shows.
    pub elsewhere: fn(Page, Sheet) -> AnyView,
    /// What is worth knowing of values before they are sent.
    pub warnings: fn(&Form, &Drafts) -> Vec<Warning>,
    /// The widget of a field that takes a file.
    pub file_field: fn(FieldHandle) -> AnyView,
    /// What else can be done with the picture that a field holds.
    pub tool: fn(FieldHandle) -> AnyView,
    /// Goes on with what was under way.
    pub begin: fn(Page),
    pub act: fn(Page, Command),
    /// Fetches a further part.
    pub open: fn(Page, Part),
}

/// What is fetched when somebody wants it, with what is wanted of it.
pub enum Part {
    /// The dialog for the key that a server wants.
    Access,
    /// The dialog for a list of prompts.
    Several,
    Setup(SetupPurpose),
    Editor(EditorWish),
    Mask(Easel),
    Gallery(GalleryWish),
    /// A link to the form as it is filled in.
    Sharing,
    Opening(Opening),
    /// What a frame needs.
    Embedding,
}

/// What the dialog for set-up is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SetupPurpose {
    /// To say where the server is.
    SetUp,
    /// To test the way to the server that the page has.
    Test,
}

pub enum EditorWish {
    Open,
    /// Takes over what the server said when it refused values of the form in this place.
    Learn(usize, Vec<Problem>),
}

/// Whose picture a mask is painted over.
#[derive(Clone)]
pub struct Easel {
    pub page: Page,
    pub sheet: Sheet,
    /// The field that holds the picture.
    pub key: FieldKey,
}

pub enum GalleryWish {
    All,
    /// A result of the feed, large.
    One(u32),
    /// An archive of results, brought in.
    Archive(Picked),
}

/// What a person wants opened.
pub enum Opening {
    File(Picked),
    /// A text that was pasted.
    Text(String),
    /// A file at an address. `of_page`: it stands in the page's own.
    Link {
        address: String,
        of_page: bool,
    },
    /// What a link carries behind its `#`.
    Shared(String),
    /// The workflows of the configuration that are in other formats than the page's own.
    Configured,
    /// What was opened and lacks descriptions, which the server is now to be asked for.
    Described,
}

/// What a widget and its parts need to know: the field, and the warnings of its form.
/// Copies refer to values that are released with the view that made the handle.
#[derive(Clone, Copy)]
pub struct FieldHandle {
    pub page: Page,
    pub warnings: Memo<Vec<Warning>>,
    field: StoredValue<FieldRef>,
}

impl FieldHandle {
    pub fn new(page: Page, field: FieldRef, warnings: Memo<Vec<Warning>>) -> Self {
        Self { page, warnings, field: StoredValue::new(field) }
    }

    pub fn sheet(self) -> Sheet {
        self.field().sheet
    }

    pub fn field(self) -> FieldRef {
        self.field.get_value()
    }
}

/// A run as it is shown.
#[derive(Clone)]
pub struct Job {
    /// Counted up in this browser; what people know a run by.
    pub number: u32,
    pub order: Rc<Order>,
    pub run: ArcRwSignal<Run>,
    /// Its place in the queue; the least is released first.
    pub place: ArcRwSignal<u32>,
}

/// What a run or a result was made from. Never changes.
#[derive(Clone)]
pub struct Order {
    /// The place of its form among the sheets; `usize::MAX` where that is gone.
    pub sheet: usize,
    pub request: Rc<RunRequest>,
}

impl Order {
    pub fn title(&self) -> &str {
        &self.request.title
    }

    pub fn drafts(&self) -> &Drafts {
        &self.request.drafts
    }

    pub fn ready(&self) -> &Ready {
        &self.request.ready
    }
}

/// One result.
#[derive(Clone)]
pub struct Finding {
    pub id: u32,
    /// The number of its job.
    pub job: u32,
    /// What it was made from.
    pub order: Rc<Order>,
    /// As it is kept in this browser.
    pub row: Row,
    pub content: Content,
    /// The bytes of a file.
    pub blob: Option<Blob>,
}

#[derive(Clone)]
pub enum Content {
    /// `url` is an object URL of the bytes. `is_preview`: the server does not keep it.
    File { url: String, file_name: String, media: Media, size_bytes: u64, is_preview: bool },
    /// The server no longer had it.
    Gone,
    /// It was deleted, and can be put back until the page goes.
    Removed(Rc<Finding>),
    /// `picture`: object URL of the picture that was asked about.
    Text { text: String, picture: Option<String> },
}

/// Findings never change.
impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Content {
    pub fn is_picture(&self) -> bool {
        matches!(self, Self::File { media: Media::Image, .. })
    }
}

/// Something to know that no field and no run is to blame for.
#[derive(Clone, PartialEq)]
pub enum Notice {
    Config(pilotlight_runs::config::Notice),
    ConfigMissing,
    /// A workflow beside the page that could not be read.
    Workflow {
        path: String,
        detail: String,
    },
    StorageRefused,
    /// What does not work over plain http, in both languages.
    Insecure(Label),
    /// What became of pictures and results that this browser keeps, in both languages.
    Kept(Label),
    /// Why the GPU is no longer woken or kept awake, in both languages.
    Warm(Label),
    /// What there is to know of the server, in both languages, and the word for setting one up.
    Setup {
        said: Label,
        way: Option<Label>,
    },
    /// The second part of the page could not be fetched.
    PartMissing,
    /// Why a workflow was not opened, in both languages.
    Unopened(Label),
    /// The server has to be asked before a workflow can be opened.
    ClassesWanted(Label),
    /// What the address of a frame asks for in vain, in both languages.
    Embed(Label),
}

impl Page {
    pub fn new(state: State) -> Self {
        Self(Box::leak(Box::new(state)))
    }

    /// Executes a command of the second part, as soon as that is there.
    pub fn send_later(self, command: Command) {
        if let Some(later) = self.later.get_untracked() {
            return (later.act)(self, command);
        }
        self.asked_for.update_value(|commands| commands.push(command));
        self.waiting.set(true);
        (self.fetch)(self);
    }

    /// Fetches a part, and has it do what is wanted of it. Asked for by the second part alone.
    pub fn open(self, part: Part) {
        if let Some(later) = self.later.get_untracked() {
            (later.open)(self, part);
        }
    }

    /// Opens the dialog about the server: to test it, or to say where one is.
    pub fn open_setup(self) {
        let has_server = self.endpoint.get_untracked().is_some();
        self.open_setup_for(if has_server { SetupPurpose::Test } else { SetupPurpose::SetUp });
    }

    pub fn open_setup_for(self, purpose: SetupPurpose) {
        // It takes the place of the settings, and gives the focus back to where they had it from.
        self.dialog.set(None);
        self.open(Part::Setup(purpose));
    }

    pub fn sheet(self, at: usize) -> Option<Sheet> {
        self.sheets.with_untracked(|sheets| sheets.get(at).cloned())
    }

    /// A text in the current language; follows it.
    pub fn word(self, text: impl Plain) -> &'static str {
        text.plain(self.language.get())
    }

    /// For `present`, with what is known of the workflow of this sheet. Follows clock and language.
    pub fn reader(self, sheet: usize) -> Reader<'static> {
        let (waking, run) = self.wait_kinds(sheet);
        let hint = self.config.wake_hint_seconds;
        let hint = hint.map(|(from, to)| (from * 1_000, to * 1_000));
        self.waits.with(|waits| Reader {
            now: self.now.get(),
            language: self.language.get(),
            usual_waking: waits.usual(&waking).or(hint),
            usual_run: waits.usual(&run),
            transport: self
                .endpoint
                .get()
                .map_or(self.config.transport, |endpoint| endpoint.transport()),
            price: self.config.price(),
            form: self.sheet(sheet).map(|sheet| sheet.form.clone()),
        })
    }

    /// Under which kinds the waits of this sheet's runs are kept: waking, running.
    pub fn wait_kinds(self, sheet: usize) -> (String, String) {
        let key = self.endpoint.get().map(|endpoint| endpoint.key()).unwrap_or_default();
        let form = self.sheet(sheet).map(|sheet| sheet.form.id.clone()).unwrap_or_default();
        (format!("waking {key}"), format!("running {form} {key}"))
    }
}

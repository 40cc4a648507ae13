//! The state of the page: its signals, forms, runs, results and notices.
//!
//! Invariant: [`State`] is created once and lives as long as the page. Views read it and send
//! commands; only `form_state`, `runtime` and the actions of features change it.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::problem::{Problem, Warning};
use pilotlight_comfy::run_status::Media;
use pilotlight_comfy::time::At;
use pilotlight_forms::form::{Drafts, FieldKey, Form, Ready};
use pilotlight_i18n::present::{Pill, Reader};
use pilotlight_i18n::text::Plain;
use pilotlight_runs::config::{Config, Theme};
use pilotlight_runs::estimate::Waits;
use pilotlight_runs::results::ResultRow;
use pilotlight_runs::run::Run;
use pilotlight_runs::server::Server;

use pilotlight_session::RunRequest;
use web_sys::Blob;

use crate::browser;
use crate::browser::Picked;
use crate::command::{Command, Dialog};
pub use crate::sheet::{Complaint, FieldRef, Sheet, TIMES_MAX};
use leptos::prelude::*;

/// The page: a reference to its [`State`], cheap to copy.
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
    /// Paths of the workflows of the configuration that are not in the page's own format; the
    /// `workflows` bundle opens them.
    pub others: &'static [String],
    /// `None` when the configuration contains no usable address: then nothing can be run. Only
    /// `features::server::endpoint` changes it.
    pub endpoint: RwSignal<Option<Arc<Endpoint>>>,
    /// The form of each tab, in the order of the tabs. Forms are never removed, so an index stays
    /// valid; an edited form replaces the sheet at its index.
    pub sheets: RwSignal<Vec<Sheet>>,
    pub tab: RwSignal<usize>,
    pub language: RwSignal<Language>,
    pub theme: RwSignal<Theme>,
    /// Oldest first.
    pub jobs: RwSignal<Vec<RunView>, LocalStorage>,
    /// Newest first.
    pub outputs: RwSignal<Vec<Output>, LocalStorage>,
    pub server: RwSignal<Server>,
    pub waits: RwSignal<Waits>,
    /// Updated every second while a run is live, otherwise every 30 seconds.
    pub now: RwSignal<At>,
    pub notices: RwSignal<Vec<Notice>>,
    /// A short message that disappears by itself; empty when there is none.
    pub toast: RwSignal<String>,
    /// The text of the live region, for screen readers.
    pub spoken: RwSignal<String>,
    pub dialog: RwSignal<Option<Dialog>>,
    /// The field that should get the focus; that field sets it to `None`.
    pub focus: RwSignal<Option<FieldKey>>,
    /// The second bundle; `None` until it is loaded.
    pub second_bundle: RwSignal<Option<&'static SecondBundle>>,
    /// Whether a command waits for the second bundle.
    pub waiting: RwSignal<bool>,
    /// Commands sent before the second bundle was loaded, in order.
    pub pending_commands: StoredValue<Vec<Command>, LocalStorage>,
    /// Whether the second bundle is being loaded or was loaded.
    pub is_loading: StoredValue<bool>,
    /// Loads the second bundle.
    pub fetch: fn(Page),
}

/// The functions of the second bundle.
pub struct SecondBundle {
    /// Returns the view of runs and results.
    pub feed: fn() -> AnyView,
    /// Returns the view that contains the dialogs.
    pub dialogs: fn() -> AnyView,
    /// Returns what the status pill shows.
    pub pill: fn(Page) -> Pill,
    /// Returns the server panel, which the pill unfolds.
    pub panel: fn() -> AnyView,
    /// Returns the further actions of a form, shown below it.
    pub more: fn() -> AnyView,
    /// Returns what follows the tabs.
    pub tabs_overflow: fn() -> AnyView,
    /// Returns the view of the notices.
    pub notices: fn() -> AnyView,
    /// Returns the note below a field, and whether it is an error (`true`) or a warning.
    pub note: fn(FieldHandle) -> Option<(bool, String)>,
    /// Returns the expected cost of this many runs of the form with this index, as a text.
    pub cost: fn(Page, usize, u32) -> Option<String>,
    /// Returns the problems that belong to no visible field of the form.
    pub elsewhere: fn(Sheet) -> AnyView,
    /// Returns warnings about values before they are sent.
    pub warnings: fn(&Form, &Drafts) -> Vec<Warning>,
    /// Returns the widget of a field that is a choice, is on or off, or takes a file.
    pub widget: fn(FieldHandle) -> AnyView,
    /// Returns the mask button of an image field.
    pub tool: fn(FieldHandle) -> AnyView,
    /// Starts the second bundle: resumes stored runs and shows stored results.
    pub begin: fn(Page),
    pub act: fn(Page, Command),
    /// Loads a lazy bundle and opens a part of it.
    pub open: fn(Page, Part),
}

/// A part of the page in a lazy bundle, with what it is opened for.
pub enum Part {
    /// The dialog for the server's access key.
    Access,
    /// The dialog for a list of prompts.
    Several,
    Setup(SetupPurpose),
    Editor(EditorRequest),
    Mask(MaskTarget),
    Gallery(GalleryRequest),
    /// The formatting of answers.
    Formatting,
    /// The menu of all workflows.
    Tabs,
    /// Creates a link to the filled-in form.
    Sharing,
    Opening(Opening),
    /// Messages between a frame and its host.
    Embedding,
}

/// The reason for which the setup dialog is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SetupPurpose {
    /// To enter the server's address.
    SetUp,
    /// To test the connection to the server.
    Test,
}

pub enum EditorRequest {
    Open,
    /// Applies the server's errors about values of the form with this index to the form.
    Learn(usize, Vec<Problem>),
}

/// The field whose image gets a mask.
#[derive(Clone)]
pub struct MaskTarget {
    pub page: Page,
    pub sheet: Sheet,
    /// The field that holds the picture.
    pub key: FieldKey,
}

pub enum GalleryRequest {
    All,
    /// The result with this id, large.
    One(u32),
    /// Imports an archive of results.
    Archive(Picked),
}

/// Something that the user or the page opens as a workflow.
pub enum Opening {
    File(Picked),
    /// A pasted text.
    Text(String),
    /// A file at an address. `of_page`: the address comes from the page's own URL.
    Link {
        address: String,
        of_page: bool,
    },
    /// The form and values in the fragment (`#…`) of a link.
    Shared(String),
    /// The workflows of the configuration that are not in the page's own format.
    Configured,
    /// The workflow that lacked node classes, which the server is now asked for.
    Described,
}

/// What a widget needs of its field; cheap to copy. The field is released with the view that made
/// the handle.
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

/// A run as the page shows it.
#[derive(Clone)]
pub struct RunView {
    /// The number of the run in this browser, which is shown; counts up.
    pub number: u32,
    pub source: Rc<RunSource>,
    pub run: ArcRwSignal<Run>,
    /// The position in the queue; the smallest is released first.
    pub place: ArcRwSignal<u32>,
}

/// The form and values of a run or a result. Never changes.
#[derive(Clone)]
pub struct RunSource {
    /// The index of the form in [`State::sheets`]; `usize::MAX` if that form is gone.
    pub sheet: usize,
    pub request: Rc<RunRequest>,
}

impl RunSource {
    pub fn title(&self) -> &str {
        &self.request.title
    }

    pub fn drafts(&self) -> &Drafts {
        &self.request.drafts
    }

    pub fn ready(&self) -> &Ready {
        &self.request.ready
    }

    /// For `present`, with what is known of its workflow and of what was filled in.
    pub fn reader(&self, page: Page) -> Reader<'static> {
        Reader { makes_several: self.makes_several(page), ..page.reader(self.sheet) }
    }

    /// Whether a field of its form has it make several pictures at once.
    pub fn makes_several(&self, page: Page) -> bool {
        let sheet = page.sheet(self.sheet);
        sheet.is_some_and(|sheet| sheet.form.count_field(self.drafts()).is_some())
    }
}

/// A result in the list.
#[derive(Clone)]
pub struct Output {
    pub id: u32,
    /// The number of its run.
    pub job: u32,
    /// The form and values that it was made from.
    pub source: Rc<RunSource>,
    /// The row that is stored in the database.
    pub row: ResultRow,
    pub content: Content,
    /// The bytes of a file; `None` for texts.
    pub blob: Option<Blob>,
}

#[derive(Clone)]
pub enum Content {
    /// `url` is an object URL of the bytes. `is_preview`: the server does not store the file.
    File { url: String, file_name: String, media: Media, size_bytes: u64, is_preview: bool },
    /// The server no longer had the file.
    Gone,
    /// Deleted; it can be restored until the page is closed.
    Removed(Rc<Output>),
    /// `picture`: object URL of the image that the text is about.
    Text { text: String, picture: Option<String> },
}

/// A result never changes, so the id identifies it.
impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Content {
    pub fn is_picture(&self) -> bool {
        matches!(self, Self::File { media: Media::Image, .. })
    }
}

/// A message that belongs to no field and no run.
#[derive(Clone, PartialEq)]
pub enum Notice {
    Config(pilotlight_runs::config::Notice),
    ConfigMissing,
    /// A workflow of the configuration that could not be read.
    Workflow {
        path: String,
        detail: String,
    },
    StorageRefused,
    /// What does not work over plain http.
    Insecure(Label),
    /// A message about stored images and results.
    Kept(Label),
    /// Why the GPU is no longer woken or kept awake.
    KeepAwake(Label),
    /// A message about the server, and the name of the button that opens the setup dialog.
    Setup {
        said: Label,
        way: Option<Label>,
    },
    /// A lazy bundle could not be loaded.
    PartMissing,
    /// Why a workflow was not opened.
    Unopened(Label),
    /// The server must be asked for node classes before a workflow can be opened.
    ClassesWanted(Label),
    /// What of an opened file isn't in the form or in the prompt, in both languages.
    LeftOut(Label),
    /// Parts of a frame's address that could not be applied.
    Embed(Label),
}

impl Page {
    pub fn new(state: State) -> Self {
        Self(Box::leak(Box::new(state)))
    }

    /// Executes a command of the second bundle as soon as that bundle is loaded.
    pub fn send_to_second_bundle(self, command: Command) {
        if let Some(second_bundle) = self.second_bundle.get_untracked() {
            return (second_bundle.act)(self, command);
        }
        self.pending_commands.update_value(|commands| commands.push(command));
        self.waiting.set(true);
        (self.fetch)(self);
    }

    /// Loads a lazy bundle and opens a part of it. Does nothing until the second bundle is loaded.
    pub fn open(self, part: Part) {
        if let Some(second_bundle) = self.second_bundle.get_untracked() {
            (second_bundle.open)(self, part);
        }
    }

    /// Opens the setup dialog: to test the server, or to enter its address if there is none.
    pub fn open_setup(self) {
        let has_server = self.endpoint.get_untracked().is_some();
        self.open_setup_for(if has_server { SetupPurpose::Test } else { SetupPurpose::SetUp });
    }

    pub fn open_setup_for(self, purpose: SetupPurpose) {
        // The setup dialog replaces the settings; the focus returns to where it was before both.
        self.dialog.set(None);
        self.open(Part::Setup(purpose));
    }

    pub fn sheet(self, at: usize) -> Option<Sheet> {
        self.sheets.with_untracked(|sheets| sheets.get(at).cloned())
    }

    /// Returns a text in the current language; tracks the language.
    pub fn word(self, text: impl Plain) -> &'static str {
        text.plain(self.language.get())
    }

    /// Returns what `present` needs to describe runs of this form. Tracks clock and language.
    pub fn reader(self, sheet: usize) -> Reader<'static> {
        let (waking, run) = self.wait_kinds(sheet);
        let hint = self.config.wake_hint_seconds;
        let hint = hint.map(|(from, to)| (from * 1_000, to * 1_000));
        self.waits.with(|waits| Reader {
            now: self.now.get(),
            language: self.language.get(),
            usual_waking: waits.usual(&waking).or(hint),
            usual_run: waits.usual(&run),
            is_offline: !browser::is_online(),
            transport: self
                .endpoint
                .get()
                .map_or(self.config.transport, |endpoint| endpoint.transport()),
            price: self.config.price(),
            idle_ms: self.config.idle_ms(),
            makes_several: false,
            form: self.sheet(sheet).map(|sheet| sheet.form.clone()),
        })
    }

    /// Returns the keys under which the durations of this form are stored: waking, running.
    pub fn wait_kinds(self, sheet: usize) -> (String, String) {
        let key = self.endpoint.get().map(|endpoint| endpoint.key()).unwrap_or_default();
        let form = self.sheet(sheet).map(|sheet| sheet.form.id.clone()).unwrap_or_default();
        (format!("waking {key}"), format!("running {form} {key}"))
    }
}

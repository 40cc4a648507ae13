//! Prompt lists: many prompts that are run one after the other. In the `workflows` bundle.
//! Invariant: nothing starts while one of them has a problem; the typed list is stored.

use std::cell::RefCell;

use pilotlight_forms::form::{LineProblem, prompts};
use pilotlight_i18n::present::{self, Batch, Pill, PillState};
use pilotlight_i18n::text::BatchText;
use pilotlight_session::Event;

use crate::app::{Notice, Page, Sheet};
use crate::command::Dialog;
use crate::components::Overlay;
use crate::components::follow;
use crate::features::runs::start;
use crate::features::workflows::node_classes;
use crate::{browser, runtime, storage};
use leptos::prelude::*;

/// The list of a form in the open dialog.
#[derive(Clone, Copy)]
pub struct List {
    pub page: Page,
    /// The index of the form in `State::sheets`.
    pub tab: usize,
    pub sheet: StoredValue<Sheet>,
    pub text: RwSignal<String>,
    pub times: RwSignal<u32>,
    pub trouble: RwSignal<Trouble>,
    /// Whether its runs were requested; the dialog closes once they are in the queue.
    is_requested: RwSignal<bool>,
    pill: fn(Page) -> Pill,
}

/// Why a list could not be run.
#[derive(Clone, Default, PartialEq)]
pub enum Trouble {
    #[default]
    None,
    Lines(Vec<LineProblem>),
    NoRoom,
}

/// The state of this module: the open dialog.
#[derive(Default)]
struct State {
    open: RefCell<Option<Overlay>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens the dialog for the form of the current tab. `view` makes its content, `pill` returns the
/// server status.
pub fn begin(page: Page, view: fn(List) -> AnyView, pill: fn(Page) -> Pill) {
    leave();
    let tab = page.tab.get_untracked();
    let Some(sheet) = page.sheet(tab) else { return };
    state().open.replace(Some(Overlay::open(page, || {
        let list = List {
            page,
            tab,
            text: RwSignal::new(storage::get(&key(&sheet)).unwrap_or_default()),
            sheet: StoredValue::new(sheet),
            times: RwSignal::new(1),
            trouble: RwSignal::new(Trouble::None),
            is_requested: RwSignal::new(false),
            pill,
        };
        close_once_started(list);
        view(list)
    })));
}

fn close_once_started(list: List) {
    let before = std::cell::Cell::new(list.page.jobs.with_untracked(Vec::len));
    follow(move || {
        let count = list.page.jobs.with(Vec::len);
        if count > before.replace(count) && list.is_requested.get_untracked() {
            leave();
        }
    });
}

/// Closes the dialog; the browser returns the focus to where it was.
pub fn leave() {
    if let Some(overlay) = state().open.take() {
        overlay.close();
    }
}

pub fn fill(list: List, text: String) {
    storage::set(&list.sheet.with_value(key), &text);
    list.text.set(text);
    list.trouble.set(Trouble::None);
}

/// Returns the number of runs of the list; tracks the list.
pub fn count(list: List) -> usize {
    list.text.with(|text| prompts(text).len()) * list.times.get() as usize
}

/// Returns the expected duration and cost as a text. Tracks list, server and language.
pub fn line(list: List) -> String {
    let page = list.page;
    let wakes = (list.pill)(page).state != PillState::Awake;
    let batch = Batch { count: count(list), wakes };
    present::batch_line(page.config.price(), batch, &page.reader(list.tab))
}

/// Checks all prompts, then adds their runs to the queue.
pub fn run_all(list: List) {
    let (page, sheet) = (list.page, list.sheet.get_value());
    if page.endpoint.get_untracked().is_none() {
        leave();
        return page.open_setup();
    }
    start::round(&sheet);
    let made = list.text.with_untracked(|text| {
        let drafts = sheet.drafts.get_untracked();
        let form = sheet.form.without_empty(&drafts, &sheet.classes);
        form.batch(&drafts, &prompts(text), list.times.get_untracked(), &mut browser::random_seed)
    });
    let mut problems = made.as_ref().err().cloned().unwrap_or_default();
    for problem in node_classes::flaws(page, &sheet) {
        let flaw = LineProblem { line: None, problem };
        if !problems.contains(&flaw) {
            problems.push(flaw);
        }
    }
    if !problems.is_empty() {
        return list.trouble.set(Trouble::Lines(problems));
    }
    let requests = made.into_iter().flatten();
    let requests = requests.map(|(drafts, ready)| start::request(page, &sheet, drafts, ready));
    let before = page.jobs.with_untracked(Vec::len);
    list.is_requested.set(true);
    runtime::tell(page, Event::RunsRequested(requests.collect()));
    let is_asked = page.dialog.get_untracked() == Some(Dialog::Limit);
    if page.jobs.with_untracked(Vec::len) == before && !is_asked {
        list.is_requested.set(false);
        // The dialog shows this itself; a notice would be behind it.
        let no_room = Notice::Kept(BatchText::NoRoom.label());
        page.notices.update(|all| all.retain(|one| *one != no_room));
        list.trouble.set(Trouble::NoRoom);
    }
}

/// Returns the storage key of a form's list.
fn key(sheet: &Sheet) -> String {
    ["prompts.", &sheet.form.id].concat()
}

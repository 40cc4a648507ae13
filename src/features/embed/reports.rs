//! Messages that the host gets without a request: the form, the height, phases of runs, results,
//! failures. Invariant: they concern runs of this frame only, and each phase and result is reported
//! once.

use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use leptos::prelude::{Owner, untrack};
use pilotlight_comfy::media;
use pilotlight_comfy::run_status::Media;
use pilotlight_forms::embed::{self, Brought, Greeting, Id, Of, Wishes};
use pilotlight_forms::form::Drafts;
use pilotlight_i18n::present;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, ResizeObserver};

use crate::app::{Content, Output, Page, RunView, Sheet};
use crate::components::follow;
use crate::features::embed::{host, pending};
use crate::{blobs, browser, storage};

/// The state of this module.
#[derive(Default)]
struct State {
    /// The runs of this frame, and the ids of the requests that started them.
    runs: RefCell<Vec<(u32, Option<Id>)>>,
    /// The keys of the reported results.
    told: RefCell<BTreeSet<String>>,
    height: Cell<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

pub fn begin(page: Page) {
    let owner = Owner::new();
    owner.with(|| {
        follow(move || {
            page.sheets.with(Vec::len);
            page.tab.get();
            page.language.get();
            untrack(|| greet(page, None));
        });
        let runs = Owner::current().unwrap_or_default();
        follow(move || {
            let jobs = page.jobs.get();
            let new: Vec<RunView> = jobs.into_iter().filter(|job| !is_known(job.number)).collect();
            if new.is_empty() {
                return;
            }
            let numbers: Vec<u32> = new.iter().map(|job| job.number).collect();
            let id = pending::began(&numbers);
            for job in new {
                state().runs.borrow_mut().push((job.number, id.clone()));
                untrack(|| runs.with(|| take_on(page, job)));
            }
        });
        follow(move || {
            for output in page.outputs.get() {
                untrack(|| tell_result(page, &output));
            }
        });
    });
    // The effects run as long as the page is open.
    std::mem::forget(owner);
    watch_height();
}

/// Reports the form and the workflows.
pub fn greet(page: Page, id: Option<&Id>) {
    let language = page.language.get_untracked();
    let sheets = page.sheets.get_untracked();
    let open: Vec<&Sheet> =
        sheets.iter().filter(|sheet| !sheet.is_closed.get_untracked()).collect();
    let workflows: Vec<(&str, &str)> =
        open.iter().map(|one| (one.form.id.as_str(), one.form.title.get(language))).collect();
    let sheet = page.sheet(page.tab.get_untracked());
    let drafts = sheet.as_ref().map_or_else(Drafts::default, |sheet| sheet.drafts.get_untracked());
    let greeting = Greeting {
        form: sheet.as_ref().map(|sheet| &*sheet.form),
        drafts: &drafts,
        workflows: &workflows,
        language,
        theme: page.theme.get_untracked(),
        is_kept: !storage::is_refused(),
    };
    host::tell(&embed::ready(&greeting, id), None);
}

/// Returns the values in the page's address, and what is wrong with them.
pub fn wishes() -> (Wishes, Vec<embed::Unread>) {
    embed::wishes(&browser::query())
}

/// Returns whether a run was reported.
pub fn is_known(number: u32) -> bool {
    state().runs.borrow().iter().any(|(known, _)| *known == number)
}

/// Reports each phase of a run when it begins.
fn take_on(page: Page, job: RunView) {
    let last = Cell::new("");
    follow(move || {
        let card = job.run.with(|run| {
            let reader = untrack(|| job.source.reader(page));
            present::card(run, &reader)
        });
        if last.replace(card.phase) == card.phase {
            return;
        }
        let elapsed_ms = browser::now().since(job.run.with_untracked(|run| run.pressed()));
        of(&job, |of| {
            host::tell(&embed::phase(of, card.phase, &card.state, elapsed_ms), None);
            if let Some(failure) = &card.failure {
                host::tell(&embed::failed(of, failure), None);
            }
        });
    });
}

fn of(job: &RunView, tell: impl Fn(&Of)) {
    let prompt_id = job.run.with_untracked(|run| run.id().clone());
    let is_of = |(number, _): &&(u32, Option<Id>)| *number == job.number;
    let id = state().runs.borrow().iter().find(is_of).and_then(|(_, id)| id.clone());
    tell(&Of { run: job.number, prompt_id: prompt_id.as_str(), id: id.as_ref() });
}

fn tell_result(page: Page, output: &Output) {
    let is_own = |job: &&RunView| job.run.with_untracked(|run| *run.id() == output.row.run);
    let job = page.jobs.with_untracked(|jobs| jobs.iter().find(is_own).cloned());
    let Some(job) = job.filter(|_| is_new(output.row.key.as_str())) else { return };
    let sheet = page.sheet(job.source.sheet);
    let values = sheet.map(|sheet| sheet.form.values_of(job.source.drafts())).unwrap_or_default();
    let seed = output.row.seed;
    of(&job, |of| match &output.content {
        Content::Text { text, .. } => {
            host::tell(&embed::result(of, Brought::Text(text), seed, &values), None);
        }
        Content::File { file_name, media, .. } => {
            let Some(bytes) =
                output.blob.as_ref().and_then(|blob| harmless(blob, file_name, *media))
            else {
                return;
            };
            let media_type = bytes.type_();
            let brought = Brought::File { name: file_name, media_type: &media_type };
            host::tell(&embed::result(of, brought, seed, &values), Some(&bytes));
        }
        Content::Gone | Content::Removed(_) => {}
    });
}

fn is_new(key: &str) -> bool {
    state().told.borrow_mut().insert(key.to_owned())
}

/// Returns the same bytes with a media type that the host can show without executing them.
fn harmless(bytes: &Blob, name: &str, media: Media) -> Option<Blob> {
    blobs::typed(bytes, if media == Media::Other { media::UNKNOWN } else { media::type_of(name) })
}

/// Reports the height of the page in CSS pixels, now and whenever it changes.
fn watch_height() {
    let Ok(Some(shell)) = document().query_selector(".shell") else { return };
    let measured = shell.clone();
    let changed = Closure::<dyn FnMut()>::new(move || {
        let height = measured.get_bounding_client_rect().height().ceil() as u32;
        if state().height.replace(height) != height {
            host::tell(&embed::height(height), None);
        }
    });
    if let Ok(observer) = ResizeObserver::new(changed.into_js_value().unchecked_ref()) {
        observer.observe(&shell);
    }
}

//! The second part of the page: runs, results, settings. Its module is fetched once the form can
//! be used. Invariant: what is asked for before it is there is done as soon as it is, in order; when
//! it cannot be fetched the page says so, and the next press tries again.
//!
//! It is reached through `Later` alone, so that what only it needs is divided off; see
//! `docs/architecture.md`.

pub mod http;

pub mod access;
pub mod album;
mod beginning;
mod classes;
pub mod database;
pub mod deeds;
pub mod dragging;
pub mod editing;
pub mod embedding;
mod endpoint;
pub mod feed;
mod fetching;
pub mod framed;
pub mod gallery;
pub mod insecure;
pub mod keeping;
mod link;
pub mod masking;
pub mod neighbours;
mod offline;
mod opening;
mod orphans;
mod overlay;
pub mod presets;
pub mod queue;
pub mod quota;
pub mod removing;
mod renewing;
pub mod setup;
pub mod several;
mod shared;
pub mod sharing;
mod shelf;
pub mod spending;
mod starting;
mod stream;
pub mod telling;
pub mod warming;

use std::cell::{Cell, RefCell};

use pilotlight_engine::form::{Drafts, Field, Form};
use pilotlight_engine::present::Pill;
use pilotlight_engine::problem::Warning;

use crate::app::{Deed, Notice, Page, Sheet};
use crate::dom::El;
use crate::{desk, task, view};

/// What the second part can do.
pub struct Later {
    /// Shows runs and results in the feed; what comes back goes behind everything else.
    pub show: fn(Page, &El) -> [El; 4],
    /// What is known of the server, with all that goes on.
    pub pill: fn(Page) -> Pill,
    /// More of it, to unfold.
    pub panel: fn(Page) -> El,
    /// What else can be done with a form; below it.
    pub more: fn(Page) -> El,
    /// What is worth knowing of values before they are sent.
    pub warnings: fn(&Form, &Drafts) -> Vec<Warning>,
    /// What else can be done with the picture that a field holds.
    pub tool: fn(Page, &'static Sheet, &'static Field) -> Option<El>,
    /// Starts the clock and takes up stored runs.
    begin: fn(Page),
    act: fn(Page, Deed),
}

thread_local! {
    static ASKED_FOR: RefCell<Vec<Deed>> = const { RefCell::new(Vec::new()) };
    static IS_COMING: Cell<bool> = const { Cell::new(false) };
}

/// Does it, or has it done as soon as the second part is there.
pub fn ask_for(page: Page, deed: Deed) {
    if let Some(later) = page.later.now() {
        return (later.act)(page, deed);
    }
    ASKED_FOR.with_borrow_mut(|all| all.push(deed));
    page.waiting.set(true);
    fetch(page);
}

/// Fetches the second part, unless it is already on its way.
pub fn fetch(page: Page) {
    if IS_COMING.replace(true) {
        return;
    }
    task::spawn(async move {
        let came = open().await;
        let asked_for = ASKED_FOR.take();
        page.waiting.set(false);
        match came {
            Ok(later) => {
                part_came(page);
                page.later.set(Some(later));
                (later.begin)(page);
                for deed in asked_for {
                    (later.act)(page, deed);
                }
            }
            Err(Unfetched) => {
                IS_COMING.set(false);
                desk::add_notice(page, Notice::PartMissing);
            }
        }
    });
}

/// Goes through a door to a module of its own; when that cannot be fetched, a notice says so.
fn go_through(page: Page, door: impl Future<Output = Result<(), Unfetched>> + 'static) {
    task::spawn(async move {
        match door.await {
            Ok(()) => part_came(page),
            Err(Unfetched) => desk::add_notice(page, Notice::PartMissing),
        }
    });
}

/// What was said of a part that could not be fetched holds no longer.
fn part_came(page: Page) {
    page.notices.update(|notices| notices.retain(|one| *one != Notice::PartMissing));
}

/// Fills in many fields at once, as `desk::fill` does one.
fn fill_all(sheet: &Sheet, drafts: Drafts) {
    sheet.problems.set(Vec::new());
    sheet.complaint.set(None);
    sheet.drafts.update(|all| all.merge(drafts));
    desk::keep_drafts(sheet);
}

/// No network, or the host has other files by now. The browser's console tells which.
struct Unfetched;

impl From<leptos::wasm_split::SplitLoaderError> for Unfetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// The door between the two parts: whatever is reached through it alone is in the second module.
#[cfg(feature = "divided")]
#[leptos::wasm_split::wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn open() -> Result<&'static Later, Unfetched> {
    Ok(&ALL)
}

/// There is one module only, as a plain `trunk build` makes it.
#[cfg(not(feature = "divided"))]
async fn open() -> Result<&'static Later, Unfetched> {
    std::future::ready(Ok(&ALL)).await
}

/// A part that is fetched after the second one names what that is made of, so that what both need
/// is found to belong together. Without it each set of parts that has something in common would
/// have it in a file of its own: six parts made 44 files.
#[cfg(feature = "divided")]
fn comes_after() {
    std::hint::black_box(&ALL);
}

static ALL: Later = Later {
    show: view::later,
    pill: view::server,
    panel: view::panel,
    warnings: Form::warnings,
    more: view::more,
    tool: view::tool,
    begin: beginning::begin,
    act: deeds::act,
};

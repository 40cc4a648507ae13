//! The result in the viewer, or the two that are compared. Invariant: only their bytes are in
//! memory, and the former result is shown until the next one is loaded.

use crate::features::gallery::listing::listing;
use crate::features::gallery::state::{bytes_of, is_open, release};
use std::cell::Cell;
use std::rc::Rc;

use pilotlight_runs::results::{Key, Record, ResultContent, ResultRow};
use web_sys::Blob;

use crate::app::{Content, Output, Page};
use crate::browser;
use crate::command::{Dialog, ResultCommand};
use crate::features::results::{outputs, stored};
use crate::runtime::database;
use crate::runtime::task;
use leptos::prelude::*;

/// A shown result, with the record of its run.
#[derive(Clone)]
pub struct Shown {
    pub output: Output,
    /// The record of its run; `None` if it is not stored.
    pub record: Option<Rc<Record>>,
    /// Whether its object URL must be released afterwards; that of a listed result must not.
    is_own: bool,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        let marks = |one: &Self| (one.output.row.is_starred, one.output.row.is_pinned);
        self.output == other.output && marks(self) == marks(other)
    }
}

/// The position of the shown result among the others.
#[derive(Clone, PartialEq)]
pub struct Position {
    /// The position, counted from 1.
    pub number: usize,
    pub count: usize,
    pub before: Option<Key>,
    pub after: Option<Key>,
}

/// The state of this module.
#[derive(Default)]
struct State {
    /// The result to be shown, which may still be loading.
    wanted: RwSignal<Option<Key>>,
    shown: RwSignal<Option<Shown>, LocalStorage>,
    compared: RwSignal<Option<(Shown, Shown)>, LocalStorage>,
    /// Incremented on every change of `wanted`.
    turn: Cell<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

fn wanted() -> RwSignal<Option<Key>> {
    state().wanted
}

pub fn shown() -> RwSignal<Option<Shown>, LocalStorage> {
    state().shown
}

pub fn compared() -> RwSignal<Option<(Shown, Shown)>, LocalStorage> {
    state().compared
}

/// Returns the position in the gallery, or among the images of the list of results; tracks it.
pub fn position(page: Page) -> Option<Position> {
    let key = wanted().get()?;
    let (at, count, before, after) = if is_open().get() {
        listing().with(|all| {
            let number = all.number(&key)?;
            let at = all.filtered().iter().position(|one| *one == number)?;
            let beside = |at: Option<usize>| Some(all.row(*all.filtered().get(at?)?)?.key.clone());
            Some((at, all.filtered().len(), beside(at.checked_sub(1)), beside(Some(at + 1))))
        })?
    } else {
        page.outputs.with(|all| {
            let pictures: Vec<&Output> = all.iter().filter(|one| is_seen(&one.content)).collect();
            let at = pictures.iter().position(|one| one.row.key == key)?;
            let beside = |at: Option<usize>| Some(pictures.get(at?)?.row.key.clone());
            Some((at, pictures.len(), beside(at.checked_sub(1)), beside(Some(at + 1))))
        })?
    };
    Some(Position { number: at + 1, count, before, after })
}

/// Returns whether the viewer can open this content from the list of results.
fn is_seen(content: &Content) -> bool {
    match content {
        Content::File { .. } => content.is_picture(),
        Content::Text { picture, .. } => picture.is_some(),
        Content::Gone | Content::Removed(_) => false,
    }
}

/// Shows a result in the viewer.
pub fn show(page: Page, key: Key) {
    wanted().set(Some(key.clone()));
    page.dialog.set(Some(Dialog::Viewer(0)));
    state().turn.set(state().turn.get().wrapping_add(1));
    let mine = state().turn.get();
    task::spawn(async move {
        let next = look_up(page, &key).await;
        if state().turn.get() != mine {
            return next.iter().for_each(let_go);
        }
        match next {
            Some(next) => put(Some(next)),
            // Another tab has deleted it meanwhile.
            None => crate::features::gallery::state::back(page),
        }
    });
}

/// Deletes the shown result and shows the next one, or closes the viewer after the last. `delete`
/// deletes it from the gallery.
pub fn remove(page: Page, delete: fn(Page, &[u32])) {
    let Some(key) = wanted().get_untracked() else { return };
    let next = position(page).and_then(|position| position.after.or(position.before));
    if is_open().get_untracked() {
        let number = listing().with_untracked(|all| all.number(&key));
        match next {
            Some(next) => show(page, next),
            None => crate::features::gallery::state::back(page),
        }
        return delete(page, number.as_slice());
    }
    // The card in the list offers to restore the result.
    crate::features::gallery::state::back(page);
    let id = page
        .outputs
        .with_untracked(|all| all.iter().find(|one| one.row.key == key).map(|one| one.id));
    if let Some(id) = id {
        page.send(ResultCommand::Remove(id));
    }
}

/// Compares two results, by their numbers in the listing.
pub fn compare(page: Page, one: u32, other: u32) {
    let key = |number| listing().with_untracked(|all| all.row(number).map(|row| row.key.clone()));
    let (Some(one), Some(other)) = (key(one), key(other)) else { return };
    task::spawn(async move {
        let pair = (look_up(page, &one).await, look_up(page, &other).await);
        if let (Some(one), Some(other)) = pair
            && is_open().get_untracked()
        {
            compared().set(Some((one, other)));
        }
    });
}

/// Ends the comparison and releases its results.
pub fn end_comparing() {
    let former = compared().get_untracked();
    compared().set(None);
    if let Some((one, other)) = former {
        let_go(&one);
        let_go(&other);
    }
}

/// Releases the shown result.
pub fn forget() {
    state().turn.set(state().turn.get().wrapping_add(1));
    wanted().set(None);
    if shown().with_untracked(Option::is_some) {
        put(None);
    }
}

/// Updates the marks of the shown results.
pub fn mark(keys: &[Key], set: impl Fn(&mut ResultRow)) {
    let is_meant = |shown: &Option<Shown>| {
        shown.as_ref().is_some_and(|shown| keys.contains(&shown.output.row.key))
    };
    if shown().with_untracked(is_meant) {
        shown().update(|shown| {
            if let Some(shown) = shown {
                set(&mut shown.output.row);
            }
        });
    }
}

fn put(next: Option<Shown>) {
    let former = shown().get_untracked();
    outputs::lend(next.as_ref().map(|next| next.output.clone()));
    shown().set(next);
    former.iter().for_each(let_go);
}

fn let_go(shown: &Shown) {
    if shown.is_own {
        release(&shown.output.content);
    }
}

async fn look_up(page: Page, key: &Key) -> Option<Shown> {
    let of_feed = page.outputs.with_untracked(|all| {
        let mut there = all.iter().filter(|one| !matches!(one.content, Content::Removed(_)));
        there.find(|one| one.row.key == *key).cloned()
    });
    let row = match &of_feed {
        Some(output) => output.row.clone(),
        None => database::row(key).await.ok().flatten()?,
    };
    let record = database::record(&row.run).await.ok().flatten().map(Rc::new);
    if let Some(output) = of_feed {
        return Some(Shown { output, record, is_own: false });
    }
    let source = Rc::new(stored::source(page, Record::clone(record.as_ref()?)));
    let blob = bytes_of(page, &row).await;
    let content = content(&row, blob.as_ref()).await;
    let output = Output { id: outputs::next(), job: row.number, source, row, content, blob };
    Some(Shown { output, record, is_own: true })
}

/// Returns the content of a result; for a text with an object URL of its own for the input image.
async fn content(row: &ResultRow, blob: Option<&Blob>) -> Content {
    match &row.content {
        ResultContent::Text(text) => {
            let picture = match row.pictures.first() {
                Some(hash) => given(hash).await,
                None => None,
            };
            Content::Text { text: text.clone(), picture }
        }
        ResultContent::File { .. } | ResultContent::Gone => outputs::content(row, blob),
    }
}

/// Returns an object URL of an input image, or of its preview if it has a mask.
async fn given(hash: &str) -> Option<String> {
    for name in [["shown-", hash].concat().as_str(), hash] {
        if let Ok(Some(blob)) = database::picture(name).await {
            return browser::object_url(&blob);
        }
    }
    None
}

//! Painting a mask over the image of a field. Its bundle is loaded when the dialog is opened.
//! Invariant: the field keeps its former image until the new one is complete, and what was painted
//! is discarded only when the user confirms it.

use super::file;
use std::cell::{Cell, RefCell};
use web_sys::Element;

use pilotlight_forms::form::{Draft, FieldKey, PictureRef};
use pilotlight_i18n::present::Unpaintable;

pub use crate::features::mask::canvas::Dash;

use crate::app::MaskTarget;
use crate::components::{Mounted, mount_to_body};
use crate::features::form::take_file;
use crate::features::mask::canvas::Canvas;
use crate::features::mask::file::Layers;
use crate::runtime::input_images;
use crate::runtime::task;
use crate::{browser, pictures};
use leptos::html;
use leptos::prelude::*;

/// The id of the element that is painted on.
pub const SHEET_ID: &str = "mask-sheet";

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    Opening,
    Painting,
    Saving,
    /// Painting is impossible; after `NotKept`, saving can be tried again.
    Stuck(Unpaintable),
}

/// One step that can be undone.
enum Step {
    Stroke(Vec<Dash>),
    Invert,
    Clear,
}

struct Painting {
    layers: Layers,
    /// The mask as it was in the file.
    former: Option<Canvas>,
    steps: Vec<Step>,
}

/// The state of this module.
#[derive(Default)]
struct State {
    /// The dialog, while it is open.
    open: RefCell<Option<Mounted>>,
    dialog: NodeRef<html::Dialog>,
    painting: RefCell<Option<Painting>>,
    /// Changes whenever the dialog is opened or closed.
    turn: Cell<u32>,
    phase: RwSignal<Phase>,
    steps: RwSignal<usize>,
    is_leaving: RwSignal<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns the id of the button that opens the dialog.
pub fn button_id(key: &FieldKey) -> String {
    ["paint-", &key.to_string()].concat()
}

/// Returns whether the dialog may be closed without asking. If changes would be lost, it shows the
/// question.
pub fn may_leave() -> bool {
    let is_saving = phase().get_untracked() == Phase::Saving;
    let is_changed = steps().get_untracked() > 0;
    if is_changed && !is_saving {
        leaving().set(true);
    }
    !is_changed && !is_saving
}

pub fn phase() -> RwSignal<Phase> {
    state().phase
}

/// Returns how many steps can be undone.
pub fn steps() -> RwSignal<usize> {
    state().steps
}

/// Returns whether the dialog asks what to do with the changes.
pub fn leaving() -> RwSignal<bool> {
    state().is_leaving
}

/// Returns the reference to the dialog, which `view` of `begin` makes.
pub fn dialog() -> NodeRef<html::Dialog> {
    state().dialog
}

/// Opens the dialog for the image in the field; `view` makes the dialog.
pub fn begin(target: MaskTarget, view: fn(MaskTarget) -> AnyView) {
    leave();
    phase().set(Phase::Opening);
    steps().set(0);
    leaving().set(false);
    state().open.replace(Some(mount_to_body({
        let target = target.clone();
        move || view(target)
    })));
    if let Some(dialog) = dialog().get_untracked() {
        // This cannot fail: the dialog is in the document.
        let _shown = dialog.show_modal();
    }
    let turn = state().turn.get();
    let blob = held(&target).and_then(|picture| pictures::blob_of(&picture.hash));
    task::spawn(async move {
        let layers = match blob {
            Some(blob) => Layers::read(&blob).await,
            None => Err(Unpaintable::NotDrawn),
        };
        // The dialog may have been closed in the meantime.
        if state().turn.get() != turn {
            return;
        }
        match layers.and_then(laid_out) {
            Ok(painting) => {
                state().painting.replace(Some(painting));
                phase().set(Phase::Painting);
                // The element is in the document by then.
                leptos::prelude::request_animation_frame(|| browser::focus(SHEET_ID));
            }
            Err(why) => phase().set(Phase::Stuck(why)),
        }
    });
}

fn laid_out(layers: Layers) -> Result<Painting, Unpaintable> {
    layers.mask.ink(&token("--ember"), &token("--on-veil"));
    let former = if layers.had_mask {
        let copy = Canvas::new(layers.mask.width, layers.mask.height, false);
        let copy = copy.ok_or(Unpaintable::NotDrawn)?;
        copy.draw(&layers.mask).ok_or(Unpaintable::NotDrawn)?;
        Some(copy)
    } else {
        None
    };
    Ok(Painting { layers, former, steps: Vec::new() })
}

/// Returns the current value of a color of the page; empty if it has none.
fn token(name: &str) -> String {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
}

/// Closes the dialog, discards what was painted, and releases the memory.
pub fn leave() {
    state().turn.set(state().turn.get().wrapping_add(1));
    if let Some(painting) = state().painting.take() {
        let Layers { picture, mask, had_mask: _ } = painting.layers;
        for layer in [picture, mask].iter().chain(&painting.former) {
            layer.let_go();
        }
    }
    if let Some(mounted) = state().open.take() {
        // The browser then restores the focus.
        if let Some(dialog) = dialog().get_untracked() {
            dialog.close();
        }
        dialog().set(None);
        drop(mounted);
    }
}

/// Returns width and height of the image, in pixels; `None` if it could not be opened.
pub fn size() -> Option<(u32, u32)> {
    let painting = state().painting.borrow();
    let picture = &painting.as_ref()?.layers.picture;
    Some((picture.width, picture.height))
}

/// Inserts the layers into this element, before its other children.
pub fn lay_into(sheet: &Element) {
    if let Some(painting) = &*state().painting.borrow() {
        let Layers { picture, mask, had_mask: _ } = &painting.layers;
        let _inserted = sheet.prepend_with_node_2(&picture.element, &mask.element);
    }
}

/// Continues a stroke, or begins one. Positions are in pixels of the image.
pub fn dash(begins: bool, dash: Dash) {
    change(|painting| {
        painting.layers.mask.dash(dash);
        match painting.steps.last_mut() {
            Some(Step::Stroke(dashes)) if !begins => dashes.push(dash),
            Some(_) | None => painting.steps.push(Step::Stroke(vec![dash])),
        }
    });
}

pub fn invert() {
    change(|painting| {
        painting.layers.mask.invert();
        painting.steps.push(Step::Invert);
    });
}

pub fn clear() {
    change(|painting| {
        painting.layers.mask.clear();
        painting.steps.push(Step::Clear);
    });
}

/// Undoes the last step by redoing all others from the beginning.
pub fn undo() {
    change(|painting| {
        painting.steps.pop();
        let mask = &painting.layers.mask;
        mask.clear();
        if let Some(former) = &painting.former {
            mask.draw(former);
        }
        for step in &painting.steps {
            match step {
                Step::Stroke(dashes) => dashes.iter().for_each(|dash| mask.dash(*dash)),
                Step::Invert => mask.invert(),
                Step::Clear => mask.clear(),
            }
        }
    });
}

fn change(change: impl FnOnce(&mut Painting)) {
    if !matches!(phase().get_untracked(), Phase::Painting | Phase::Stuck(Unpaintable::NotKept)) {
        return;
    }
    if let Some(painting) = &mut *state().painting.borrow_mut() {
        change(painting);
        steps().set(painting.steps.len());
    }
}

/// Writes the image with its mask, and puts it into the field.
pub fn done(target: MaskTarget) {
    if steps().get_untracked() == 0 {
        return leave();
    }
    let of = |painting: &Painting| (painting.layers.picture.clone(), painting.layers.mask.clone());
    let layers = state().painting.borrow().as_ref().map(of);
    let (Some((picture, mask)), Some(former)) = (layers, held(&target)) else { return };
    phase().set(Phase::Saving);
    let turn = state().turn.get();
    task::spawn(async move {
        let name = former.name.rsplit_once('.').map_or(former.name.as_str(), |(stem, _)| stem);
        let name = [name, ".png"].concat();
        let made = file::made(&picture, &mask).await;
        if state().turn.get() != turn {
            return;
        }
        let Some([file, shown]) = made else {
            return phase().set(Phase::Stuck(Unpaintable::NotKept));
        };
        let taken = pictures::take_painted(&file, &shown, &name).await;
        let hash = taken.as_ref().ok().map(|picture| picture.hash.clone());
        leave();
        // The button that opened the dialog is rendered again with the image.
        let id = button_id(&target.key);
        leptos::prelude::request_animation_frame(move || browser::focus(&id));
        take_file::taken(target.page, &target.sheet, target.key.clone(), taken).await;
        if let Some(hash) = hash {
            input_images::keep_shown(&hash, &shown).await;
        }
    });
}

fn held(target: &MaskTarget) -> Option<PictureRef> {
    target.sheet.drafts.with_untracked(|drafts| match drafts.get(&target.key) {
        Some(Draft::Picture(picture)) => picture.clone(),
        Some(Draft::Text(_) | Draft::Switch(_)) | None => None,
    })
}

//! What a press of *Run* is made of.

use leptos::prelude::*;
use pilotlight_forms::form::{Drafts, Ready};
use pilotlight_session::RunRequest;

use crate::app::{Page, Sheet};
use crate::desk;

/// Takes values to where the class says that they lie, as the form shows them then.
pub fn round(sheet: &Sheet) {
    let rounded = sheet.drafts.with_untracked(|drafts| sheet.form.rounded(drafts, &sheet.classes));
    for (key, draft) in rounded.iter() {
        desk::fill_in(sheet, key.clone(), draft.clone());
    }
}

/// A run of a form, called by its first words, else by its form.
pub fn request(page: Page, sheet: &Sheet, drafts: Drafts, ready: Ready) -> RunRequest {
    let title = match ready.title.is_empty() {
        true => sheet.form.title.get(page.language.get_untracked()).to_owned(),
        false => ready.title.clone(),
    };
    RunRequest { form: sheet.form.id.clone(), title, drafts, ready }
}

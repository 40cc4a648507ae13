//! Prepares the request of a run.

use leptos::prelude::*;
use pilotlight_forms::form::{Drafts, Ready};
use pilotlight_session::RunRequest;

use crate::app::{Page, Sheet};
use crate::form_state;

/// Rounds the values of a form to what the node classes allow, and shows them in the form.
pub fn round(sheet: &Sheet) {
    let rounded = sheet.drafts.with_untracked(|drafts| sheet.form.rounded(drafts, &sheet.classes));
    for (key, draft) in rounded.iter() {
        form_state::fill_in(sheet, key.clone(), draft.clone());
    }
}

/// Returns the request of a run. Its title is the beginning of the prompt, otherwise the form's.
pub fn request(page: Page, sheet: &Sheet, drafts: Drafts, ready: Ready) -> RunRequest {
    let title = match ready.title.is_empty() {
        true => sheet.form.title.get(page.language.get_untracked()).to_owned(),
        false => ready.title.clone(),
    };
    RunRequest { form: sheet.form.id.clone(), title, drafts, ready }
}

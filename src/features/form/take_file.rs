//! Sets the file of a field.

use leptos::prelude::*;
use pilotlight_forms::form::{Draft, FieldKey, PictureRef};
use pilotlight_i18n::text::StorageText;

use crate::app::{Complaint, Notice, Page, Sheet};
use crate::form_state;
use crate::runtime::input_images;

/// Sets and stores the image of a field, or shows why it was not taken.
pub async fn taken(page: Page, sheet: &Sheet, key: FieldKey, taken: Result<PictureRef, Complaint>) {
    let picture = match taken {
        Ok(picture) => picture,
        Err(complaint) => return sheet.complaint.set(Some((key, complaint))),
    };
    let hash = picture.hash.clone();
    // The form may have been edited meanwhile, or another tab selected.
    let now = page
        .sheets
        .with_untracked(|all| all.iter().find(|one| one.form.id == sheet.form.id).cloned());
    if let Some(sheet) = now {
        form_state::fill_in(&sheet, key, Draft::Picture(Some(picture)));
    }
    if !input_images::keep(&hash).await {
        form_state::add_notice(page, Notice::Kept(StorageText::ImageNotStored.label()));
    }
}

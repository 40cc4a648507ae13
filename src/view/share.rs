//! The button below the run bar that copies a link to the form as it is filled in.

use leptos::prelude::*;
use pilotlight_i18n::text::ShareText;

use super::button::bare;
use crate::app::{Page, Part};
use crate::dom::El;

pub(super) fn more(page: Page) -> El {
    bare(move || page.open(Part::Sharing))
        .set("data-kind", "quiet")
        .says(move || ShareText::CopyLink.say(page.language.get()))
}

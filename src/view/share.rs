//! The button below the run bar that copies a link to the form as it is filled in.

use pilotlight_engine::text::ShareText;

use super::button::bare;
use crate::app::Page;
use crate::dom::El;
use crate::later::sharing;

pub(super) fn more(page: Page) -> El {
    bare(move || sharing::copy(page))
        .set("data-kind", "quiet")
        .says(move || ShareText::CopyLink.say(page.language.get()))
}

//! Texts without placeholders.

use pilotlight_i18n::text::Plain;

use crate::app::Page;

/// A text that follows the language.
pub(super) fn word(page: Page, text: impl Plain) -> impl Fn() -> String + Copy + 'static {
    move || page.word(text).to_owned()
}

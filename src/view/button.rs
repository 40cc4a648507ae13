//! Buttons and icons. Invariant: a button that shows only an icon has a name all the same.

use pilotlight_i18n::text::Plain;

use super::word;
use crate::app::Page;
use crate::dom::{El, drawing, el};

/// `href`: the icon's place in the sprite of `index.html`, such as `#copy`.
pub(super) fn icon(href: &str) -> El {
    drawing("icon", href)
}

/// A bordered button with nothing on it yet.
pub(super) fn bare(press: impl Fn() + 'static) -> El {
    el("button", "button").set("type", "button").on("click", move |_| press())
}

/// An icon alone, with a name for those who do not see it or wonder.
pub(super) fn icon_button(
    page: Page,
    href: &str,
    name: impl Plain,
    press: impl Fn() + 'static,
) -> El {
    bare(press)
        .set("data-kind", "icon")
        .attr("aria-label", word(page, name))
        .attr("title", word(page, name))
        .put(icon(href))
}

/// A word without a border, perhaps after an icon; `href` is empty for none.
pub(super) fn quiet_button(
    page: Page,
    href: &str,
    name: impl Plain,
    press: impl Fn() + 'static,
) -> El {
    let icon = (!href.is_empty()).then(|| icon(href));
    bare(press).set("data-kind", "quiet").put_all(icon).says(word(page, name))
}

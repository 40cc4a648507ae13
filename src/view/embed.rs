//! What stands in a frame of a site that may not show the page.

use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::EmbedText;

use crate::dom::{self, El, el};

const STYLE: &str = include_str!("../../style/stranger.css");

/// Nothing on it does anything but lead to the page by itself.
pub(super) fn stranger(language: Language) -> El {
    let title =
        el("h1", "crash-title").set("id", "not-here").text(&EmbedText::NotHere.say(language));
    let open = el("a", "button")
        .set("data-kind", "primary")
        .set("href", "./")
        .set("target", "_blank")
        .set("rel", "noopener")
        .text(&EmbedText::OpenAlone.say(language));
    let card = el("section", "crash-card")
        .set("aria-labelledby", "not-here")
        .put(title)
        .put(el("p", "").text(&EmbedText::NotHereWhy.say(language)))
        .put(open);
    dom::wear(STYLE);
    el("main", "stranger").put(card)
}

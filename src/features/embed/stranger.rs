//! What stands in a frame of a site that may not show the page.

use crate::browser;
use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::EmbedText;

const STYLE: &str = include_str!("stranger.css");

/// Nothing on it does anything but lead to the page by itself.
#[component]
pub fn Stranger(language: Language) -> impl IntoView {
    browser::add_style(STYLE);
    view! {
        <main class="stranger">
            <section class="crash-card" aria-labelledby="not-here">
                <h1 class="crash-title" id="not-here">
                    {EmbedText::NotHere.say(language)}
                </h1>
                <p>{EmbedText::NotHereWhy.say(language)}</p>
                <a
                    class="button"
                    data-kind="primary"
                    href="./"
                    target="_blank"
                    rel="noopener"
                >
                    {EmbedText::OpenAlone.say(language)}
                </a>
            </section>
        </main>
    }
}

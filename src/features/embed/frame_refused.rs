//! The card in a frame of a site that may not show the page.

use crate::browser;
use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::EmbedText;

const STYLE: &str = include_str!("frame_refused.css");

/// The card; its only control is a link to the page in a tab of its own.
#[component]
pub fn FrameRefused(language: Language) -> impl IntoView {
    browser::add_style(STYLE);
    view! {
        <main class="frame-refused">
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

//! Name, server, language, theme, settings.

use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::Word;
use pilotlight_runs::config::Theme;

use super::pill::ServerPill;
use crate::app::{Deed, Dialog, Intent, Page};
use crate::browser;
use crate::components::{Drawing, IconButton};
use crate::desk;

#[component]
pub(super) fn Header(page: Page) -> impl IntoView {
    let name = move || match &page.config.title {
        Some(title) => title.get(page.language.get()),
        None => "Pilotlight",
    };
    let open_settings = move || page.ask_for(Deed::Open(Dialog::Settings));
    let has_several = page.config.languages.len() > 1;
    view! {
        <header class="header">
            <span class="header-brand">
                <Drawing class="header-flame" href="#flame"/>
                <span class="header-name">{name}</span>
            </span>
            <ServerPill page/>
            <div class="header-tools">
                {has_several.then(|| view! { <OtherLanguage page/> })}
                <IconButton
                    page
                    href="#theme"
                    name=Word::Theme
                    on_press=move || change_theme(page)
                />
                <IconButton page href="#gear" name=Word::Settings on_press=open_settings/>
            </div>
        </header>
    }
}

/// Changes over to the other language, in its own words.
#[component]
fn OtherLanguage(page: Page) -> impl IntoView {
    let to = |now: Language| match now {
        Language::English => (Language::Chinese, "zh-CN", "中文"),
        Language::Chinese => (Language::English, "en", "EN"),
    };
    let change = move |_| desk::act(page, Intent::SetLanguage(to(page.language.get_untracked()).0));
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            lang=move || to(page.language.get()).1
            aria-label=move || page.word(Word::OtherLanguage)
            on:click=change
        >
            {move || to(page.language.get()).2}
        </button>
    }
}

/// To the theme that the page is not drawn in.
fn change_theme(page: Page) {
    let dark = match page.theme.get_untracked() {
        Theme::Auto => browser::prefers_dark(),
        Theme::Light => false,
        Theme::Dark => true,
    };
    desk::act(page, Intent::SetTheme(if dark { Theme::Light } else { Theme::Dark }));
}

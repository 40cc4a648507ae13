//! Name, server, language, theme, settings.

use leptos::prelude::*;
use pilotlight_engine::config::Theme;
use pilotlight_engine::language::Language;
use pilotlight_engine::text::Word;

use super::button::{Kind, button};
use super::{pill, word};
use crate::app::{Dialog, Intent, Page};
use crate::browser;

pub(super) fn header(page: Page) -> AnyView {
    let title = page.config.with_value(|config| config.title.clone());
    let name = move || match &title {
        Some(title) => title.get(page.language.get()).to_owned(),
        None => "Pilotlight".to_owned(),
    };
    view! {
        <header class="header">
            <span class="header-brand">
                <svg class="header-flame" aria-hidden="true"><use_ href="#flame"></use_></svg>
                <span class="header-name">{name}</span>
            </span>
            {pill::pill(page)}
            <div class="header-tools">
                {languages(page)}
                {button(page, Kind::Icon, "#theme", Word::Theme, move || change_theme(page))}
                {button(page, Kind::Icon, "#gear", Word::Settings, move || {
                    page.act(Intent::Open(Dialog::Settings));
                })}
            </div>
        </header>
    }
    .into_any()
}

fn other(language: Language) -> Language {
    match language {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    }
}

/// Changes over to the other language, in its own words.
fn languages(page: Page) -> Option<AnyView> {
    let short = move || match page.language.get() {
        Language::English => "中文",
        Language::Chinese => "EN",
    };
    let tag = move || match page.language.get() {
        Language::English => "zh-CN",
        Language::Chinese => "en",
    };
    page.config.with_value(|config| config.languages.len() > 1).then(|| {
        view! {
            <button
                class="button"
                type="button"
                data-kind="icon"
                lang=tag
                aria-label=word(page, Word::OtherLanguage)
                on:click=move |_| {
                    page.act(Intent::SetLanguage(other(page.language.get_untracked())));
                }
            >
                {short}
            </button>
        }
        .into_any()
    })
}

/// To the theme that the page is not drawn in.
fn change_theme(page: Page) {
    let dark = match page.theme.get_untracked() {
        Theme::Auto => browser::prefers_dark(),
        Theme::Light => false,
        Theme::Dark => true,
    };
    page.act(Intent::SetTheme(if dark { Theme::Light } else { Theme::Dark }));
}

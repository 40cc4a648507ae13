//! The header: title, status pill, language, theme, settings.

use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::{CommonText, LanguageText};
use pilotlight_runs::config::Theme;

use crate::app::Page;
use crate::browser;
use crate::command::{Dialog, DialogCommand, PageCommand};
use crate::components::{Drawing, IconButton};
use crate::features::server::pill::ServerPill;

#[component]
pub fn Header() -> impl IntoView {
    let page = expect_context::<Page>();
    let name = move || match &page.config.title {
        Some(title) => title.get(page.language.get()),
        None => "Pilotlight",
    };
    let open_settings = move || page.send(DialogCommand::Open(Dialog::Settings));
    let has_several = page.config.languages.len() > 1;
    view! {
        <header class="header">
            <span class="header-brand">
                <Drawing class="header-flame" href="#flame"/>
                <h1 class="header-name">{name}</h1>
            </span>
            <ServerPill/>
            <div class="header-tools">
                {has_several.then(|| view! { <NextLanguage/> })}
                <IconButton
                    href="#theme"
                    name=CommonText::Theme
                    on_press=move || change_theme(page)
                />
                <IconButton href="#gear" name=CommonText::Settings on_press=open_settings/>
            </div>
        </header>
    }
}

/// The button that changes to the next language, named in that language.
#[component]
fn NextLanguage() -> impl IntoView {
    let page = expect_context::<Page>();
    let next = move || following(page, page.language.get());
    let says = move |text: LanguageText| move || text.say(next());
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            lang=says(LanguageText::Tag)
            aria-label=says(LanguageText::Name)
            on:click=move |_| page.send(PageCommand::SetLanguage(untrack(next)))
        >
            {says(LanguageText::Short)}
        </button>
    }
}

/// Returns the next of the configured languages.
fn following(page: Page, now: Language) -> Language {
    let all = &page.config.languages;
    let at = all.iter().position(|language| *language == now).map_or(0, |at| at + 1);
    all.get(at).or(all.first()).copied().unwrap_or(now)
}

/// Changes to dark if the page is light, and to light otherwise.
fn change_theme(page: Page) {
    let dark = match page.theme.get_untracked() {
        Theme::Auto => browser::prefers_dark(),
        Theme::Light => false,
        Theme::Dark => true,
    };
    page.send(PageCommand::SetTheme(if dark { Theme::Light } else { Theme::Dark }));
}

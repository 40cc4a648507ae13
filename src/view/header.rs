//! Name, server, language, theme, settings.

use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::Word;
use pilotlight_runs::config::Theme;

use super::button::{bare, icon_button};
use super::{pill, word};
use crate::app::{Deed, Dialog, Intent, Page};
use crate::browser;
use crate::desk;
use crate::dom::{El, drawing, el};

pub(super) fn header(page: Page) -> El {
    let name = move || match &page.config.title {
        Some(title) => title.get(page.language.get()).to_owned(),
        None => "Pilotlight".to_owned(),
    };
    let brand = el("span", "header-brand")
        .put(drawing("header-flame", "#flame"))
        .put(el("span", "header-name").says(name));
    let theme = icon_button(page, "#theme", Word::Theme, move || change_theme(page));
    let settings = icon_button(page, "#gear", Word::Settings, move || {
        page.ask_for(Deed::Open(Dialog::Settings));
    });
    let several = page.config.languages.len() > 1;
    let tools = el("div", "header-tools")
        .put_all(several.then(|| languages(page)))
        .put(theme)
        .put(settings);
    el("header", "header").put(brand).put(pill::pill(page)).put(tools)
}

/// Changes over to the other language, in its own words.
fn languages(page: Page) -> El {
    let to = |now: Language| match now {
        Language::English => (Language::Chinese, "zh-CN", "中文"),
        Language::Chinese => (Language::English, "en", "EN"),
    };
    bare(move || desk::act(page, Intent::SetLanguage(to(page.language.get_untracked()).0)))
        .set("data-kind", "icon")
        .attr("lang", move || to(page.language.get()).1.to_owned())
        .attr("aria-label", word(page, Word::OtherLanguage))
        .says(move || to(page.language.get()).2.to_owned())
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

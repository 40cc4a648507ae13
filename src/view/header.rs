//! Name, server, language, theme, settings.

use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::{CommonText, LanguageText};
use pilotlight_runs::config::Theme;

use super::button::{bare, icon_button};
use super::pill;
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
    let theme = icon_button(page, "#theme", CommonText::Theme, move || change_theme(page));
    let settings = icon_button(page, "#gear", CommonText::Settings, move || {
        page.ask_for(Deed::Open(Dialog::Settings));
    });
    let several = page.config.languages.len() > 1;
    let tools = el("div", "header-tools")
        .put_all(several.then(|| languages(page)))
        .put(theme)
        .put(settings);
    el("header", "header").put(brand).put(pill::pill(page)).put(tools)
}

/// Changes to the next language, in its own words.
fn languages(page: Page) -> El {
    let says =
        move |text: LanguageText| move || text.say(following(page, page.language.get())).to_owned();
    let change = move || {
        desk::act(page, Intent::SetLanguage(following(page, page.language.now())));
    };
    bare(change)
        .set("data-kind", "icon")
        .attr("lang", says(LanguageText::Tag))
        .attr("aria-label", says(LanguageText::Name))
        .says(says(LanguageText::Short))
}

/// The language after this one, of those that can be chosen.
fn following(page: Page, now: Language) -> Language {
    let all = &page.config.languages;
    let at = all.iter().position(|language| *language == now).map_or(0, |at| at + 1);
    all.get(at).or(all.first()).copied().unwrap_or(now)
}

/// To the theme that the page is not drawn in.
fn change_theme(page: Page) {
    let dark = match page.theme.now() {
        Theme::Auto => browser::prefers_dark(),
        Theme::Light => false,
        Theme::Dark => true,
    };
    desk::act(page, Intent::SetTheme(if dark { Theme::Light } else { Theme::Dark }));
}

//! Language, theme, and what the page knows of its server.

use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_i18n::text::{
    CommonText, InsecureText, LanguageText, Plain, SettingsText, SetupText, StorageText,
};
use pilotlight_runs::config::Theme;
use pilotlight_runs::run::LongPoll;

use super::button::{bare, icon_button};
use super::{cost, key, modal, panel, results, telling, word};
use crate::app::{Deed, Dialog, Intent, Page, SetupPurpose};
use crate::desk;
use crate::dom::{El, el};
use crate::later::insecure;
use crate::later::removing;
use crate::later::setup;
use crate::live::Live;

const THEMES: [(Theme, SettingsText); 3] = [
    (Theme::Auto, SettingsText::SystemTheme),
    (Theme::Light, SettingsText::Light),
    (Theme::Dark, SettingsText::Dark),
];

pub(super) fn settings(page: Page) -> El {
    let head = el("div", "dialog-head")
        .put(
            el("h2", "dialog-title")
                .set("id", "settings-title")
                .says(word(page, CommonText::Settings)),
        )
        .put(icon_button(page, "#close", CommonText::Close, move || {
            page.ask_for(Deed::CloseDialog)
        }));
    let themes = THEMES.map(|(theme, name)| {
        let choose = move || desk::act(page, Intent::SetTheme(theme));
        choice("theme", move || page.theme.get() == theme, choose).says(word(page, name))
    });
    let server = el("section", "dialog-part")
        .put(el("h3", "dialog-legend").says(word(page, SettingsText::Server)))
        .put(el("dl", "facts").remade(move || server(page)))
        .put(key::way(page, "panel-ways"))
        .line("p", "dialog-hint", move || Some(origin(page)))
        .put(el("div", "panel-ways").remade(move || ways(page)));
    let body = el("div", "dialog-body")
        .put_all(languages(page))
        .put(part(page, CommonText::Theme, themes))
        .put(telling::wishes(page))
        .put_all(insecure(page))
        .put(kept(page))
        .put(cost::settings(page))
        .put(server);
    modal::modal(page, "dialog", move || page.dialog.get() == Some(Dialog::Settings))
        .set("aria-labelledby", "settings-title")
        .put(head)
        .put(body)
}

fn languages(page: Page) -> Option<El> {
    let languages = page.config.languages.clone();
    let choices = languages.iter().map(|language| {
        let language = *language;
        let is_chosen = move || page.language.get() == language;
        choice("language", is_chosen, move || desk::act(page, Intent::SetLanguage(language)))
            .set("lang", LanguageText::Tag.say(language))
            .text(LanguageText::Name.say(language))
    });
    (languages.len() > 1).then(|| part(page, SettingsText::Language, choices))
}

fn part(page: Page, name: impl Plain, choices: impl IntoIterator<Item = El>) -> El {
    el("fieldset", "dialog-part")
        .put(el("legend", "").says(word(page, name)))
        .put(el("div", "choices").put_all(choices))
}

/// One of several; the words are put behind it.
fn choice(
    group: &'static str,
    is_chosen: impl Fn() -> bool + Copy + 'static,
    choose: impl Fn() + 'static,
) -> El {
    let input = el("input", "")
        .set("type", "radio")
        .set("name", group)
        .flag("checked", is_chosen)
        // So that the dialog begins with its first question, not with the way out.
        .attr("autofocus", move || (group == "language" && is_chosen()).then(String::new))
        .on("change", move |_| choose());
    el("label", "choice").put(input)
}

/// What the browser switches off for want of a connection that it trusts.
fn insecure(page: Page) -> Option<El> {
    let says = move |text: InsecureText| move || text.say(page.language.get()).to_owned();
    insecure::is_insecure().then(|| {
        el("section", "dialog-part")
            .put(el("h3", "dialog-legend").says(says(InsecureText::Title)))
            .put(el("p", "dialog-hint").says(says(InsecureText::Hint)))
    })
}

/// How much is kept here, and the way to be rid of it.
fn kept(page: Page) -> El {
    let says = move |kept: StorageText| move || kept.say(page.language.get());
    let amount = move || {
        let kept = removing::amount().get();
        let amount = StorageText::Amount { count: kept.count, bytes: kept.bytes };
        let left = kept.left.map(|bytes| StorageText::Left { bytes });
        let language = page.language.get();
        let parts = [Some(amount), left].into_iter().flatten();
        parts.map(|part| part.say(language)).collect::<Vec<_>>().join(" · ")
    };
    let sure = Live::new(false);
    let press = move || {
        if sure.now() {
            page.ask_for(Deed::RemoveAll);
        }
        sure.set(!sure.now());
    };
    let name = move || if sure.get() { StorageText::DeleteAllSure } else { StorageText::DeleteAll };
    let delete = bare(press)
        .flag("disabled", || removing::amount().with(|kept| kept.count == 0))
        .says(move || name().say(page.language.get()));
    el("section", "dialog-part")
        .put(el("h3", "dialog-legend").says(says(StorageText::Title)))
        .put(el("p", "").says(amount))
        .put(el("div", "").put(results::all(page)).put(delete))
}

/// Who said where the server is.
fn origin(page: Page) -> String {
    match (page.endpoint.get(), setup::is_ours().get()) {
        (None, _) => SetupText::NoServer.say(page.language.get()),
        (Some(_), true) => SetupText::SetUpHere.say(page.language.get()),
        (Some(_), false) => page.word(SettingsText::InConfig).to_owned(),
    }
}

/// The test, and what can be changed of a server that was set up here.
fn ways(page: Page) -> Vec<El> {
    let way = |text: SetupText<'static>, press: fn(Page)| {
        bare(move || press(page)).text(&text.say(page.language.get()))
    };
    let set_up = |page: Page| page.open_setup_for(SetupPurpose::SetUp);
    let test = |page: Page| page.open_setup_for(SetupPurpose::Test);
    let ours = [(SetupText::Change, set_up as fn(Page)), (SetupText::Forget, setup::forget)];
    let busy = setup::is_busy(page);
    match (page.endpoint.get(), setup::is_ours().get()) {
        (None, _) => vec![way(SetupText::SetUp, set_up)],
        (Some(_), false) => vec![way(SetupText::TestTitle, test)],
        (Some(_), true) => {
            let ours = ours.map(|(text, press)| way(text, press).flag("disabled", move || busy));
            [way(SetupText::TestTitle, test)].into_iter().chain(ours).collect()
        }
    }
}

fn server(page: Page) -> Vec<El> {
    let named = |name: SettingsText, value: SettingsText| {
        panel::fact(page.word(name), Some(page.word(value).to_owned()))
    };
    let endpoint = page.endpoint.get();
    let address = endpoint.map(|endpoint| endpoint.base().to_owned());
    let model =
        panel::model(page).unwrap_or_else(|| page.word(SettingsText::PlainComfyui).to_owned());
    let transport = endpoint.map_or(page.config.transport, Endpoint::transport);
    let transport = match transport {
        Transport::Relay => SettingsText::Relay,
        Transport::Direct => SettingsText::Direct,
    };
    let long_poll = match page.server.with(|server| server.long_poll) {
        LongPoll::Unknown => SettingsText::LiveUpdatesUnknown,
        LongPoll::There => SettingsText::LiveUpdatesOn,
        LongPoll::Absent => SettingsText::LiveUpdatesOff,
    };
    let mut rows: Vec<El> = Vec::new();
    rows.extend(panel::fact(page.word(SettingsText::Address), address));
    rows.extend(panel::fact(page.word(SettingsText::Model), Some(model)));
    rows.extend(named(SettingsText::Transport, transport));
    rows.extend(panel::told(page));
    rows.extend(named(SettingsText::LiveUpdates, long_poll));
    rows
}

//! The settings: language, theme, notifications, stored results, limits, server.

use leptos::prelude::*;
use pilotlight_comfy::comfy::Transport;
use pilotlight_comfy::language::Language;
use pilotlight_i18n::text::{
    CommonText, InsecureText, LanguageText, SettingsText, SetupText, StorageText,
};
use pilotlight_runs::config::Theme;
use pilotlight_runs::run::LongPoll;

use crate::app::{Page, SetupPurpose};
use crate::browser;
use crate::command;
use crate::command::{DialogCommand, PageCommand, ResultCommand};
use crate::components::{Button, Choice, Dialog};
use crate::features::results::delete;
use crate::features::results::list::OpenGallery;
use crate::features::server::cost::Limits;
use crate::features::server::key_dialog::KeyWay;
use crate::features::server::panel;
use crate::features::server::panel::{Fact, Told};
use crate::features::server::setup::actions;
use crate::features::settings::notification_offer::NotifySettings;
use crate::features::shell::insecure;

const THEMES: [(Theme, SettingsText); 3] = [
    (Theme::Auto, SettingsText::SystemTheme),
    (Theme::Light, SettingsText::Light),
    (Theme::Dark, SettingsText::Dark),
];

#[component]
pub fn Settings() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_open = move || page.dialog.get() == Some(command::Dialog::Settings);
    let has_several = page.config.languages.len() > 1;
    view! {
        <Dialog
            class="dialog"
            title_id="settings-title"
            title=Signal::derive(move || page.word(CommonText::Settings).to_owned())
            is_open=Signal::derive(is_open)
            on_close=move || page.send(DialogCommand::Close)
        >
            {has_several.then(|| view! { <Languages/> })}
            <Themes/>
            <NotifySettings/>
            {insecure::is_insecure().then(|| view! { <Insecure/> })}
            <Kept/>
            <Limits/>
            <Server/>
        </Dialog>
    }
}

#[component]
fn Languages() -> impl IntoView {
    let page = expect_context::<Page>();
    let choice = |language: Language| {
        let is_chosen = Signal::derive(move || page.language.get() == language);
        view! {
            <Choice
                name="language"
                lang=LanguageText::Tag.say(language)
                is_chosen
                // The dialog sets the focus on its first question, not on the close button.
                autofocus=is_chosen
                on_choose=move || page.send(PageCommand::SetLanguage(language))
            >
                {LanguageText::Name.say(language)}
            </Choice>
        }
    };
    let choices = page.config.languages.iter().copied().map(choice).collect_view();
    view! {
        <fieldset class="dialog-part">
            <legend>{move || page.word(SettingsText::Language)}</legend>
            <div class="choices">{choices}</div>
        </fieldset>
    }
}

#[component]
fn Themes() -> impl IntoView {
    let page = expect_context::<Page>();
    let choice = |(theme, name): (Theme, SettingsText)| {
        view! {
            <Choice
                name="theme"
                is_chosen=Signal::derive(move || page.theme.get() == theme)
                on_choose=move || page.send(PageCommand::SetTheme(theme))
            >
                {move || page.word(name)}
            </Choice>
        }
    };
    view! {
        <fieldset class="dialog-part">
            <legend>{move || page.word(CommonText::Theme)}</legend>
            <div class="choices">{THEMES.map(choice).into_iter().collect_view()}</div>
        </fieldset>
    }
}

/// The section about what does not work over plain http.
#[component]
fn Insecure() -> impl IntoView {
    let page = expect_context::<Page>();
    let says = move |text: InsecureText| move || text.say(page.language.get());
    view! {
        <section class="dialog-part">
            <h3 class="dialog-legend">{says(InsecureText::Title)}</h3>
            <p class="dialog-hint">{says(InsecureText::Hint)}</p>
        </section>
    }
}

/// The section about stored results: their size, and a button that deletes them.
#[component]
fn Kept() -> impl IntoView {
    let page = expect_context::<Page>();
    let amount = move || {
        let kept = delete::amount().get();
        let amount = StorageText::Amount { count: kept.count, bytes: kept.bytes };
        let left = kept.left.map(|bytes| StorageText::Left { bytes });
        let language = page.language.get();
        let parts = [Some(amount), left].into_iter().flatten();
        parts.map(|part| part.say(language)).collect::<Vec<_>>().join(" · ")
    };
    let is_sure = RwSignal::new(false);
    let delete = move |_| {
        if is_sure.get_untracked() {
            page.send(ResultCommand::RemoveAll);
        }
        is_sure.update(|is_sure| *is_sure = !*is_sure);
    };
    let name = move || match is_sure.get() {
        true => StorageText::DeleteAllSure.say(page.language.get()),
        false => StorageText::DeleteAll.say(page.language.get()),
    };
    view! {
        <section class="dialog-part">
            <h3 class="dialog-legend">{move || StorageText::Title.say(page.language.get())}</h3>
            <p>{amount}</p>
            <div>
                <OpenGallery/>
                <button
                    class="button"
                    type="button"
                    disabled=|| delete::amount().with(|kept| kept.count == 0)
                    on:click=delete
                >
                    {name}
                </button>
            </div>
        </section>
    }
}

#[component]
fn Server() -> impl IntoView {
    let page = expect_context::<Page>();
    let named = move |text: SettingsText| Signal::derive(move || page.word(text).to_owned());
    let address = move || Some(browser::resolved(page.endpoint.get()?.base()));
    let model = move || {
        let plain = || page.word(SettingsText::PlainComfyui).to_owned();
        Some(panel::model(page).unwrap_or_else(plain))
    };
    let transport = move || {
        let endpoint = page.endpoint.get();
        let transport = endpoint.map_or(page.config.transport, |endpoint| endpoint.transport());
        let text = match transport {
            Transport::Relay => SettingsText::Relay,
            Transport::Direct => SettingsText::Direct,
        };
        Some(page.word(text).to_owned())
    };
    let long_poll = move || {
        let text = match page.server.with(|server| server.long_poll) {
            LongPoll::Unknown => SettingsText::LiveUpdatesUnknown,
            LongPoll::There => SettingsText::LiveUpdatesOn,
            LongPoll::Absent => SettingsText::LiveUpdatesOff,
        };
        Some(page.word(text).to_owned())
    };
    view! {
        <section class="dialog-part">
            <h3 class="dialog-legend">{move || page.word(SettingsText::Server)}</h3>
            <dl class="facts">
                <Fact name=named(SettingsText::Address) value=Signal::derive(address)/>
                <Fact name=named(SettingsText::Model) value=Signal::derive(model)/>
                <Fact name=named(SettingsText::Transport) value=Signal::derive(transport)/>
                <Told/>
                <Fact name=named(SettingsText::LiveUpdates) value=Signal::derive(long_poll)/>
            </dl>
            <KeyWay/>
            <p class="dialog-hint">{move || origin(page)}</p>
            <div class="panel-ways">
                <ServerWays/>
            </div>
        </section>
    }
}

/// Returns where the server's address comes from.
fn origin(page: Page) -> String {
    match (page.endpoint.get(), actions::is_ours().get()) {
        (None, _) => SetupText::NoServer.say(page.language.get()),
        (Some(_), true) => SetupText::SetUpHere.say(page.language.get()),
        (Some(_), false) if browser::is_framed() => String::new(),
        (Some(_), false) => page.word(SettingsText::InConfig).to_owned(),
    }
}

/// The buttons for testing, changing and forgetting the server.
#[component]
fn ServerWays() -> impl IntoView {
    let page = expect_context::<Page>();
    let way = move |text: SetupText<'static>, press: fn(Page)| {
        let name = move || text.say(page.language.get());
        view! { <Button on_press=move || press(page)>{name}</Button> }
    };
    let busy_way = move |text: SetupText<'static>, press: fn(Page)| {
        view! {
            <button
                class="button"
                type="button"
                disabled=move || actions::is_busy(page)
                on:click=move |_| press(page)
            >
                {move || text.say(page.language.get())}
            </button>
        }
    };
    let set_up = |page: Page| page.open_setup_for(SetupPurpose::SetUp);
    let test = |page: Page| page.open_setup_for(SetupPurpose::Test);
    let known = Memo::new(move |_| (page.endpoint.with(Option::is_some), actions::is_ours().get()));
    move || match known.get() {
        (false, _) => way(SetupText::SetUp, set_up).into_any(),
        (true, false) => way(SetupText::TestTitle, test).into_any(),
        (true, true) => view! {
            {way(SetupText::TestTitle, test)}
            {busy_way(SetupText::Change, set_up)}
            {busy_way(SetupText::Forget, actions::forget)}
        }
        .into_any(),
    }
}

//! Language, theme, and what the page knows of its server.

use leptos::html;
use leptos::prelude::*;
use pilotlight_engine::comfy::Transport;
use pilotlight_engine::config::Theme;
use pilotlight_engine::language::Language;
use pilotlight_engine::run::LongPoll;
use pilotlight_engine::text::Word;

use super::button::{Kind, button};
use super::{modal, pill, word};
use crate::app::{Dialog, Intent, Page};

const THEMES: [(Theme, Word); 3] = [
    (Theme::Auto, Word::SystemTheme),
    (Theme::Light, Word::LightTheme),
    (Theme::Dark, Word::DarkTheme),
];

pub(super) fn settings(page: Page) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let open = move || page.dialog.get() == Some(Dialog::Settings);
    modal::follow(node, open);
    view! {
        <dialog
            class="dialog"
            aria-labelledby="settings-title"
            node_ref=node
            on:close=move |_| modal::closed(page, untrack(open))
        >
            <div class="dialog-head">
                <h2 class="dialog-title" id="settings-title">{word(page, Word::Settings)}</h2>
                {button(page, Kind::Icon, "#close", Word::Close, move || {
                    page.act(Intent::CloseDialog);
                })}
            </div>
            <div class="dialog-body">
                {languages(page)}
                <fieldset class="dialog-part">
                    <legend>{word(page, Word::Theme)}</legend>
                    <div class="choices">
                        {THEMES.map(|(theme, name)| radio(
                            "theme",
                            "",
                            word(page, name),
                            Box::new(move || page.theme.get() == theme),
                            Box::new(move || page.act(Intent::SetTheme(theme))),
                        )).collect_view()}
                    </div>
                </fieldset>
                <section class="dialog-part">
                    <h3 class="dialog-legend">{word(page, Word::Server)}</h3>
                    <dl class="facts">{move || server(page)}</dl>
                    <p class="dialog-hint">{word(page, Word::SetInConfig)}</p>
                </section>
            </div>
        </dialog>
    }
    .into_any()
}

fn languages(page: Page) -> Option<AnyView> {
    let languages = page.config.with_value(|config| config.languages.clone());
    let choices = |language: Language| {
        let (tag, name) = match language {
            Language::English => ("en", "English"),
            Language::Chinese => ("zh-CN", "中文"),
        };
        radio(
            "language",
            tag,
            move || name,
            Box::new(move || page.language.get() == language),
            Box::new(move || page.act(Intent::SetLanguage(language))),
        )
    };
    (languages.len() > 1).then(|| {
        let choices: Vec<_> = languages.into_iter().map(choices).collect();
        view! {
            <fieldset class="dialog-part">
                <legend>{word(page, Word::Language)}</legend>
                <div class="choices">{choices}</div>
            </fieldset>
        }
        .into_any()
    })
}

fn radio(
    group: &'static str,
    lang: &'static str,
    name: impl Fn() -> &'static str + Send + 'static,
    chosen: Box<dyn Fn() -> bool + Send + Sync>,
    choose: Box<dyn Fn()>,
) -> AnyView {
    let chosen = Memo::new(move |_| chosen());
    view! {
        <label class="choice" lang=(!lang.is_empty()).then_some(lang)>
            <input
                type="radio"
                name=group
                autofocus=move || group == "language" && chosen.get()
                prop:checked=chosen
                on:change=move |_| choose()
            />
            {name}
        </label>
    }
    .into_any()
}

fn server(page: Page) -> Vec<Option<AnyView>> {
    let fact = |name, value: Word| pill::fact(page, name, Some(page.word(value).to_owned()));
    let address = page.endpoint.with_value(|endpoint| Some(endpoint.as_ref()?.base().to_owned()));
    let model = pill::model(page).unwrap_or_else(|| page.word(Word::PlainComfy).to_owned());
    let transport = match page.config.with_value(|config| config.transport) {
        Transport::Relay => Word::RelayTransport,
        Transport::Direct => Word::DirectTransport,
    };
    let long_poll = match page.server.with(|server| server.long_poll) {
        LongPoll::Unknown => Word::LongPollUnknown,
        LongPoll::There => Word::LongPollThere,
        LongPoll::Absent => Word::NoLongPoll,
    };
    let [device, version] = pill::told(page);
    vec![
        pill::fact(page, Word::Endpoint, address),
        pill::fact(page, Word::Model, Some(model)),
        fact(Word::Transport, transport),
        device,
        version,
        fact(Word::LongPoll, long_poll),
    ]
}

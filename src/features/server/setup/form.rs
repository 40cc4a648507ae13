//! The form for a server.

use crate::components::Choice;
use crate::events::is_composing;
use leptos::prelude::*;
use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{SettingsText, SetupText};
use pilotlight_runs::setup::{SetupField, Typed, Where};

use crate::features::server::keep_awake;
use crate::features::server::panel::Fact;
use crate::features::server::setup::actions;
use crate::features::server::setup::actions::{Setting, field_id};
use crate::features::server::setup::common::{is_on, is_well, say, transport_word};

const WAYS: [(Option<Transport>, &str); 3] =
    [(None, "find"), (Some(Transport::Relay), "relay"), (Some(Transport::Direct), "direct")];

/// The form; after a successful test a summary instead, so that the button to use it is in view.
#[component]
pub fn Typing(setting: Setting) -> impl IntoView {
    let is_well = Memo::new(move |_| is_well(setting));
    let inside = move || match is_well.get() {
        false => view! { <Form setting/> }.into_any(),
        true => view! {
            <Tested setting/>
            <Change setting/>
        }
        .into_any(),
    };
    view! { <div class="setup-form">{inside}</div> }
}

/// The summary of the tested server.
#[component]
fn Tested(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let named = move |text: SettingsText| Signal::derive(move || page.word(text).to_owned());
    let endpoint =
        Memo::new(move |_| setting.test.with(|test| test.target().map(|it| it.endpoint.clone())));
    let address = move || endpoint.with(|it| it.as_ref().map(|it| it.base().to_owned()));
    let model = move || {
        let plain = || page.word(SettingsText::PlainComfyui).to_owned();
        let model = |it: &Endpoint| it.model().map_or_else(plain, str::to_owned);
        endpoint.with(|it| it.as_ref().map(model))
    };
    view! {
        <dl class="facts">
            <Fact name=named(SettingsText::Address) value=Signal::derive(address)/>
            <Fact name=named(SettingsText::Model) value=Signal::derive(model)/>
        </dl>
    }
}

#[component]
fn Change(setting: Setting) -> impl IntoView {
    let change = move |_| {
        actions::edit(setting, |_| {});
        keep_awake::focus(field_id(SetupField::Model));
    };
    view! {
        <div class="setup-ways">
            <button class="button" type="button" data-kind="quiet" on:click=change>
                {say(setting, SetupText::Change)}
            </button>
        </div>
    }
}

/// The form for a server.
#[component]
fn Form(setting: Setting) -> impl IntoView {
    let intro = (!actions::is_ours().get_untracked())
        .then(|| view! { <p>{say(setting, SetupText::Intro)}</p> }.into_any());
    let is_alaya = Memo::new(move |_| setting.typed.with(|typed| typed.place == Where::Alaya));
    let fields = move || match is_alaya.get() {
        false => view! { <TextField setting field=SetupField::Address/> }.into_any(),
        true => view! {
            <TextField setting field=SetupField::Namespace/>
            <TextField setting field=SetupField::Vks/>
        }
        .into_any(),
    };
    view! {
        {intro}
        <fieldset class="dialog-part">
            <legend class="unseen">{say(setting, SetupText::Where)}</legend>
            <div class="choices">
                <Place setting place=Where::Address name=SetupText::AnyAddress/>
                <Place setting place=Where::Alaya name=SetupText::Alaya/>
            </div>
        </fieldset>
        <div class="setup-fields">{fields}</div>
        <div class="setup-fields">
            <TextField setting field=SetupField::Model/>
            <TransportChoice setting/>
        </div>
    }
}

/// A choice of how the server is specified.
#[component]
fn Place(setting: Setting, place: Where, name: SetupText<'static>) -> impl IntoView {
    view! {
        <Choice
            name="setup-where"
            is_chosen=Signal::derive(move || setting.typed.with(|typed| typed.place == place))
            on_choose=move || actions::edit(setting, |typed| typed.place = place)
        >
            {say(setting, name)}
        </Choice>
    }
}

fn place_of(typed: &mut Typed, field: SetupField) -> &mut String {
    match field {
        SetupField::Address => &mut typed.address,
        SetupField::Namespace => &mut typed.namespace,
        SetupField::Vks => &mut typed.vks,
        SetupField::Model => &mut typed.model,
    }
}

#[component]
fn TextField(setting: Setting, field: SetupField) -> impl IntoView {
    let (name, hint) = match field {
        SetupField::Address => (SetupText::Address, Some(SetupText::AddressHint)),
        SetupField::Namespace => (SetupText::Namespace, None),
        SetupField::Vks => (SetupText::VksId, None),
        SetupField::Model => (SetupText::Model, Some(SetupText::ModelHint)),
    };
    let (keyboard, placeholder) = match field {
        SetupField::Address => (Some("url"), Some("https://…/openai")),
        SetupField::Model => (None, Some("serverless-comfyui")),
        SetupField::Namespace | SetupField::Vks => (None, None),
    };
    let id = field_id(field);
    let note_id = [id, "-note"].concat();
    let wrong = Memo::new(move |_| {
        let found = setting.wrong.with(|all| all.iter().find(|(at, _)| *at == field).copied());
        found.map(|(_, trouble)| {
            present::setup_trouble(trouble).say(setting.page.language.get()).to_owned()
        })
    });
    let value = move || setting.typed.with(|typed| place_of(&mut typed.clone(), field).clone());
    let said = move || {
        let wrong =
            wrong.get().map(|wrong| view! { <p class="setup-wrong">{wrong}</p> }.into_any());
        wrong.into_any()
    };
    let hint = move || {
        let hint = hint.filter(|_| wrong.with(Option::is_none));
        let hint =
            hint.map(|hint| view! { <p class="dialog-hint">{say(setting, hint)}</p> }.into_any());
        hint.into_any()
    };
    view! {
        <div class="setup-field">
            <label class="field-label" for=id>
                {say(setting, name)}
            </label>
            <input
                class="box"
                id=id
                aria-describedby=note_id.clone()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                inputmode=keyboard
                placeholder=placeholder
                autofocus=field == SetupField::Address
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=value
                on:input:target=move |event| {
                    let value = event.target().value();
                    actions::edit(setting, |typed| *place_of(typed, field) = value);
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !is_composing(&event) && !untrack(|| is_on(setting)) {
                        event.prevent_default();
                        actions::press(setting);
                    }
                }
            />
            <div class="setup-note" id=note_id>
                {said}
                {hint}
            </div>
        </div>
    }
}

/// The select for the transport.
#[component]
fn TransportChoice(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let option = |(transport, value): (Option<Transport>, &'static str)| {
        let is_chosen = move || setting.typed.with(|typed| typed.transport == transport);
        let name = move || match transport {
            None => SetupText::Detect.say(page.language.get()),
            Some(transport) => page.word(transport_word(transport)).to_owned(),
        };
        view! { <option value=value prop:selected=is_chosen>{name}</option> }.into_any()
    };
    let choose = move |value: String| {
        if let Some((transport, _)) = WAYS.iter().find(|(_, name)| *name == value) {
            actions::edit(setting, |typed| typed.transport = *transport);
        }
    };
    view! {
        <div class="setup-field">
            <label class="field-label" for="setup-way">
                {say(setting, SetupText::Connection)}
            </label>
            <select
                class="box"
                id="setup-way"
                on:change:target=move |event| choose(event.target().value())
            >
                {WAYS.map(option).into_iter().collect_view()}
            </select>
        </div>
    }
}

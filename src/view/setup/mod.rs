//! Where the server is, and the test of the way to it. Invariant: it says what a test costs before
//! one begins, and names what is broken where it is broken.

mod found;

use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_i18n::present::{self, LinkLine};
use pilotlight_i18n::text::{SettingsText, SetupText, TestText};
use pilotlight_runs::chain::{Chain, End};
use pilotlight_runs::setup::{SetupField, Typed, Where};

use self::found::Found;
use super::panel::{self, Fact};
use crate::app::SetupPurpose;
use crate::components::{DialogFrame, DialogHead, Icon};
use crate::dom::{self, Heard};
use crate::later::setup::{self, Setting, field_id};
use crate::later::warming;
use leptos::prelude::*;

/// Only who opens it needs it.
const STYLE: &str = include_str!("../../../style/setup.css");

const WAYS: [(Option<Transport>, &str); 3] =
    [(None, "find"), (Some(Transport::Relay), "relay"), (Some(Transport::Direct), "direct")];

fn say(
    setting: Setting,
    text: SetupText<'static>,
) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || text.say(setting.page.language.get())
}

/// The dialog, which is in the document only while it is open.
#[component]
pub(super) fn SetupDialog(setting: Setting) -> impl IntoView {
    let title = match setting.purpose {
        SetupPurpose::SetUp => SetupText::Title,
        SetupPurpose::Test => SetupText::TestTitle,
    };
    let what = match setting.purpose {
        SetupPurpose::SetUp => view! { <Typing setting/> }.into_any(),
        SetupPurpose::Test => view! { <Server setting/> }.into_any(),
    };
    dom::wear(STYLE);
    view! {
        <DialogFrame class="dialog" title_id="setup" closes_beside=false on_close=setup::leave>
            <DialogHead
                page=setting.page
                title_id="setup"
                title=Signal::derive(say(setting, title))
                on_close=setup::leave
            />
            <div class="dialog-body setup-body">
                {what}
                <Test setting/>
                <Foot setting/>
            </div>
        </DialogFrame>
    }
}

fn is_well(setting: Setting) -> bool {
    setting.chain.with(|chain| matches!(chain.ended(), Some(End::Well(_))))
}

/// Once it is known to work there is nothing left to fill in, and the way on is in view.
#[component]
fn Typing(setting: Setting) -> impl IntoView {
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

/// What was typed and works.
#[component]
fn Tested(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let named = move |text: SettingsText| Signal::derive(move || page.word(text).to_owned());
    let endpoint = Memo::new(move |_| {
        setting.chain.with(|chain| chain.target().map(|it| it.endpoint.clone()))
    });
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
        setup::edit(setting, |_| {});
        warming::focus(field_id(SetupField::Model));
    };
    view! {
        <div class="setup-ways">
            <button class="button" type="button" data-kind="quiet" on:click=change>
                {say(setting, SetupText::Change)}
            </button>
        </div>
    }
}

/// The server that the page has.
#[component]
fn Server(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let named = move |text: SettingsText| Signal::derive(move || page.word(text).to_owned());
    let address = move || page.endpoint.get().map(|endpoint| endpoint.base().to_owned());
    let model = move || {
        let plain = || page.word(SettingsText::PlainComfyui).to_owned();
        Some(panel::model(page).unwrap_or_else(plain))
    };
    let transport = move || {
        let transport = page.endpoint.get().map(Endpoint::transport)?;
        Some(page.word(transport_word(transport)).to_owned())
    };
    view! {
        <dl class="facts">
            <Fact name=named(SettingsText::Address) value=Signal::derive(address)/>
            <Fact name=named(SettingsText::Model) value=Signal::derive(model)/>
            <Fact name=named(SettingsText::Transport) value=Signal::derive(transport)/>
        </dl>
    }
}

fn transport_word(transport: Transport) -> SettingsText {
    match transport {
        Transport::Relay => SettingsText::Relay,
        Transport::Direct => SettingsText::Direct,
    }
}

/// What is typed of a server.
#[component]
fn Form(setting: Setting) -> impl IntoView {
    let intro = (!setup::is_ours().get_untracked())
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

/// One of the ways to say where the server is.
#[component]
fn Place(setting: Setting, place: Where, name: SetupText<'static>) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="radio"
                name="setup-where"
                prop:checked=move || setting.typed.with(|typed| typed.place == place)
                on:change=move |_| setup::edit(setting, |typed| typed.place = place)
            />
            {say(setting, name)}
        </label>
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
                    setup::edit(setting, |typed| *place_of(typed, field) = value);
                }
                on:keydown=move |event| {
                    let event = Heard::new(event.into());
                    if event.key() == "Enter" && !event.is_composing() && !untrack(|| is_on(setting)) {
                        event.prevent();
                        setup::press(setting);
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

/// By which transport.
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
            setup::edit(setting, |typed| typed.transport = *transport);
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

fn is_on(setting: Setting) -> bool {
    setting.chain.with(Chain::is_on)
}

/// The links of the way, and what was found.
#[component]
fn Test(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let lines = Memo::new(move |_| {
        let (now, language) = (setting.now.get(), page.language.get());
        setting.chain.with(|chain| match chain.target() {
            Some(_) => present::links(chain, now, language),
            None => Vec::new(),
        })
    });
    let count = Memo::new(move |_| lines.with(Vec::len));
    let steps = move || {
        let count = count.get();
        (count > 0).then(|| view! { <Steps lines count/> }.into_any()).into_any()
    };
    let hiccup =
        Memo::new(move |_| setting.chain.with(|it| present::chain_hiccup(it, page.language.get())));
    // Drawn anew only when it is another one, or said in the other language.
    let found =
        Memo::new(move |_| (setting.chain.with(|it| it.ended().cloned()), page.language.get()));
    let said = move || {
        let current = lines
            .with(|all| all.iter().find(|line| line.state == "now").map(|line| line.name.clone()));
        current.or_else(|| ending(setting)).unwrap_or_default()
    };
    view! {
        <div
            class="setup-test"
            hidden=move || setting.chain.with(|chain| chain.target().is_none())
        >
            <p class="unseen" role="status">
                {said}
            </p>
            {steps}
            {move || hint(hiccup.get())}
            {move || {
                let (end, _) = found.get();
                end.map(|end| view! { <Found setting end/> }.into_any()).into_any()
            }}
        </div>
    }
}

/// A line that is there while there is a text for it.
fn hint(text: Option<String>) -> AnyView {
    text.map(|text| view! { <p class="dialog-hint">{text}</p> }.into_any()).into_any()
}

/// How it ended, in a few words.
fn ending(setting: Setting) -> Option<String> {
    let language = setting.page.language.get();
    setting.chain.with(|chain| {
        Some(match chain.ended()? {
            End::Well(_) => TestText::AllWell.say(language),
            End::Broken(broken) => present::chain_finding(chain, broken, language).title,
            End::Stopped => SetupText::Stopped.say(language),
        })
    })
}

/// Made anew when links come or go; within the list only words and marks change.
#[component]
fn Steps(lines: Memo<Vec<LinkLine>>, count: usize) -> impl IntoView {
    let step = |at: usize| view! { <Step lines at/> }.into_any();
    view! { <ol class="steps">{(0..count).map(step).collect_view()}</ol> }
}

#[component]
fn Step(
    lines: Memo<Vec<LinkLine>>,
    /// Its place among the links.
    at: usize,
) -> impl IntoView {
    let state = Memo::new(move |_| lines.with(|all| all.get(at).map_or("", |line| line.state)));
    let name = move || lines.with(|all| all.get(at).map(|line| line.name.clone()));
    let time = move || lines.with(|all| all.get(at).map(|line| line.time.clone()));
    let mark = move || {
        let href = mark_icon(state.get());
        (!href.is_empty()).then(|| view! { <Icon href/> }.into_any()).into_any()
    };
    view! {
        <li
            class="step"
            data-state=move || state.get()
            aria-current=move || (state.get() == "now").then_some("step")
        >
            <span class="mark">{mark}</span>
            <span class="step-line">
                <span class="step-name">{move || name().unwrap_or_default()}</span>
                <span class="step-time">{move || time().unwrap_or_default()}</span>
            </span>
        </li>
    }
}

fn mark_icon(state: &str) -> &'static str {
    match state {
        "done" => "#check",
        "bad" => "#close",
        "off" => "#minus",
        _ => "",
    }
}

/// What can be done, and what it costs.
#[component]
fn Foot(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let is_ready = Memo::new(move |_| can_use(setting));
    let may_cost = move || setting.chain.with(|it| it.target().is_none()) && wakes(setting);
    let name = move || {
        let text = setting.chain.with(|chain| match (chain.is_on(), chain.target()) {
            (true, _) => SetupText::Stop,
            (false, Some(_)) => SetupText::TestAgain,
            (false, None) => SetupText::Test,
        });
        text.say(page.language.get())
    };
    let is_busy = Memo::new(move |_| setup::is_busy(page));
    let busy =
        move || (is_ready.get() && is_busy.get()).then(|| SetupText::Busy.say(page.language.get()));
    let cost = move || {
        let text = if may_cost() { SetupText::TestCosts } else { SetupText::TestFree };
        setting.chain.with(|it| it.target().is_none()).then(|| text.say(page.language.get()))
    };
    let use_this =
        move || is_ready.get().then(|| view! { <UseThis setting is_busy/> }.into_any()).into_any();
    view! {
        <div class="setup-foot">
            {move || hint(cost())}
            {move || hint(busy())}
            <div class="setup-ways">
                <button
                    class="button"
                    type="button"
                    id="setup-test"
                    autofocus=setting.purpose == SetupPurpose::Test
                    data-kind=move || (!is_ready.get() && !is_on(setting)).then_some("primary")
                    on:click=move |_| setup::press(setting)
                >
                    {name}
                </button>
                {use_this}
            </div>
        </div>
    }
}

/// Goes on with the server.
#[component]
fn UseThis(setting: Setting, is_busy: Memo<bool>) -> impl IntoView {
    let is_found = untrack(|| is_well(setting));
    view! {
        <button
            class="button"
            type="button"
            data-kind=is_found.then_some("primary")
            disabled=move || is_busy.get()
            on:click=move |_| setup::use_this(setting)
        >
            {say(setting, SetupText::Use)}
        </button>
    }
}

/// Whether a test may wake a GPU, as far as can be told from what is typed.
fn wakes(setting: Setting) -> bool {
    match setting.purpose {
        SetupPurpose::Test => setting.page.endpoint.get().is_some_and(|endpoint| {
            endpoint.model().is_some() || endpoint.base().ends_with("openai")
        }),
        SetupPurpose::SetUp => setting.typed.with(|typed| {
            typed.place == Where::Alaya
                || !typed.model.trim().is_empty()
                || typed.address.trim().is_empty()
                || typed.address.trim_end().trim_end_matches('/').ends_with("openai")
        }),
    }
}

/// Whether the page can go on with it: a test found how, or a person said how. A server of the
/// configuration needs no taking.
fn can_use(setting: Setting) -> bool {
    let found = setting.chain.with(|chain| match chain.ended() {
        Some(End::Well(well)) => Some(well.transport),
        Some(End::Broken(_) | End::Stopped) | None => None,
    });
    if is_on(setting) {
        return false;
    }
    match setting.purpose {
        SetupPurpose::SetUp => {
            found.is_some()
                || setting.typed.with(|typed| typed.transport.is_some() && typed.read().is_ok())
        }
        SetupPurpose::Test => {
            let has = setting.page.endpoint.get().map(Endpoint::transport);
            setup::is_ours().get() && found.is_some() && found != has
        }
    }
}

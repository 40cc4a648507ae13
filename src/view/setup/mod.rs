//! Where the server is, and the test of the way to it. Invariant: it says what a test costs before
//! one begins, and names what is broken where it is broken.

mod found;

use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_i18n::present::{self, LinkLine};
use pilotlight_i18n::text::{CommonText, SettingsText, SetupText, TestText};
use pilotlight_runs::chain::{Chain, End};
use pilotlight_runs::setup::{SetupField, Typed, Where};

use super::button::{bare, icon, icon_button};
use super::{panel, word};
use crate::app::SetupPurpose;
use crate::dom::{self, El, el};
use crate::later::setup::{self, END, Setting, field_id};
use crate::later::warming;
use crate::live::Live;

/// Only who opens it needs it.
const STYLE: &str = include_str!("../../../style/setup.css");

const WAYS: [(Option<Transport>, &str); 3] =
    [(None, "find"), (Some(Transport::Relay), "relay"), (Some(Transport::Direct), "direct")];

fn say(setting: Setting, text: SetupText<'static>) -> impl Fn() -> String + Copy + 'static {
    move || text.say(setting.page.language.get())
}

pub(super) fn setup(setting: Setting) -> El {
    let title = match setting.purpose {
        SetupPurpose::SetUp => SetupText::Title,
        SetupPurpose::Test => SetupText::TestTitle,
    };
    let head = el("div", "dialog-head")
        .put(el("h2", "dialog-title").set("id", "setup").says(say(setting, title)))
        .put(icon_button(setting.page, "#close", CommonText::Close, setup::leave));
    let what = match setting.purpose {
        // Once it is known to work there is nothing left to fill in, and the way on is in view.
        SetupPurpose::SetUp => vec![el("div", "setup-form").keyed(
            move || usize::from(is_well(setting)),
            move |is_well| match is_well {
                0 => form(setting),
                _ => vec![el("dl", "facts").remade(move || tested(setting)), change(setting)],
            },
        )],
        SetupPurpose::Test => vec![el("dl", "facts").remade(move || server(setting))],
    };
    let body =
        el("div", "dialog-body setup-body").put_all(what).put(test(setting)).put(foot(setting));
    dom::wear(STYLE);
    el("dialog", "dialog")
        .set("aria-labelledby", "setup")
        // After the browser has closed it, on Escape or by itself.
        .on("close", |_| setup::leave())
        .put(head)
        .put(body)
}

fn is_well(setting: Setting) -> bool {
    setting.chain.with(|chain| matches!(chain.ended(), Some(End::Well(_))))
}

/// What was typed and works.
fn tested(setting: Setting) -> Vec<El> {
    let page = setting.page;
    let endpoint = setting.chain.with(|chain| chain.target().map(|it| it.endpoint.clone()));
    let Some(endpoint) = endpoint else { return Vec::new() };
    let model = endpoint.model().unwrap_or(page.word(SettingsText::PlainComfyui)).to_owned();
    let address = Some(endpoint.base().to_owned());
    let rows = [
        panel::fact(page.word(SettingsText::Address), address),
        panel::fact(page.word(SettingsText::Model), Some(model)),
    ];
    rows.into_iter().flatten().collect()
}

fn change(setting: Setting) -> El {
    let change = bare(move || {
        setup::edit(setting, |_| {});
        warming::focus(field_id(SetupField::Model));
    });
    let change = change.set("data-kind", "quiet").says(say(setting, SetupText::Change));
    el("div", "setup-ways").put(change)
}

/// The server that the page has.
fn server(setting: Setting) -> Vec<El> {
    let page = setting.page;
    let address = page.endpoint.get().map(|endpoint| endpoint.base().to_owned());
    let model =
        panel::model(page).unwrap_or_else(|| page.word(SettingsText::PlainComfyui).to_owned());
    let transport = page.endpoint.get().map(Endpoint::transport).map(transport_word);
    let transport = transport.map(|name| page.word(name).to_owned());
    let rows = [
        panel::fact(page.word(SettingsText::Address), address),
        panel::fact(page.word(SettingsText::Model), Some(model)),
        panel::fact(page.word(SettingsText::Transport), transport),
    ];
    rows.into_iter().flatten().collect()
}

fn transport_word(transport: Transport) -> SettingsText {
    match transport {
        Transport::Relay => SettingsText::Relay,
        Transport::Direct => SettingsText::Direct,
    }
}

fn form(setting: Setting) -> Vec<El> {
    let wheres = [(Where::Address, SetupText::AnyAddress), (Where::Alaya, SetupText::Alaya)];
    let choices = wheres.map(|(place, name)| {
        let input = el("input", "")
            .set("type", "radio")
            .set("name", "setup-where")
            .flag("checked", move || setting.typed.with(|typed| typed.place == place))
            .on("change", move |_| setup::edit(setting, |typed| typed.place = place));
        el("label", "choice").put(input).says(say(setting, name))
    });
    let place = el("fieldset", "dialog-part")
        .put(el("legend", "unseen").says(say(setting, SetupText::Where)))
        .put(el("div", "choices").put_all(choices));
    let is_alaya = move || setting.typed.with(|typed| typed.place == Where::Alaya);
    let fields = el("div", "setup-fields").keyed(
        move || usize::from(is_alaya()),
        move |is_alaya| match is_alaya {
            0 => vec![field(setting, SetupField::Address)],
            _ => vec![field(setting, SetupField::Namespace), field(setting, SetupField::Vks)],
        },
    );
    let intro = setup::is_ours().now();
    let intro = (!intro).then(|| el("p", "").says(say(setting, SetupText::Intro)));
    let rest = el("div", "setup-fields").put(field(setting, SetupField::Model)).put(way(setting));
    intro.into_iter().chain([place, fields, rest]).collect()
}

fn place_of(typed: &mut Typed, field: SetupField) -> &mut String {
    match field {
        SetupField::Address => &mut typed.address,
        SetupField::Namespace => &mut typed.namespace,
        SetupField::Vks => &mut typed.vks,
        SetupField::Model => &mut typed.model,
    }
}

fn field(setting: Setting, field: SetupField) -> El {
    let (name, hint) = match field {
        SetupField::Address => (SetupText::Address, Some(SetupText::AddressHint)),
        SetupField::Namespace => (SetupText::Namespace, None),
        SetupField::Vks => (SetupText::VksId, None),
        SetupField::Model => (SetupText::Model, Some(SetupText::ModelHint)),
    };
    let id = field_id(field);
    let note_id = [id, "-note"].concat();
    let wrong = move || {
        let found = setting.wrong.with(|all| all.iter().find(|(at, _)| *at == field).copied());
        found.map(|(_, trouble)| {
            present::setup_trouble(trouble).say(setting.page.language.get()).to_owned()
        })
    };
    let value = move || setting.typed.with(|typed| place_of(&mut typed.clone(), field).clone());
    let input = el("input", "box")
        .set("id", id)
        .set("aria-describedby", &note_id)
        .set("autocomplete", "off")
        .set("autocapitalize", "off")
        .set("spellcheck", "false")
        .attr("aria-invalid", move || wrong().map(|_| "true".to_owned()))
        .value(value)
        .on("input", move |event| {
            setup::edit(setting, |typed| *place_of(typed, field) = event.value());
        })
        .on("keydown", move |event| {
            if event.key() == "Enter" && !event.is_composing() && !is_on(setting) {
                event.prevent();
                setup::press(setting);
            }
        });
    let input = match field {
        SetupField::Address => input
            .set("inputmode", "url")
            .set("placeholder", "https://…/openai")
            .set("autofocus", ""),
        SetupField::Model => input.set("placeholder", "serverless-comfyui"),
        SetupField::Namespace | SetupField::Vks => input,
    };
    let note = el("div", "setup-note").set("id", &note_id).line("p", "setup-wrong", wrong).line(
        "p",
        "dialog-hint",
        move || {
            hint.filter(|_| wrong().is_none()).map(|hint| hint.say(setting.page.language.get()))
        },
    );
    el("div", "setup-field")
        .put(el("label", "field-label").set("for", id).says(say(setting, name)))
        .put(input)
        .put(note)
}

/// By which transport.
fn way(setting: Setting) -> El {
    let options = WAYS.map(|(transport, value)| {
        let option = el("option", "").set("value", value);
        match transport {
            None => option.says(say(setting, SetupText::Detect)),
            Some(transport) => option.says(word(setting.page, transport_word(transport))),
        }
    });
    let chosen = move || {
        let transport = setting.typed.with(|typed| typed.transport);
        let found = WAYS.iter().find(|(one, _)| *one == transport);
        found.map_or("", |(_, value)| value).to_owned()
    };
    let select = el("select", "box").set("id", "setup-way").put_all(options).value(chosen).on(
        "change",
        move |event| {
            let value = event.value();
            if let Some((transport, _)) = WAYS.iter().find(|(_, name)| *name == value) {
                setup::edit(setting, |typed| typed.transport = *transport);
            }
        },
    );
    let label = el("label", "field-label")
        .set("for", "setup-way")
        .says(say(setting, SetupText::Connection));
    el("div", "setup-field").put(label).put(select)
}

fn is_on(setting: Setting) -> bool {
    setting.chain.with(Chain::is_on)
}

/// The links of the way, and what was found.
fn test(setting: Setting) -> El {
    let page = setting.page;
    let lines = Live::from(move || {
        let (now, language) = (setting.now.get(), page.language.get());
        setting.chain.with(|chain| match chain.target() {
            Some(_) => present::links(chain, now, language),
            None => Vec::new(),
        })
    });
    let hiccup = move || setting.chain.with(|it| present::chain_hiccup(it, page.language.get()));
    // Drawn anew only when it is another one, or said in the other language.
    let found =
        Live::from(move || (setting.chain.with(|it| it.ended().cloned()), page.language.get()));
    let said = move || {
        let current = lines
            .with(|all| all.iter().find(|line| line.state == "now").map(|line| line.name.clone()));
        current.or_else(|| ending(setting)).unwrap_or_default()
    };
    el("div", "setup-test")
        .flag("hidden", move || setting.chain.with(|chain| chain.target().is_none()))
        .put(el("p", "unseen").set("role", "status").says(said))
        .keyed(move || lines.with(Vec::len), move |count| steps(lines, count))
        .line("p", "dialog-hint", hiccup)
        .remade(move || {
            let (end, _) = found.get();
            leptos::prelude::untrack(|| end.map(|end| found::shown(setting, &end)))
        })
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
fn steps(lines: Live<Vec<LinkLine>>, count: usize) -> Option<El> {
    let step = |at: usize| {
        let of = move |read: fn(&LinkLine) -> String| {
            move || lines.with(|all| all.get(at).map(read)).unwrap_or_default()
        };
        let state = of(|line| line.state.to_owned());
        let mark = el("span", "mark").keyed(
            move || mark_icon(&state()).len(),
            move |_| {
                let href = mark_icon(&leptos::prelude::untrack(state));
                (!href.is_empty()).then(|| icon(href))
            },
        );
        let line = el("span", "step-line")
            .put(el("span", "step-name").says(of(|line| line.name.clone())))
            .put(el("span", "step-time").says(of(|line| line.time.clone())));
        el("li", "step")
            .attr("data-state", state)
            .attr("aria-current", move || (state() == "now").then(|| "step".to_owned()))
            .put(mark)
            .put(line)
    };
    (count > 0).then(|| el("ol", "steps").put_all((0..count).map(step)))
}

fn mark_icon(state: &str) -> &'static str {
    match state {
        "done" => "#check",
        "bad" => "#close",
        "off" => "#minus",
        _ => "",
    }
}

fn foot(setting: Setting) -> El {
    let page = setting.page;
    let is_ready = Live::from(move || can_use(setting));
    let may_cost = move || setting.chain.with(|it| it.target().is_none()) && wakes(setting);
    let name = move || {
        let text = setting.chain.with(|chain| match (chain.is_on(), chain.target()) {
            (true, _) => SetupText::Stop,
            (false, Some(_)) => SetupText::TestAgain,
            (false, None) => SetupText::Test,
        });
        text.say(page.language.get())
    };
    let test = bare(move || setup::press(setting))
        .set("id", "setup-test")
        .attr("data-kind", move || {
            (!is_ready.get() && !is_on(setting)).then(|| "primary".to_owned())
        })
        .says(name);
    let test = match setting.purpose {
        SetupPurpose::SetUp => test,
        SetupPurpose::Test => test.set("autofocus", ""),
    };
    let is_busy = move || setup::is_busy(page);
    let use_this = move || {
        is_ready.get().then(|| {
            let is_found = setting.chain.peek(|chain| matches!(chain.ended(), Some(End::Well(_))));
            let button = bare(move || setup::use_this(setting));
            let button = if is_found { button.set("data-kind", "primary") } else { button };
            button.flag("disabled", is_busy).says(say(setting, SetupText::Use))
        })
    };
    let busy =
        move || (is_ready.get() && is_busy()).then(|| SetupText::Busy.say(page.language.get()));
    let hint = move || {
        let text = if may_cost() { SetupText::TestCosts } else { SetupText::TestFree };
        setting.chain.with(|it| it.target().is_none()).then(|| text.say(page.language.get()))
    };
    el("div", "setup-foot")
        .line("p", "dialog-hint", hint)
        .line("p", "dialog-hint", busy)
        .put(el("div", "setup-ways").put(test).remade(use_this))
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

//! The progress of a connection test.

use leptos::prelude::*;
use pilotlight_i18n::present::{self, LinkLine};
use pilotlight_i18n::text::{SetupText, TestText};
use pilotlight_runs::connection_test::End;

use crate::components::Icon;
use crate::features::server::setup::actions::Setting;
use crate::features::server::setup::common::hint;
use crate::features::server::setup::found::Found;

/// The steps of the test, and its result.
#[component]
pub fn Test(setting: Setting) -> impl IntoView {
    let page = setting.page;
    let lines = Memo::new(move |_| {
        let (now, language) = (setting.now.get(), page.language.get());
        setting.test.with(|test| match test.target() {
            Some(_) => present::links(test, now, language),
            None => Vec::new(),
        })
    });
    let count = Memo::new(move |_| lines.with(Vec::len));
    let steps = move || {
        let count = count.get();
        (count > 0).then(|| view! { <Steps lines count/> }.into_any()).into_any()
    };
    let hiccup = Memo::new(move |_| {
        setting.test.with(|it| present::connection_hiccup(it, page.language.get()))
    });
    // A memo, so that the view is rebuilt only for another result or language.
    let found =
        Memo::new(move |_| (setting.test.with(|it| it.ended().cloned()), page.language.get()));
    let said = move || {
        let current = lines
            .with(|all| all.iter().find(|line| line.state == "now").map(|line| line.name.clone()));
        current.or_else(|| ending(setting)).unwrap_or_default()
    };
    view! {
        <div
            class="setup-test"
            hidden=move || setting.test.with(|test| test.target().is_none())
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

/// Returns the outcome of the test in a few words.
fn ending(setting: Setting) -> Option<String> {
    let language = setting.page.language.get();
    setting.test.with(|test| {
        Some(match test.ended()? {
            End::Well(_) => TestText::AllWell.say(language),
            End::Broken(broken) => present::connection_finding(test, broken, language).title,
            End::Stopped => SetupText::Stopped.say(language),
        })
    })
}

/// The list of steps, rebuilt only when their number changes; otherwise its texts are updated.
#[component]
fn Steps(lines: Memo<Vec<LinkLine>>, count: usize) -> impl IntoView {
    let step = |at: usize| view! { <Step lines at/> }.into_any();
    view! { <ol class="steps">{(0..count).map(step).collect_view()}</ol> }
}

#[component]
fn Step(
    lines: Memo<Vec<LinkLine>>,
    /// The index of the step.
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

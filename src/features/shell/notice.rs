//! Notices: messages that belong to no field and no run.

use leptos::ev;
use leptos::prelude::*;
use pilotlight_i18n::present;
use pilotlight_i18n::text::{CommonText, ConfigText};

use crate::app::{Notice as Known, Page};
use crate::browser;
use crate::command::{Dialog, DialogCommand, PageCommand, WorkflowCommand};
use crate::components::{Button, Icon, IconButton};

#[component]
pub fn Notices() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_offline = RwSignal::new(!browser::is_online());
    window_event_listener(ev::online, move |_| is_offline.set(false));
    window_event_listener(ev::offline, move |_| is_offline.set(true));
    view! {
        {move || is_offline.get().then(|| view! { <Offline/> })}
        {move || {
            let notices = page.notices.get().into_iter().enumerate();
            let notices = notices.filter(|(_, notice)| !(browser::is_framed() && is_for_operator(notice)));
            notices.map(|(at, notice)| view! { <Notice at notice/> }).collect_view()
        }}
    }
}

/// Says that there is no network; it goes when that is back.
#[component]
fn Offline() -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <div class="notice" data-kind="info" role="status">
            <Icon href="#info"/>
            <div class="notice-body">
                <p>{move || CommonText::Offline.say(page.language.get())}</p>
            </div>
        </div>
    }
}

/// Whether a notice is about the configuration.
fn is_for_operator(notice: &Known) -> bool {
    match notice {
        Known::Config(_) | Known::ConfigMissing | Known::Workflow { .. } => true,
        Known::StorageRefused
        | Known::Insecure(_)
        | Known::Kept(_)
        | Known::KeepAwake(_)
        | Known::Setup { .. }
        | Known::PartMissing
        | Known::Unopened(_)
        | Known::LeftOut(_)
        | Known::ClassesWanted(_)
        | Known::Embed(_) => false,
    }
}

/// Writes what there is to say about the configuration to the browser's console.
pub fn log(page: Page) {
    let notices = page.notices.get_untracked();
    for notice in notices.iter().filter(|notice| is_for_operator(notice)) {
        leptos::logging::warn!("{}", untrack(|| said(page, notice)));
    }
}

/// The notice that a bundle could not be loaded, which must be in the first bundle.
#[component]
pub fn PartMissing() -> impl IntoView {
    let page = expect_context::<Page>();
    move || {
        let at = page.notices.with(|all| all.iter().position(|one| *one == Known::PartMissing));
        let notice = at.map(|at| {
            view! {
                <NoticeBox
                    at
                    kind="error"
                    role="alert"
                    href="#alert"
                    said=Signal::derive(move || page.word(CommonText::PartMissing).to_owned())
                />
            }
            .into_any()
        });
        notice.into_any()
    }
}

/// The box of a notice, with a button that dismisses it.
#[component]
fn NoticeBox(
    /// The index of the notice.
    at: usize,
    kind: &'static str,
    role: &'static str,
    href: &'static str,
    said: Signal<String>,
    /// The button that helps, if there is one.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <div class="notice" data-kind=kind role=role>
            <Icon href/>
            <div class="notice-body">
                <p>{said}</p>
                {children.map(|children| children())}
            </div>
            <IconButton
                href="#close"
                name=CommonText::Dismiss
                on_press=move || page.send(PageCommand::DismissNotice(at))
            />
        </div>
    }
}

#[component]
fn Notice(
    /// The index of the notice.
    at: usize,
    notice: Known,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let (kind, role, href) = match &notice {
        Known::Config(_) | Known::ConfigMissing | Known::Embed(_) => {
            ("warning", "status", "#alert")
        }
        Known::Workflow { .. } | Known::PartMissing | Known::Unopened(_) => {
            ("error", "alert", "#alert")
        }
        Known::StorageRefused
        | Known::Insecure(_)
        | Known::Kept(_)
        | Known::KeepAwake(_)
        | Known::Setup { .. }
        | Known::LeftOut(_)
        | Known::ClassesWanted(_) => ("info", "status", "#info"),
    };
    let way = match &notice {
        Known::ClassesWanted(_) => {
            let ask = move || page.send(WorkflowCommand::LoadNodes);
            let word = move || page.word(CommonText::LoadNodes);
            Some(view! { <Button on_press=ask>{word}</Button> }.into_any())
        }
        Known::Setup { way: Some(way), .. } => {
            let way = way.clone();
            let word = move || way.get(page.language.get()).to_owned();
            let set_up = move || page.send(DialogCommand::Open(Dialog::Setup));
            Some(view! { <Button on_press=set_up>{word}</Button> }.into_any())
        }
        Known::Config(_)
        | Known::ConfigMissing
        | Known::Workflow { .. }
        | Known::StorageRefused
        | Known::Insecure(_)
        | Known::Kept(_)
        | Known::KeepAwake(_)
        | Known::Setup { way: None, .. }
        | Known::PartMissing
        | Known::Unopened(_)
        | Known::LeftOut(_)
        | Known::Embed(_) => None,
    };
    let said = Signal::derive(move || said(page, &notice));
    view! {
        <NoticeBox at kind role href said>
            {way}
        </NoticeBox>
    }
}

fn said(page: Page, notice: &Known) -> String {
    let config = |text: ConfigText| text.say(page.language.get());
    match notice {
        Known::Config(notice) => present::config_notice(notice, page.language.get()),
        Known::ConfigMissing => config(ConfigText::Missing),
        Known::Workflow { path, detail } => config(ConfigText::WorkflowUnreadable { path, detail }),
        Known::StorageRefused => config(ConfigText::StorageRefused),
        Known::PartMissing => page.word(CommonText::PartMissing).to_owned(),
        Known::Unopened(why)
        | Known::ClassesWanted(why)
        | Known::LeftOut(why)
        | Known::Insecure(why)
        | Known::Kept(why)
        | Known::KeepAwake(why)
        | Known::Embed(why)
        | Known::Setup { said: why, .. } => why.get(page.language.get()).to_owned(),
    }
}

//! How a run failed, the one thing to do about it, and the raw text to unfold.

use leptos::prelude::*;
use pilotlight_comfy::failure::Remedy;
use pilotlight_i18n::present::{Card, FailureView};
use pilotlight_i18n::text::{CommonText, RunText};

use crate::app::Page;
use crate::command::{Command, Dialog, DialogCommand, RunCommand};
use crate::components::{Button, Icon, IconButton};

#[component]
pub fn Failure(page: Page, number: u32, card: Memo<Card>) -> impl IntoView {
    // Drawn anew only when it is another one, or said in the other language.
    let failure = Memo::new(move |_| card.with(|card| card.failure.clone()));
    move || failure.get().map(|failure| view! { <Shown page number failure/> })
}

#[component]
fn Shown(page: Page, number: u32, failure: FailureView) -> impl IntoView {
    let FailureView { title, body, raw, remedy, remedy_name, .. } = failure;
    // Nobody answered for too long: asking again may help, knowing why helps more.
    let is_unheard = matches!(remedy, Remedy::TryAgain | Remedy::LookAgain);
    let test = is_unheard.then(|| {
        let open = move || page.send(DialogCommand::Open(Dialog::Setup));
        view! { <Button on_press=open>{move || page.word(RunText::TestConnection)}</Button> }
    });
    view! {
        <div class="failure">
            <h4 class="failure-title">{title}</h4>
            <p>{body}</p>
            <div class="failure-ways">
                <button
                    class="button"
                    type="button"
                    data-kind="primary"
                    on:click=move |_| page.send(RunCommand::Remedy(number, remedy))
                >
                    {remedy_name}
                </button>
                {test}
            </div>
            {(!raw.is_empty()).then(|| view! { <Details page raw/> })}
        </div>
    }
}

/// A raw text to unfold and to copy.
#[component]
pub fn Details(page: Page, raw: String) -> impl IntoView {
    let copied = raw.clone();
    let copy = move || page.send(Command::CopyText(copied.clone()));
    view! {
        <details class="details">
            <summary>
                <Icon href="#chevron"/>
                {move || page.word(CommonText::Details)}
            </summary>
            <div class="details-raw">
                <pre tabindex="0">{raw}</pre>
                <IconButton page href="#copy" name=RunText::Copy on_press=copy/>
            </div>
        </details>
    }
}

//! The failure of a run: its reason, the button that helps, the raw text.

use leptos::prelude::*;
use pilotlight_comfy::failure::Remedy;
use pilotlight_i18n::present::{Card, FailureView};
use pilotlight_i18n::text::{CommonText, RunText};

use crate::app::Page;
use crate::command::{Command, Dialog, DialogCommand, RunCommand};
use crate::components::{Button, Icon, IconButton};

#[component]
pub fn Failure(number: u32, card: Memo<Card>) -> impl IntoView {
    // A memo, so that the view is rebuilt only for another failure or language.
    let failure = Memo::new(move |_| card.with(|card| card.failure.clone()));
    move || failure.get().map(|failure| view! { <Shown number failure/> })
}

#[component]
fn Shown(number: u32, failure: FailureView) -> impl IntoView {
    let page = expect_context::<Page>();
    let FailureView { title, body, raw, remedy, remedy_name, .. } = failure;
    // If the server did not answer, the connection test is offered besides trying again.
    let is_unheard = matches!(remedy, Remedy::TryAgain | Remedy::LookAgain);
    let test = is_unheard.then(|| {
        let open = move || page.send(DialogCommand::Open(Dialog::Setup));
        view! { <Button on_press=open>{move || page.word(RunText::TestConnection)}</Button> }
    });
    view! {
        <div class="failure">
            <h3 class="failure-title">{title}</h3>
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
            {(!raw.is_empty()).then(|| view! { <Details raw/> })}
        </div>
    }
}

/// A raw text that can be unfolded and copied.
#[component]
pub fn Details(raw: String) -> impl IntoView {
    let page = expect_context::<Page>();
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
                <IconButton href="#copy" name=RunText::Copy on_press=copy/>
            </div>
        </details>
    }
}

//! The card of an image, and the cards of files that are missing or were deleted.

use leptos::prelude::*;
use pilotlight_i18n::text::{RunText, StorageText, clock};

use crate::app::{Output, Page};
use crate::command::{Dialog, DialogCommand, ResultCommand};
use crate::components::{Button, Icon};
use crate::features::results::actions::{Delete, TileActions};
use crate::features::results::marks::{MarkSigns, Marks};
use crate::features::results::{delete, drag};

#[component]
pub fn Picture(
    output: Output,
    /// The object URL of its bytes.
    url: String,
    /// Whether the server did not store it.
    is_preview: bool,
    marks: Marks,
) -> impl IntoView {
    let prompt = output.row.prompt.clone();
    let ran_ms = output.row.ran_ms;
    view! {
        <li class="picture">
            <MarkSigns marks/>
            <Opener output=output.clone() class="picture-open" url/>
            <div class="picture-actions" role="group" aria-label=prompt.clone()>
                <TileActions output/>
            </div>
            <p class="picture-note">
                {is_preview.then(|| view! { <Preview/> })}
                <span class="picture-prompt">{prompt}</span>
                <Time ran_ms class="picture-time"/>
            </p>
        </li>
    }
}

/// An image that opens the viewer when it is pressed.
#[component]
pub fn Opener(output: Output, class: &'static str, url: String) -> impl IntoView {
    let page = expect_context::<Page>();
    let id = output.id;
    let prompt = output.row.prompt.clone();
    let drag = move |event: leptos::ev::DragEvent| {
        drag::begin(output.clone(), &event);
    };
    view! {
        <button
            class=class
            type="button"
            on:click=move |_| page.send(DialogCommand::Open(Dialog::Viewer(id)))
        >
            <img alt=prompt src=url on:dragstart=drag/>
        </button>
    }
}

/// The duration of a run.
#[component]
pub fn Time(ran_ms: Option<u64>, class: &'static str) -> impl IntoView {
    let page = expect_context::<Page>();
    let time = move || ran_ms.map(|ms| clock(ms, page.language.get())).unwrap_or_default();
    view! { <span class=class>{time}</span> }
}

/// The note that the server did not store a file.
#[component]
pub fn Preview() -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <span class="preview" title=move || page.word(RunText::PreviewHint)>
            {move || page.word(RunText::Preview)}
        </span>
    }
}

/// The card of a file that the server no longer had.
#[component]
pub fn Gone(id: u32, marks: Marks) -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <li class="picture gone" data-state="lacking">
            <MarkSigns marks/>
            <div class="picture-gone">
                <Icon href="#alert"/>
                <span>{move || page.word(RunText::ResultGone)}</span>
                <Button on_press=move || page.send(ResultCommand::MakeAgain(id))>
                    {move || page.word(RunText::MakeAgain)}
                </Button>
                <Delete id/>
            </div>
        </li>
    }
}

/// The card of a deleted result, with the button that restores it.
#[component]
pub fn Removed(id: u32, marks: Marks) -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <li class="picture gone">
            <MarkSigns marks/>
            <div class="picture-gone">
                <Icon href="#delete"/>
                <span>{move || StorageText::Deleted.say(page.language.get())}</span>
                <Button
                    id=delete::undo_id(id)
                    on_press=move || page.send(ResultCommand::Restore(id))
                >
                    {move || StorageText::Undo.say(page.language.get())}
                </Button>
            </div>
        </li>
    }
}

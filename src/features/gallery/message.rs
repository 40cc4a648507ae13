//! Messages of the gallery: the current task, its outcome, and the button that undoes a deletion.

use leptos::prelude::*;
use pilotlight_i18n::text::{CountedText, GalleryText};

use crate::app::Page;
use crate::components::QuietButton;
use crate::features::gallery::actions;
use crate::features::gallery::actions::{Deleted, Work};

#[component]
pub fn Message() -> impl IntoView {
    let page = expect_context::<Page>();
    let line =
        move || message(page).map(|message| view! { <p>{message}</p> }.into_any()).into_any();
    view! {
        <div class="gallery-message" role="status">
            {line}
            <Undo/>
        </div>
    }
}

fn message(page: Page) -> Option<String> {
    let language = page.language.get();
    match actions::work().get() {
        Work::Writing { done, of } => {
            return Some(CountedText::Written { done, total: of }.say(language));
        }
        Work::Reading => return Some(GalleryText::Importing.say(language).to_owned()),
        Work::Nothing | Work::Loading => {}
    }
    actions::outcome().get().map(|outcome| match outcome {
        actions::TaskOutcome::Imported(counted) => counted.say(language),
        actions::TaskOutcome::Refused => GalleryText::Refused.say(language).to_owned(),
        actions::TaskOutcome::TooLarge => GalleryText::ExportTooLarge.say(language).to_owned(),
        actions::TaskOutcome::Failed => GalleryText::ExportFailed.say(language).to_owned(),
    })
}

/// The message that results were deleted, with the button that restores them.
#[component]
pub fn Undo() -> impl IntoView {
    let page = expect_context::<Page>();
    let undo = move || match actions::deleted().get() {
        Deleted::Nothing => ().into_any(),
        Deleted::Some(count) => {
            let message = move || CountedText::Deleted { count }.say(page.language.get());
            view! {
                <span>{message}</span>
                <QuietButton
                    name=GalleryText::Undo
                    on_press=move || actions::undo(page)
                />
            }
            .into_any()
        }
    };
    view! { <div class="gallery-undo">{undo}</div> }
}
